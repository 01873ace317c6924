"""Reads the settings that come from the environment, and makes the secrets of a first run.

Nothing secret stands in a file of the project: production takes its keys from the
environment; a demo or a laptop without them gets random ones, kept in the data folder
with mode 0600, so that a second start reads what the first one encrypted.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

# A statement that ran this often on a connection is kept planned by PostgreSQL: a quarter less time a page.
PREPARE_AFTER = 3

Databases = dict[str, dict[str, object]]


def data_dir() -> Path:
    """Return the folder for the database, photos and first-run keys (``BIHUAN_DATA``, default ``./var``)."""
    path = Path(os.environ.get("BIHUAN_DATA", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def flag(name: str, *, default: bool = False) -> bool:
    """Read a yes/no variable; ``1 true yes on`` mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def origin(url: str) -> list[str]:
    """Return the origin of an address (``https://host:port``) as a list of one; of none, an empty list."""
    parts = urlparse(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []


def secret(name: str) -> str:
    """Return secret ``name`` from the environment, or make it on first run and keep it in the data folder.

    Raises:
        RuntimeError: in production (``BIHUAN_ENV=production``) when it is not in the environment.
    """
    if value := os.environ.get(name):
        return value
    if os.environ.get("BIHUAN_ENV") == "production":
        raise RuntimeError(f"{name} 没有设置：生产环境的密钥只从环境变量读取。Set {name} in the environment.")
    path = data_dir() / "secrets" / name.lower()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(value := secrets.token_urlsafe(48))
    return value


def databases() -> Databases:
    """Return Django's DATABASES from ``DATABASE_URL``: PostgreSQL, or SQLite in the data folder when unset.

    SQLite: WAL, IMMEDIATE transactions and NORMAL sync are what makes concurrent read-then-write
    transactions succeed instead of failing with lock errors. The log is folded in after 32 MB instead of 4: a page
    that many reports touch is then written once for all of them (a third less time a report).

    PostgreSQL: ``?pool=8`` keeps a pool in each process; ``?prepare=0`` is for a pooler that hands connections from
    transaction to transaction (PgBouncer), where prepared statements do not last. The rest is libpq's.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        parts = urlparse(url)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        pool = int(query.pop("pool", "0"))
        prepare = query.pop("prepare", "1") != "0"
        options: dict[str, object] = dict(query)
        if prepare:
            options |= {"server_side_binding": True, "prepare_threshold": PREPARE_AFTER}
        if pool:
            options["pool"] = {"min_size": 1, "max_size": pool}
        return {
            "default": {
                "ENGINE": "bihuan.kernel.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or query.get("host", "")),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 0 if pool else None,
                "CONN_HEALTH_CHECKS": not pool,
                "OPTIONS": options,
            }
        }
    name = url.removeprefix("sqlite:///") or str(data_dir() / "bihuan.sqlite3")
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;"
                    "PRAGMA foreign_keys=ON;PRAGMA wal_autocheckpoint=8000;PRAGMA temp_store=MEMORY;"
                    "PRAGMA recursive_triggers=ON;"
                ),
            },
        }
    }
