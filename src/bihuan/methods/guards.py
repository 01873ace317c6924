"""What keeps a published version as it was published, in the database, on both engines.

A published row of ``methods_methodversion`` cannot be deleted, and of its columns only ``seq`` and ``head_hash`` — the
place of its last entry — may change. A draft may, publishing it included. On Citus, which has no triggers on
distributed tables, the application alone keeps this, and ``sha256`` in the version's entries shows tampering.
"""

from __future__ import annotations

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

from bihuan.kernel.api import has_citus

TABLE = "methods_methodversion"
KEPT = (
    "id", "key", "number", "area_code", "title", "source", "sha256", "state", "edited_by", "edited_at", "published_at",
)  # fmt: skip
MESSAGE = "已发布的工作法版本不能修改或删除 (a published version of a method never changes)"
NAMES = ("no_update", "no_delete", "no_truncate")


def _sqlite() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE}: {MESSAGE}'); END"
    published = "OLD.state = 'published'"
    return [
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} WHEN {published} AND ({changed}) {refuse}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} WHEN {published} {refuse}",
    ]


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)
    run = "EXECUTE FUNCTION methods_refuse()"
    return [
        "CREATE OR REPLACE FUNCTION methods_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN (OLD.state = 'published' AND ({changed})) {run}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.state = 'published') {run}",
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {run}",
    ]


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
        for name in NAMES:
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}")
