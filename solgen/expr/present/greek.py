"""The name of a Greek letter that was typed as itself, as Unicode has it: `alpha` for α, `Gamma` for Γ."""

from __future__ import annotations

import unicodedata


def greek_name(letter: str) -> str:
    """The letter's name in TeX's spelling, capitalised for a capital; nothing for any other character."""
    words = unicodedata.name(letter, "").split() if ord(letter) > 0x36F else []
    if words[:1] != ["GREEK"] or words[-2:-1] != ["LETTER"]:
        return ""
    name = words[-1].lower().replace("lamda", "lambda")
    return name.capitalize() if "CAPITAL" in words else name
