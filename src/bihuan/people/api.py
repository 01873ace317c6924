"""What other packages use of people: who acts, and what they may."""

from __future__ import annotations

from bihuan.people import permissions
from bihuan.people.actions import SignIn, make_sign_in, record_person
from bihuan.people.actor import ANONYMOUS, SYSTEM, Actor, PostRef, actor_for, actor_of
from bihuan.people.appointing import end_post, end_posts, give_post, name_deputy, posts_left
from bihuan.people.asking import (
    answer_by,
    ask_erasure,
    erasures_asked,
    knows_whom_to_ask,
    refuse_erasure,
    take_back_erasure,
)
from bihuan.people.correcting import correct_person
from bihuan.people.erasing import answers_for, erase_person, register_ties
from bihuan.people.importing import import_people
from bihuan.people.mailing import ask_mail, choose_mail, confirm_mail, mailing_of, stop_mail
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
from bihuan.people.resets import resets_of
from bihuan.people.robotlines import Line as RobotLine
from bihuan.people.robotlines import feed_robots, register_robot_source
from bihuan.people.robots import (
    Tried,
    add_robot,
    delete_robot,
    failed_deliveries,
    retry_delivery,
    robots_for,
    set_robot_active,
    try_robot,
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
    "RobotLine",
    "SignIn",
    "Tried",
    "access",
    "actor_for",
    "actor_of",
    "add_robot",
    "answer_by",
    "answers_for",
    "ask_erasure",
    "ask_mail",
    "can",
    "choose_mail",
    "confirm_mail",
    "correct_person",
    "delete_robot",
    "end_post",
    "end_posts",
    "erase_person",
    "erasures_asked",
    "failed_deliveries",
    "feed_robots",
    "give_post",
    "holders",
    "holders_within",
    "import_people",
    "knows_whom_to_ask",
    "mailing_of",
    "make_sign_in",
    "name_deputy",
    "permissions",
    "person_by_phone",
    "person_names",
    "posts_left",
    "record_person",
    "refuse_erasure",
    "register_robot_source",
    "register_scope",
    "register_ties",
    "require",
    "resets_of",
    "retry_delivery",
    "robots_for",
    "role_titles",
    "scope_of",
    "set_robot_active",
    "stop_mail",
    "take_back_erasure",
    "try_robot",
    "visible",
]
