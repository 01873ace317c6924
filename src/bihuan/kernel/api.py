"""The public surface of the kernel; other packages import nothing else of it (but its models)."""

from __future__ import annotations

from . import clock, sql
from .calendar import CHINA, OFFICE_HOURS, UNITS, WorkCalendar
from .canonical import NotCanonical, canonical, instant, plain
from .chain import GENESIS, EntryRow, entry_hash
from .entries import (
    AlreadyRecorded,
    EntryDraft,
    Rows,
    already,
    already_many,
    append,
    build_entries,
    insert_entries,
)
from .errors import BadInput, Conflict, NotFound, Problem, Refused
from .ids import new_id, parse_id, time_of
from .keys import keyed_hash
from .masks import mask_address, mask_all, mask_id, mask_name, mask_phone
from .refs import SYSTEM_REF, ActorRef
from .sealing import SealedValue, lookup_hash, reveal, seal, unseal
from .verbs import EntryView, notice_text, notices, register_notice, register_verb, sentence, verbs

__all__ = [
    "CHINA",
    "GENESIS",
    "OFFICE_HOURS",
    "SYSTEM_REF",
    "UNITS",
    "ActorRef",
    "AlreadyRecorded",
    "BadInput",
    "Conflict",
    "EntryDraft",
    "EntryRow",
    "EntryView",
    "NotCanonical",
    "NotFound",
    "Problem",
    "Refused",
    "Rows",
    "SealedValue",
    "WorkCalendar",
    "already",
    "already_many",
    "append",
    "build_entries",
    "canonical",
    "clock",
    "entry_hash",
    "insert_entries",
    "instant",
    "keyed_hash",
    "lookup_hash",
    "mask_address",
    "mask_all",
    "mask_id",
    "mask_name",
    "mask_phone",
    "new_id",
    "notice_text",
    "notices",
    "parse_id",
    "plain",
    "register_notice",
    "register_verb",
    "reveal",
    "seal",
    "sentence",
    "sql",
    "time_of",
    "unseal",
    "verbs",
]
