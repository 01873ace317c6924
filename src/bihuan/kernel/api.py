"""The public surface of the kernel; other packages import nothing else of it (but its models)."""

from __future__ import annotations

from . import clock, merkle, sql, throttle
from .calendar import CHINA, OFFICE_HOURS, UNITS, WorkCalendar
from .canonical import NotCanonical, canonical, instant, plain
from .chain import GENESIS, EntryRow, entry_hash
from .dayroots import InclusionProof, day_bounds, make_day_root, make_missing_roots, prove
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
from .erasure import erase, erase_expired, register_erasure
from .errors import BadInput, Conflict, NotFound, Problem, Refused
from .filecheck import check_files, left_over, sweep_files
from .flaws import Flaw, Report
from .ids import new_id, parse_id, time_of
from .keys import keyed_hash
from .masks import mask_address, mask_all, mask_id, mask_name, mask_phone
from .notices import (
    Notice,
    mark_read,
    notifications_of,
    notify,
    notify_many,
    register_relay,
    relay_notices,
    unread_count,
)
from .outbox import (
    Delivery,
    PermanentFailure,
    channels,
    deliver_by,
    deliver_due,
    enqueue,
    expire_outbox,
    register_channel,
    retry,
    withdraw,
)
from .photos import (
    Encoded,
    encode_photo,
    erase_photos,
    keep_photo,
    open_photo,
    photo_limits,
    photo_path,
    photos_of,
    store_photo,
)
from .refs import SYSTEM_REF, ActorRef
from .sealing import SealedValue, lookup_hash, reveal, seal, unseal
from .throttle import hit
from .verbs import NOTICE_GROUPS, EntryView, notice_text, notices, register_notice, register_verb, sentence, verbs
from .verify import register_heads, verify
from .worker import jobs, register_job, run_once, run_worker, wake

__all__ = [
    "CHINA",
    "GENESIS",
    "NOTICE_GROUPS",
    "OFFICE_HOURS",
    "SYSTEM_REF",
    "UNITS",
    "ActorRef",
    "AlreadyRecorded",
    "BadInput",
    "Conflict",
    "Delivery",
    "Encoded",
    "EntryDraft",
    "EntryRow",
    "EntryView",
    "Flaw",
    "InclusionProof",
    "NotCanonical",
    "NotFound",
    "Notice",
    "PermanentFailure",
    "Problem",
    "Refused",
    "Report",
    "Rows",
    "SealedValue",
    "WorkCalendar",
    "already",
    "already_many",
    "append",
    "build_entries",
    "canonical",
    "channels",
    "check_files",
    "clock",
    "day_bounds",
    "deliver_by",
    "deliver_due",
    "encode_photo",
    "enqueue",
    "entry_hash",
    "erase",
    "erase_expired",
    "erase_photos",
    "expire_outbox",
    "hit",
    "insert_entries",
    "instant",
    "jobs",
    "keep_photo",
    "keyed_hash",
    "left_over",
    "lookup_hash",
    "make_day_root",
    "make_missing_roots",
    "mark_read",
    "mask_address",
    "mask_all",
    "mask_id",
    "mask_name",
    "mask_phone",
    "merkle",
    "new_id",
    "notice_text",
    "notices",
    "notifications_of",
    "notify",
    "notify_many",
    "open_photo",
    "parse_id",
    "photo_limits",
    "photo_path",
    "photos_of",
    "plain",
    "prove",
    "register_channel",
    "register_erasure",
    "register_heads",
    "register_job",
    "register_notice",
    "register_relay",
    "register_verb",
    "relay_notices",
    "retry",
    "reveal",
    "run_once",
    "run_worker",
    "seal",
    "sentence",
    "sql",
    "store_photo",
    "sweep_files",
    "throttle",
    "time_of",
    "unread_count",
    "unseal",
    "verbs",
    "verify",
    "wake",
    "withdraw",
]
