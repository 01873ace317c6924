"""Work methods: what other packages may use."""

from __future__ import annotations

from .actions import copy_method, install, install_library, library_files, publish, save_draft
from .compare import Change, Plan, diff, migration_plan, why_stays
from .drawing import Station, likely_path, limit_words, mermaid, stations, tables
from .editing import set_value
from .engine.calendars import back, default_calendar
from .engine.cel import UNSET, Condition, standing
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
from .schema.model import Action, Clock, FieldSpec, MethodFile, Route, Step, Trigger
from .sections import Played, Scene, Section, Table, register_section, sections
from .simulator import Simulation, simulate
from .validator.burdens import warn_of_words
from .validator.conditions import check_figure


def lint(text: str) -> list[Problem]:
    """Return every problem of a method file, in its order."""
    return load(text).problems


def is_private(method: Method, state: State) -> bool:
    """Whether the method keeps a matter, as it is now, from the public."""
    return method.private is not None and method.private.holds(method, state)


def public_words(method: Method, state: State, language: str = "zh") -> str:
    """Return what the public and the reporter read about where a matter stands."""
    outcome = method.outcomes.get(state.outcome)
    if not state.is_open and outcome is not None:
        return (outcome.public or outcome.title).say(language)
    step = method.steps.get(state.step)
    return (step.public or step.title).say(language) if step else ""


__all__ = [
    "SYSTEM",
    "UNSET",
    "Action",
    "Amount",
    "By",
    "Change",
    "Clock",
    "ClockState",
    "Condition",
    "Effect",
    "Event",
    "FieldSpec",
    "Loaded",
    "Method",
    "MethodFile",
    "Offer",
    "Outcome",
    "Part",
    "Pending",
    "Plan",
    "Played",
    "Problem",
    "Refusal",
    "Refusals",
    "Report",
    "Route",
    "Scene",
    "Section",
    "Simulation",
    "State",
    "Station",
    "Step",
    "Table",
    "Text",
    "Trigger",
    "Wait",
    "Words",
    "back",
    "card_of",
    "check_figure",
    "check_version",
    "copy_method",
    "decide",
    "default_calendar",
    "diff",
    "due_of",
    "get_method",
    "initial",
    "install",
    "install_library",
    "is_private",
    "library_files",
    "likely_path",
    "limit_words",
    "lint",
    "load",
    "mermaid",
    "method_for",
    "methods_in",
    "migration_plan",
    "next_tick",
    "offers",
    "public_words",
    "publish",
    "register_section",
    "replay",
    "save_draft",
    "sections",
    "set_value",
    "simulate",
    "standing",
    "state_from_json",
    "state_to_json",
    "stations",
    "tables",
    "versions",
    "waits",
    "warn_of_words",
    "why_stays",
    "word",
]
