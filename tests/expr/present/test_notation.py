"""The table of notations is all that anyone knows of them: the reader, the command line and the printers follow it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from solgen.cli.app import app
from solgen.expr.nodes import Adj, Var
from solgen.expr.present.notation import GRADIENTS
from solgen.expr.size import Size
from solgen.model.problem import Notation
from solgen.reader.keys import json_schema
from solgen.render.printer import Printer

GRADIENT = Adj(Var("L", ()), Var("W", (Size.of("m"), Size.of("n"))))


def test_a_notation_is_what_the_schema_offers() -> None:
    alone, in_full = json_schema()["properties"]["notation"]["anyOf"]
    assert alone["enum"] == in_full["properties"]["gradient"]["enum"] == list(GRADIENTS)


def test_no_two_notations_write_a_gradient_alike() -> None:
    assert len({Printer(notation=Notation(name)).expr(GRADIENT) for name in GRADIENTS}) == len(GRADIENTS)


def test_an_unknown_notation_is_no_notation() -> None:
    with pytest.raises(ValueError, match="no notation is called 'dots': partial, nabla, bar, delta"):
        Notation("dots")


@pytest.mark.parametrize("command", ["build", "watch", "show"])
def test_the_command_line_offers_them_and_no_other(command: str) -> None:
    refused = CliRunner().invoke(app, [command, "p.yaml", "--notation", "dots"], env={"COLUMNS": "200"})
    assert refused.exit_code == 2
    assert f"'dots' is not one of {', '.join(map(repr, GRADIENTS))}" in refused.output
