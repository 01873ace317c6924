"""The field sections as they are drawn under a method's stations: compact tables, in either language. No database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bihuan.fieldwork.engine import next_window
from bihuan.fieldwork.linting import acts
from bihuan.fieldwork.section import (
    CONSENT,
    CONSENT_EN,
    DILIGENCES,
    NEEDED,
    NEEDED_EN,
    PAIRINGS,
    ROUNDS,
    Diligences,
    PairingPlan,
    Pairings,
    Round,
    Rounds,
    Season,
    month_day,
    place_words,
)
from bihuan.kernel.recurrence import in_english
from bihuan.methods.api import Method, Table

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rounds(method: Method, section: Rounds, language: str, day: date | None) -> list[Table]:
    """What, where, who, with whom, how often, in which season, what is looked at, when next."""
    english = language.startswith("en")
    head = (
        ("Round", "Where", "Who", "Together with", "How often", "Season", "What is looked at")
        if english
        else ("巡访", "走哪里", "谁去", "同去", "多久一次", "季节", "看什么")
    )
    following = ("Next" if english else "下一期",) if day else ()
    rows = tuple(
        (key, (*_round(method, section, plan, language), *_next(section, key, language, day)))
        for key, plan in section.plans.items()
    )
    return [Table(ROUNDS, "Rounds" if english else "巡访", (*head, *following), rows)]


def _round(method: Method, section: Rounds, plan: Round, language: str) -> tuple[str, ...]:
    english = language.startswith("en")
    levels = (" → " if english else "，再").join(_roles(method, roles, language) for roles in plan.by_level)
    if plan.stand_in:
        stand_in = _roles(method, plan.stand_in, language)
        levels += f" (or, standing in: {stand_in})" if english else f"（{stand_in}可代）"
    together = _roles(method, plan.together, language)
    if together:
        needed = (NEEDED_EN if english else NEEDED)[plan.needed]
        together += f" ({needed})" if english else f"（{needed}）"
    often = every(plan.every, language)
    if plan.interval:
        least = plan.interval.say(language)
        often += f", at least {least} apart" if english else f"，至少隔 {least}"
    return (
        plan.title.say(language),
        _and(place_words(section, plan.places, language), language),
        levels,
        together,
        often,
        _and((season_words(season, language) for season in plan.season), language)
        or ("all year" if english else "全年"),
        _and((item.title.say(language) for item in plan.checklist.values()), language),
    )


def _next(section: Rounds, key: str, language: str, day: date | None) -> tuple[str, ...]:
    if day is None:
        return ()
    plan = section.plan(key)
    window = next_window(plan, day) if plan else None
    if window is None:
        return ("",)
    english = language.startswith("en")
    span = _span(window.start, window.end, language)
    if day in window:
        return (f"now, {span}" if english else f"本期 {span}",)
    if window.start.year != day.year:
        return (f"{span} {window.start.year}" if english else f"{window.start.year}年{span}",)
    return (span,)


def pairings(method: Method, section: Pairings, language: str, day: date | None) -> list[Table]:
    """What, who helps, with what, who manages it, how a household agrees, how often, how long it is kept."""
    del day
    english = language.startswith("en")
    head = (
        ("Pairing", "Who helps", "Help", "Managed by", "Consent", "How often", "Kept after it ended")
        if english
        else ("结对", "谁去帮", "帮什么", "谁管理", "怎样同意", "多久一次", "结束后保存")
    )
    rows = tuple((key, _pairing(method, plan, language)) for key, plan in section.plans.items())
    return [Table(PAIRINGS, "Pairings" if english else "结对", head, rows)]


def _pairing(method: Method, plan: PairingPlan, language: str) -> tuple[str, ...]:
    english = language.startswith("en")
    ways = CONSENT_EN if english else CONSENT
    return (
        plan.title.say(language),
        _roles(method, plan.units, language),
        _and((help_.say(language) for help_ in plan.help.values()), language),
        _roles(method, plan.managed_by, language),
        _and((ways[how] for how in plan.consent), language),
        every(plan.every, language) if plan.every else ("as needed" if english else "按需要"),
        plan.keep.say(language),
    )


def diligences(method: Method, section: Diligences, language: str, day: date | None) -> list[Table]:
    """Each kind of work and what counts as an act of it."""
    del day
    english = language.startswith("en")
    known = acts(method)
    rows = tuple(
        (
            key,
            (
                kind.title.say(language),
                _and((known[act].say(language) if act in known else act for act in kind.counts), language),
            ),
        )
        for key, kind in section.kinds.items()
    )
    head = ("Kind of work", "Counts as one") if english else ("勤务", "算作")
    return [Table(DILIGENCES, "Kinds of work" if english else "勤务", head, rows)]


def every(words: str, language: str) -> str:
    """Return how often in words."""
    return in_english(words) if language.startswith("en") else words


def season_words(season: Season, language: str) -> str:
    """Return a season in words: “3月1日—11月30日”."""
    english = language.startswith("en")
    said = []
    for text in (season.from_, season.to):
        found = month_day(text)
        if found is None:
            return f"{season.from_}—{season.to}"
        said.append(f"{found[1]} {_MONTHS[found[0] - 1]}" if english else f"{found[0]}月{found[1]}日")
    return ("–" if english else "—").join(said)


def _span(start: date, end: date, language: str) -> str:
    if language.startswith("en"):
        return "–".join(f"{day.day} {_MONTHS[day.month - 1]}" for day in (start, end))
    return "—".join(f"{day.month}月{day.day}日" for day in (start, end))


def _roles(method: Method, roles: Iterable[str], language: str) -> str:
    return _and((method.role_title(role).say(language) for role in roles), language)


def _and(words: Iterable[str], language: str) -> str:
    return (", " if language.startswith("en") else "、").join(words)
