"""What a PDF holds, as data: its fonts, its links, its outline, its words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject


def opened(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    """All words of all pages."""
    return "\n".join(page.extract_text() for page in opened(pdf).pages)


def dictionaries(pdf: bytes) -> Iterator[DictionaryObject]:
    """Every object of the file that is a dictionary, figures' own included."""
    reader = opened(pdf)
    for number in sorted({n for table in reader.xref.values() for n in table} | set(reader.xref_objStm)):
        found: Any = reader.get_object(number)
        if isinstance(found, DictionaryObject):
            yield found


def font_faults(pdf: bytes) -> list[str]:
    """Fonts that are bitmaps or programs (Type 3), or that are not in the file."""
    faults = []
    for found in dictionaries(pdf):
        kind, name = found.get("/Subtype"), str(found.get("/BaseFont", "a font"))
        if found.get("/Type") == "/Font" and kind == "/Type3":
            faults.append(f"{name} is a Type 3 font")
        if found.get("/Type") == "/FontDescriptor" and not any(k.startswith("/FontFile") for k in found):
            faults.append(f"{found['/FontName']} is not embedded")
    return faults
