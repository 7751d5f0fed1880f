"""Problem files as tests of pytest, off unless asked for with `--solgen`, or `solgen = true` in the configuration.

Installed with the package, so every run of pytest loads this page, and with it nothing else of the house: what
collects problems is `solgen.cli.pytest_items`, loaded when it is asked for.
"""

from __future__ import annotations

import pytest

HELP = "collect problem files as tests, one a part: every equality is verified"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the line of the configuration."""
    parser.getgroup("solgen").addoption("--solgen", action="store_true", default=False, help=HELP)
    parser.addini("solgen", HELP, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Load what collects problems, if it is asked for."""
    if config.getoption("--solgen") or config.getini("solgen"):
        config.pluginmanager.import_plugin("solgen.cli.pytest_items")
