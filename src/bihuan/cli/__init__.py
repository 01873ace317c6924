"""The command line: ``bihuan COMMAND``. Each module here adds its commands to the group."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

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
    from django.db import DatabaseError

    try:
        cli()
    except DatabaseError:
        if has_tables():
            raise
        click.echo(
            "数据库还没有建表：先运行一次 bihuan serve。The database has no tables yet: run `bihuan serve` once.",
            err=True,
        )
        sys.exit(1)


def has_tables() -> bool:
    """Say whether the database was ever brought to a version of the program; True where it does not answer."""
    from django.db import DatabaseError, connection

    try:
        return "kernel_entry" in connection.introspection.table_names()
    except DatabaseError:
        return True  # what is wrong is something else
