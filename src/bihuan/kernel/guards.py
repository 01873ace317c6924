"""What makes the record append-only in the database, on both engines.

* ``kernel_entry``, ``kernel_personalread``, ``kernel_dayroot``: no UPDATE, no DELETE; on PostgreSQL no TRUNCATE either.
* ``kernel_sealed``: no DELETE; the only UPDATE let through is erasing (content and salt become null), or one that
  leaves what the entry committed to as it is.

On SQLite ``INSERT OR REPLACE`` deletes without asking the triggers unless ``PRAGMA recursive_triggers`` is on; the
connections of the product turn it on. On Citus privileges do this work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

FROZEN = ("kernel_entry", "kernel_personalread", "kernel_dayroot")
SEALED = "kernel_sealed"
MESSAGE = "记录只能追加，不能修改或删除 (the record is append-only)"
SEALED_MESSAGE = "已密封的内容只能删除，不能改写 (sealed content can be erased, not rewritten)"
Act = Callable[[BaseDatabaseWrapper], None]
_OTHERS: list[tuple[Act, Act]] = []  # (install, remove) of higher packages
_KEPT = ("entry_id", "subject_type", "subject_id", "name", "encrypted")


def _sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
        for table in FROZEN
        for act in ("UPDATE", "DELETE")
    ]
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
    made.append(
        f"CREATE TRIGGER {SEALED}_no_update BEFORE UPDATE ON {SEALED} WHEN {changed} "
        "OR NOT ((NEW.content IS NULL AND NEW.salt IS NULL) "
        "OR (NEW.content IS OLD.content AND NEW.salt IS OLD.salt)) "
        f"BEGIN SELECT RAISE(ABORT, '{SEALED}: {SEALED_MESSAGE}'); END"
    )
    made.append(
        f"CREATE TRIGGER {SEALED}_no_delete BEFORE DELETE ON {SEALED} "
        f"BEGIN SELECT RAISE(ABORT, '{SEALED}: {SEALED_MESSAGE}'); END"
    )
    return made


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
    made = [
        "CREATE OR REPLACE FUNCTION kernel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%: %', TG_TABLE_NAME, CASE TG_TABLE_NAME WHEN '{SEALED}' THEN '{SEALED_MESSAGE}' "
        f"ELSE '{MESSAGE}' END USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE OR REPLACE FUNCTION kernel_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {changed} OR NOT ((NEW.content IS NULL AND NEW.salt IS NULL) OR "
        "(NEW.content IS NOT DISTINCT FROM OLD.content AND NEW.salt IS NOT DISTINCT FROM OLD.salt)) THEN "
        f"RAISE EXCEPTION '%: {SEALED_MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {SEALED}_no_update BEFORE UPDATE ON {SEALED} "
        "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_sealed()",
    ]
    for table in (*FROZEN, SEALED):
        acts = ("UPDATE", "DELETE", "TRUNCATE") if table in FROZEN else ("DELETE", "TRUNCATE")
        made.extend(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH "
            f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION kernel_refuse()"
            for act in acts
        )
    return made


def install(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Create the triggers; nothing on Citus."""
    if has_citus(connection):
        return
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Drop the triggers, for migrating backwards and for emptying a test database."""
    with connection.cursor() as cursor:
        for table in (*FROZEN, SEALED):
            for act in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")


def register_guard(install: Act, remove: Act) -> None:
    """Tell ``lifted`` of triggers of another package, so that a test database can be emptied."""
    if (install, remove) not in _OTHERS:
        _OTHERS.append((install, remove))


@contextmanager
def lifted(connection: BaseDatabaseWrapper = default_connection) -> Iterator[None]:
    """Let the record be changed within the block: for tests that tamper with it or empty the database."""
    pairs: list[tuple[Act, Act]] = [(install, remove), *_OTHERS]
    for _, lift in pairs:
        lift(connection)
    try:
        yield
    finally:
        for put_back, _ in pairs:
            put_back(connection)


def has_citus(connection: BaseDatabaseWrapper) -> bool:
    """Whether this is a PostgreSQL with Citus, which has no triggers on distributed tables."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
        return cursor.fetchone() is not None
