"""Work methods: what other packages may use."""

from __future__ import annotations

from .actions import copy_method, install, install_library, library_files, publish, save_draft
from .engine.cel import Condition
from .engine.clocks import card_of, due_of, next_tick
from .engine.codec import state_from_json, state_to_json
from .engine.decide import SYSTEM, decide, initial, replay
from .engine.offers import offers, waits
from .engine.types import By, ClockState, Effect, Event, Offer, Outcome, Pending, Refusal, Refusals, State, Wait
from .loader import Loaded, load
from .method import Method
from .problems import Problem, Report
from .queries import check_version, get_method, method_for, methods_in, versions
from .schema.base import Amount, Part, Text, Words, word
from .sections import Section, register_section, sections

__all__ = [
    "SYSTEM",
    "Amount",
    "By",
    "ClockState",
    "Condition",
    "Effect",
    "Event",
    "Loaded",
    "Method",
    "Offer",
    "Outcome",
    "Part",
    "Pending",
    "Problem",
    "Refusal",
    "Refusals",
    "Report",
    "Section",
    "State",
    "Text",
    "Wait",
    "Words",
    "card_of",
    "check_version",
    "copy_method",
    "decide",
    "due_of",
    "get_method",
    "initial",
    "install",
    "install_library",
    "library_files",
    "load",
    "method_for",
    "methods_in",
    "next_tick",
    "offers",
    "publish",
    "register_section",
    "replay",
    "save_draft",
    "sections",
    "state_from_json",
    "state_to_json",
    "versions",
    "waits",
    "word",
]
