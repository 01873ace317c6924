"""A work method as pages show it: every step with who, until when, what the public reads, and where it leads.

Reads the typed file only; the same words serve the text and the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.methods.api import Action, Amount, Clock, Method, Route, Step, tables
from bihuan.web.desk.method_picture import Picture, Station, draw

PREVIOUS = "previous"
# Drawn besides what the method waits for: the ways back and aside. Everything else is in the text alone, or the
# picture would be a thicket: nearly every step can also be merged, refused or reopened.
DRAWN = frozenset({"return", "deny", "suspend", "resume", "resolve"})


@dataclass(frozen=True, slots=True)
class ActView:
    """One action at a step. ``to``: where it leads, in words; ``notes``: what it needs."""

    title: str
    by: str
    to: str
    must: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step."""

    key: str
    title: str
    phase: str
    stage: str
    who: str
    until: tuple[tuple[str, str], ...]  # clock, how long
    public: str
    note: str
    final: bool
    acts: tuple[ActView, ...]


@dataclass(frozen=True, slots=True)
class PartyView:
    """One kind of responsibility, such as each 1 of 1+1+1."""

    title: str
    count: str
    chosen_from: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One way to end, and whether it counts as solved."""

    title: str
    kind: str
    solved: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """A table under the stations: rounds, pairings, kinds of work. Each cell with what stands over it."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def tables_of(method: Method, language: str, day: date) -> list[TableView]:
    """Return what the method's sections have to show under the stations, as of a day."""
    return [
        TableView(
            table.key,
            table.title,
            table.head,
            tuple(tuple(zip(table.head, cells, strict=True)) for _key, cells in table.rows),
        )
        for table in tables(method, language, day)
    ]


def roles_of(method: Method, roles: Iterable[str], language: str) -> str:
    """Return role titles as a list in words."""
    return _("、").join(method.role_title(role).say(language) for role in roles)


def steps_of(method: Method, language: str) -> list[StepView]:
    """Return every step in the order of the file."""
    return [_step(method, key, step, language) for key, step in method.steps.items()]


def _step(method: Method, key: str, step: Step, language: str) -> StepView:
    actions = list(actions_at(method, key))
    phase = method.file.phases.get(step.phase)
    title, stage = step.title.say(language), phase.title.say(language) if phase else ""
    owed = dict.fromkeys(role for _key, action in actions if action.must for role in action.by)
    who = roles_of(method, owed, language)
    if step.deliberated_by:
        who = method.role_title(f"meeting:{step.deliberated_by}").say(language)
    return StepView(
        key=key,
        title=title,
        phase=stage,
        stage="" if title.startswith(stage) else stage,  # “问 · 待分类” says its stage already
        who=who,
        until=tuple(_limits(method, key, language)),
        public=step.public.say(language) if step.public else "",
        note=step.note,
        final=step.final,
        acts=tuple(_act(method, action, language) for _key, action in actions),
    )


def actions_at(method: Method, key: str) -> Iterator[tuple[str, Action]]:
    """Yield the actions of a step: its own, then the common ones that apply there."""
    yield from method.steps[key].actions.items()
    for name, action in method.file.common.items():
        if key in action.at:
            yield name, action


def _act(method: Method, action: Action, language: str) -> ActView:
    return ActView(
        title=action.title.say(language),
        by=roles_of(method, action.by, language),
        to=_("、").join(dict.fromkeys(_way(method, route, language) for route in action.to)),
        must=action.must,
        notes=tuple(_needs(method, action, language)),
    )


def _way(method: Method, route: Route, language: str) -> str:
    if route.step == PREVIOUS:
        return _("回到上一环节")
    step = method.steps.get(route.step)
    if step is None:
        return _("留在本环节")
    outcome = method.outcomes.get(route.outcome)
    title = step.title.say(language)
    return f"{title}（{outcome.title.say(language)}）" if outcome else title


def _needs(method: Method, action: Action, language: str) -> Iterator[str]:
    if action.assigns:
        yield _("指定%(who)s") % {"who": roles_of(method, action.assigns, language)}
    if photos := sum(photo.least for photo in action.evidence.values()):
        yield ngettext("%(n)s 张照片", "%(n)s 张照片", photos) % {"n": photos}
    if action.reason == "required":
        yield _("要写理由")
    if action.by_how_much:
        yield _("至多延长 %(much)s") % {"much": action.by_how_much.say(language)}
    if action.consent:
        yield _("须经%(who)s同意") % {"who": roles_of(method, action.consent.by, language)}
    if action.accept:
        yield _("%(who)s会签") % {"who": roles_of(method, action.accept.from_, language)}
    if action.not_by:
        who = roles_of(method, action.not_by.holds, language) or _("办理人本人")
        yield _("%(who)s不得自己做") % {"who": who}


def _limits(method: Method, key: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the clocks that begin to run at a step: name and how long."""
    for clock in method.clocks.values():
        begins = set(clock.start.enter)
        begins |= {
            route.step
            for step in method.steps
            for name, action in actions_at(method, step)
            if name in clock.start.after
            for route in action.to
        }
        if key in begins:
            yield clock.title.say(language), _how_long(method, clock, language)


def _how_long(method: Method, clock: Clock, language: str) -> str:
    limit = clock.limit
    parts: list[str] = []
    if limit.fixed:
        parts.append(limit.fixed.say(language))
    field = method.fields.get(limit.by)
    for value, amount in limit.table.items():
        option = field.options.get(value) if field else None
        parts.append(f"{option.say(language) if option else value} {amount.say(language)}")
    amounts: list[Amount] = [case.limit for case in limit.cases]
    parts.extend(amount.say(language) for amount in amounts)
    if limit.given:
        parts.append(_("交办时给定"))
    if limit.otherwise:
        parts.append(_("其余 %(much)s") % {"much": limit.otherwise.say(language)})
    return _("，").join(parts)


def parties_of(method: Method, language: str) -> list[PartyView]:
    """Return who answers for a matter, in the order of the file."""
    return [
        PartyView(
            part.title.say(language),
            str(part.count) if part.at_least is None else f"{part.at_least}–{part.count}",
            roles_of(method, part.from_, language),
        )
        for part in method.responsibility.values()
    ]


def outcomes_of(method: Method, language: str) -> list[OutcomeView]:
    """Return how a matter may end."""
    kinds = {"substantive": _("实质性"), "procedural": _("程序性"), "interim": _("阶段性")}
    return [
        OutcomeView(outcome.title.say(language), kinds[outcome.class_], outcome.result == "solved")
        for outcome in method.outcomes.values()
    ]


def picture_of(method: Method, language: str) -> Picture:
    """Lay the method out as a line of stations: name, who, until when; and the ways it mostly goes."""
    views = steps_of(method, language)
    order = {view.key: index for index, view in enumerate(views)}
    ways = {
        (order[key], order[route.step])
        for key in method.steps
        for _name, action in actions_at(method, key)
        for route in action.to
        if route.step in order and (action.must or action.does in DRAWN)
    }
    stations = [
        Station(
            view.title,
            tuple(filter(None, (view.who, *(how_long for _clock, how_long in view.until[:1])))),
            view.phase,
            view.final,
        )
        for view in views
    ]
    return draw(stations, ways)
