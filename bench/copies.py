"""Copies of the measured database, one for each scale, so that all scales are timed close together."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


def _place(name: str) -> str:
    """Return the file (SQLite) or the database's name (PostgreSQL) of a copy."""
    original = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite":
        return str(Path(original).with_name(f"copy-{name}.sqlite3"))
    return f"copy_{name}"


def keep(name: str) -> None:
    """Copy the database as it is now."""
    connection.close()
    original = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite":
        with sqlite3.connect(original) as source, sqlite3.connect(_place(name)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
        return
    import psycopg

    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/template1"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{_place(name)}" TEMPLATE "{original}"')


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let this process and the servers it starts use a copy."""
    address, original = os.environ.get("DATABASE_URL", ""), connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = _place(name)
    base = address.rsplit("/", 1)[0] if address else "sqlite://"
    os.environ["DATABASE_URL"] = f"{base}/{_place(name)}"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        os.environ["DATABASE_URL"] = address
