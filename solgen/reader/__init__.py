"""From the text of a problem file to a Problem, or to every mistake in it at once."""

from solgen.reader.inline import ask_derivatives, parse_model
from solgen.reader.keys import json_schema
from solgen.reader.sets import read

__all__ = ["ask_derivatives", "json_schema", "parse_model", "read"]
