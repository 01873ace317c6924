"""What other packages use of people: who acts, and what they may."""

from __future__ import annotations

from bihuan.people import permissions
from bihuan.people.actions import SignIn, end_post, give_post, make_sign_in, record_person
from bihuan.people.actor import ANONYMOUS, SYSTEM, Actor, PostRef, actor_for, actor_of
from bihuan.people.importing import import_people
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
from bihuan.people.queries import holders, holders_within, person_by_phone, person_names, role_titles
from bihuan.people.rule import Decision, access, can, register_scope, require, scope_of, visible

__all__ = [
    "import_people",
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
    "SignIn",
    "access",
    "actor_for",
    "actor_of",
    "can",
    "end_post",
    "give_post",
    "holders",
    "holders_within",
    "make_sign_in",
    "permissions",
    "person_by_phone",
    "person_names",
    "record_person",
    "register_scope",
    "require",
    "role_titles",
    "scope_of",
    "visible",
]
