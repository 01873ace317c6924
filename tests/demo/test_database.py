"""The sample overwrites itself and nobody else's data."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bihuan.demo import database

CODE = "import django; django.setup(); from bihuan.demo import database; database.make_room()"


def make_room(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "BIHUAN_DATA": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
    }
    return subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, env=env)


def somebodys(folder: Path) -> Path:
    path = folder / "bihuan.sqlite3"
    with sqlite3.connect(path) as own:
        own.execute("CREATE TABLE areas_area (code TEXT)")
        own.execute("INSERT INTO areas_area VALUES ('410802')")
    own.close()
    return path


def test_somebodys_database_is_not_overwritten(tmp_path: Path) -> None:
    path = somebodys(tmp_path)
    done = make_room(tmp_path)
    assert done.returncode != 0
    assert "样例不会覆盖" in done.stderr
    assert path.exists()


def test_the_samples_own_database_is_made_anew(tmp_path: Path) -> None:
    path = somebodys(tmp_path)
    with sqlite3.connect(path) as own:
        own.execute(f"PRAGMA application_id = {database.SQLITE_MARK}")
    own.close()
    assert make_room(tmp_path).returncode == 0
    assert not path.exists()


def test_a_database_in_use_is_left_alone(tmp_path: Path) -> None:
    path = somebodys(tmp_path)
    with sqlite3.connect(path) as server:
        server.execute(f"PRAGMA application_id = {database.SQLITE_MARK}")
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("SELECT * FROM areas_area").fetchall()
        done = make_room(tmp_path)
        assert done.returncode != 0
        assert "另一个程序正在使用" in done.stderr
        assert path.exists()
    server.close()


@pytest.mark.django_db
def test_the_mark_stands_in_the_database_itself() -> None:
    database.mark()
    assert database.is_marked()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA application_id = 0")
        else:
            cursor.execute("COMMENT ON SCHEMA public IS NULL")
    assert not database.is_marked()
