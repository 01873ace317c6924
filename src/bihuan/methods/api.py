"""Work methods: what other packages may use."""

from __future__ import annotations

from .engine.cel import Condition
from .engine.clocks import card_of, due_of, next_tick
from .engine.codec import state_from_json, state_to_json
from .engine.decide import SYSTEM, decide, initial, replay
from .engine.offers import offers, waits
from .engine.types import By, ClockState, Effect, Event, Offer, Outcome, Pending, Refusal, Refusals, State, Wait
from .loader import Loaded, load
from .method import Method
from .problems import Problem, Report
from .schema.base import Amount, Part, Text, Words, word
from .sections import Section, register_section, sections

__all__ = [
    "SYSTEM", "Amount", "By", "ClockState", "Condition", "Effect", "Event", "Loaded", "Method", "Offer", "Outcome",
    "Part", "Pending", "Problem", "Refusal", "Refusals", "Report", "Section", "State", "Text", "Wait", "Words",
    "card_of", "decide", "due_of", "initial", "load", "next_tick", "offers", "register_section", "replay",
    "sections", "state_from_json", "state_to_json", "waits", "word",
]  # fmt: skip
