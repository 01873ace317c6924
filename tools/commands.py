"""Writes docs/commands.md from the command line itself: ``python -m tools.commands > docs/commands.md``."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator

import click

HEAD = """\
# Commands · 命令

Made by `python -m tools.commands > docs/commands.md`; do not edit by hand. After `make run`, `bihuan`
stands in `.venv/bin/`; it reads the [environment](deploy.md#the-environment). Every command takes `--help`. Errors say
where, why and how to mend, and the exit status is 1.
"""


def text() -> str:
    """Return the page."""
    import bihuan.cli

    for module in pkgutil.iter_modules(bihuan.cli.__path__):
        importlib.import_module(f"bihuan.cli.{module.name}")
    return HEAD + "".join(_lines(bihuan.cli.cli, "bihuan"))


def _lines(group: click.Group, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from _lines(command, f"{path} {name}")
            continue
        arguments = [param for param in command.params if isinstance(param, click.Argument)]
        shown = " ".join([f"{path} {name}", *(argument.make_metavar(click.Context(command)) for argument in arguments)])
        yield f"\n## `{shown}`\n{' '.join((command.help or '').split())}\n"
        options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
        if options:
            yield "\n| option | |\n|---|---|\n"
        for option in options:
            value = "" if option.is_flag else f" {option.make_metavar(click.Context(command))}"
            default = f" (`{option.default}`)" if option.show_default and not option.is_flag else ""
            yield f"| `{option.opts[-1]}{value}` | {option.help or ''}{default} |\n"


def main() -> None:
    """Print the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    import django

    django.setup()
    sys.stdout.write(text())


if __name__ == "__main__":
    main()
