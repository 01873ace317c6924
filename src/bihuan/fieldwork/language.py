"""Registers the field sections with the method language: checks, scenario words, what can be counted, drawings."""

from __future__ import annotations

from bihuan.fieldwork import linting, picture, playing
from bihuan.fieldwork.section import (
    DILIGENCES,
    DILIGENCES_ZH,
    PAIRINGS,
    PAIRINGS_ZH,
    ROUNDS,
    ROUNDS_ZH,
    Diligences,
    Pairings,
    Rounds,
)
from bihuan.methods.api import Method, Section, register_section


def register() -> None:
    """Add the sections to the language; called once at start."""
    register_section(
        Section(
            key=ROUNDS,
            zh=ROUNDS_ZH,
            model=Rounds,
            check=linting.check_rounds,
            doc="巡访：走哪些地方、谁走、和谁一起、多久一次、哪个季节、看什么",
            doc_en="rounds: which places, who, with whom, how often, in which season, what is looked at",
            plays={
                "应巡": playing.due,
                "due_round": playing.due,
                "巡访": playing.visit,
                "visit": playing.visit,
                "巡访情况": playing.standing,
                "round_standing": playing.standing,
            },  # fmt: skip
            acts=lambda section: {f"rounds.{key}": plan.title for key, plan in section.plans.items()},
            draw=picture.rounds,
        )
    )
    register_section(
        Section(
            key=PAIRINGS,
            zh=PAIRINGS_ZH,
            model=Pairings,
            check=linting.check_pairings,
            doc="结对：哪些单位的人帮哪样的事，一对一；谁管理、怎样同意、保存多久",
            doc_en="pairings: whose people help, with what, one to one; who manages, how a household agrees",
            acts=lambda section: {f"pairings.{key}": plan.title for key, plan in section.plans.items()},
            draw=picture.pairings,
            wraps="plans",
        )
    )
    register_section(
        Section(
            key=DILIGENCES,
            zh=DILIGENCES_ZH,
            model=Diligences,
            check=linting.check_diligences,
            doc="勤务：几类日常工作，各自什么算做了一次",
            doc_en="diligences: kinds of work, and what counts as an act of each",
            draw=picture.diligences,
            wraps="kinds",
        )
    )


def rounds_of(method: Method) -> Rounds | None:
    """Return the rounds of a method; None where it has none."""
    section = method.section(ROUNDS)
    return section if isinstance(section, Rounds) else None


def pairings_of(method: Method) -> Pairings | None:
    """Return the pairings of a method; None where it has none."""
    section = method.section(PAIRINGS)
    return section if isinstance(section, Pairings) else None


def diligences_of(method: Method) -> Diligences | None:
    """Return the kinds of work of a method; None where it has none."""
    section = method.section(DILIGENCES)
    return section if isinstance(section, Diligences) else None
