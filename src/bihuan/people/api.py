"""What other packages use of people: who acts, and what they may."""

from __future__ import annotations

from bihuan.people import permissions
from bihuan.people.actor import ANONYMOUS, SYSTEM, Actor, PostRef, actor_for, actor_of
from bihuan.people.permissions import (
    AREA_IMPORT,
    AREA_READ,
    LEDGER_EXPORT,
    LEDGER_READ,
    MAP_READ,
    MATTER_MIGRATE,
    MATTER_PERSONAL,
    MATTER_READ,
    MATTER_RECORD,
    MEETING_CALL,
    MEETING_READ,
    METHOD_EDIT,
    METHOD_PUBLISH,
    METHOD_READ,
    PEOPLE_MANAGE,
    PEOPLE_READ,
    RECORD_VERIFY,
)
from bihuan.people.rule import Decision, access, can, register_scope, require, scope_of, visible

__all__ = [
    "ANONYMOUS",
    "AREA_IMPORT",
    "AREA_READ",
    "LEDGER_EXPORT",
    "LEDGER_READ",
    "MAP_READ",
    "MATTER_MIGRATE",
    "MATTER_PERSONAL",
    "MATTER_READ",
    "MATTER_RECORD",
    "MEETING_CALL",
    "MEETING_READ",
    "METHOD_EDIT",
    "METHOD_PUBLISH",
    "METHOD_READ",
    "PEOPLE_MANAGE",
    "PEOPLE_READ",
    "RECORD_VERIFY",
    "SYSTEM",
    "Actor",
    "Decision",
    "PostRef",
    "access",
    "actor_for",
    "actor_of",
    "can",
    "permissions",
    "register_scope",
    "require",
    "scope_of",
    "visible",
]
