"""The command line: ``bihuan COMMAND``. Each module here adds its commands to the group."""

from __future__ import annotations

import importlib
import os
import pkgutil

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """闭环 Bihuan: record once, close the loop, derive the rest."""


def main() -> None:
    """Run the command line with Django set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    import django

    django.setup()
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    cli()
