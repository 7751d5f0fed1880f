"""One pass over a text that a person typed: what is open, which arguments are due, what was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from solgen.written.prose.faults import ProseFault

BALANCE = "balance braces, dollars and environments; a literal dollar is \\$"
DEEPEST, MOST_FAULTS = 60, 20


@dataclass(frozen=True, slots=True)
class Opened:
    """Something open: how it was opened and where, what its inside is, and which command it is an argument of."""

    opening: str
    at: int
    math: bool
    name: str = ""  # of an environment
    argument_of: str = ""
    left: int = 0  # arguments that this command still takes after this one
    command_at: int = 0  # where this command stands
    begun: bool = False  # a list has had its first item, or a table its first cell


@dataclass(slots=True)
class Pass:
    """One pass over one text."""

    text: str
    known: frozenset[str]
    plain: bool = False  # whether only what one symbol needs is allowed
    macro: bool = False  # whether the text is set as the argument of a command, which cannot hold \verb
    stack: list[Opened] = field(default_factory=list)
    faults: list[ProseFault] = field(default_factory=list)
    due: tuple[str, int, int] = ("", 0, 0)  # a command whose arguments are due: its name, how many, its place
    scripts: list[str] = field(default_factory=lambda: [""])  # for each open group, those that its last symbol has
    before: str = ""  # the token before this one that is not a space
    at: int = 0

    @property
    def math(self) -> bool:
        return bool(self.stack) and self.stack[-1].math

    def fault(self, message: str, start: int, end: int, hint: str = "") -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(ProseFault(message, start, end, hint))

    def open(self, opening: str, at: int, math: bool, name: str = "") -> None:
        """Opens a group; the deepest are refused."""
        command, count, start = self.due
        self.due = ("", 0, 0)
        self.stack.append(Opened(opening, at, math, name, command, max(count - 1, 0), start))
        if len(self.stack) == DEEPEST:
            self.fault(f"more than {DEEPEST} groups within each other", at, at + len(opening), "write it flatter")
            self.give_up()

    def close(self, opening: str, token: str, at: int) -> None:
        """Closes what was opened so; what an argument still lacks is due again."""
        self.refuse_missing_argument(at)
        if self.stack and self.stack[-1].opening == opening:
            closed = self.stack.pop()
            if closed.left:
                self.due = (closed.argument_of, closed.left, closed.command_at)
            return
        if not self.stack or self.stack[-1].opening == "":
            self.fault(f"`{token}` closes nothing", at, at + len(token), BALANCE)
        else:
            self.fault(f"`{token}` stands inside `{self.stack[-1].opening}`", at, at + len(token), BALANCE)
        self.give_up()

    def give_up(self) -> None:
        """Ends the pass: after a group that does not match, nothing is certain of what follows."""
        self.at = len(self.text)
        self.stack.clear()

    def take(self) -> None:
        """A single token has been the argument that was due."""
        command, count, at = self.due
        self.due = (command, count - 1, at) if count > 1 else ("", 0, 0)

    def refuse_missing_argument(self, at: int) -> None:
        command, count, start = self.due
        if command:
            wants = "an argument" if count == 1 else f"{count} arguments"
            self.fault(f"`{command}` lacks {wants}", start, max(at, start + 1), f"write {command}{{…}}")
            self.due = ("", 0, 0)
