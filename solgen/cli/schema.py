"""`solgen schema`: the JSON Schema of a problem file."""

from __future__ import annotations

import json

from solgen.cli.reporting import reporting, write_out

EXAMPLES = ("solgen schema > problem.schema.json",)


def schema() -> None:
    """Print the JSON Schema of a problem file, for editors."""
    with reporting():
        from solgen.reader.keys import json_schema

        write_out(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
