"""Draws a method: stations for the picture in the browser, Mermaid for text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .method import Method
from .schema.base import Text
from .sections import Table, sections


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a station to another: what is done, by whom, under which condition."""

    action: str
    title: Text
    to: str
    who: tuple[str, ...]  # role keys
    when: str = ""
    outcome: str = ""
    back: bool = False  # leads to a station further up the line


@dataclass(frozen=True, slots=True)
class Station:
    """A step as it is drawn: what, who, until when, what the public reads, where it leads."""

    key: str
    title: Text
    phase: str
    phase_title: Text | None
    public: Text | None
    final: bool
    body: str
    who: tuple[str, ...]  # the roles the matter waits for here
    limits: tuple[tuple[str, str, str], ...]  # clock key, title and limit in Chinese words
    ways: tuple[Way, ...] = field(default=())

    def as_json(self, method: Method, language: str = "zh") -> dict[str, Any]:
        """Return the station as plain JSON in one language."""
        return {
            "key": self.key,
            "title": self.title.say(language),
            "phase": self.phase_title.say(language) if self.phase_title else "",
            "public": self.public.say(language) if self.public else "",
            "final": self.final,
            "who": [method.role_title(role).say(language) for role in self.who],
            "limits": [
                {
                    "clock": key,
                    "title": method.clocks[key].title.say(language),
                    "limit": limit_words(method, key, language),
                }
                for key, _, _ in self.limits
            ],
            "ways": [
                {
                    "action": way.action,
                    "title": way.title.say(language),
                    "to": way.to,
                    "when": way.when,
                    "who": [method.role_title(role).say(language) for role in way.who],
                    "outcome": way.outcome,
                    "back": way.back,
                }
                for way in self.ways
            ],
        }


def stations(method: Method) -> list[Station]:
    """Return the steps as stations, in the file's order."""
    order = {key: number for number, key in enumerate(method.steps)}
    return [_station(method, key, order) for key in method.steps]


def _station(method: Method, key: str, order: dict[str, int]) -> Station:
    step, place = method.steps[key], method.places[key]
    who: list[str] = []
    ways: list[Way] = []
    for move in place.moves.values():
        if move.spec.must:
            who += [role for role in move.spec.by if role not in who]
        ways += [
            Way(
                move.key,
                move.spec.title,
                route.step,
                tuple(move.spec.by),
                route.when.source if route.when else "",
                route.outcome,
                back=order.get(route.step, 0) < order[key],
            )
            for route in move.routes
            if route.step and route.step != "previous"
        ]
    if step.skip_to:
        ways.append(Way("", Text(zh="跳过", en="skip"), step.skip_to, (), step.skip_when or ""))
    if step.deliberated_by:
        who.append(f"meeting:{step.deliberated_by}")
    limits = tuple(
        (name, clock.title.zh, limit_words(method, name))
        for name, clock in method.clocks.items()
        if key in clock.start.enter
    )
    phase = method.file.phases.get(step.phase)
    return Station(
        key,
        step.title,
        step.phase,
        phase.title if phase else None,
        step.public,
        step.final,
        step.deliberated_by,
        tuple(who),
        limits,
        tuple(ways),
    )


def likely_path(method: Method, step: str) -> tuple[str, ...]:
    """Return the steps a matter most likely takes after ``step``: by what must be done, carried where voted on.

    A guess for a picture, never a rule: it ends at a final step, at a by-way, or where it would turn round.
    """
    path: list[str] = []
    while step in method.places:
        following = _likely(method, step)
        if not following or following == step or following in path:
            break
        path.append(following)
        step = following
    return tuple(path)


def _likely(method: Method, step: str) -> str:
    moves = [move for move in method.places[step].moves.values() if any(route.step for route in move.routes)]
    decided = [move for move in moves if any(role.startswith("meeting:") for role in move.spec.by)]
    wanted = [move for move in moves if move.spec.primary] or [move for move in moves if move.spec.must]
    if decided:
        return decided[0].routes[0].step or ""
    return wanted[0].routes[-1].step or "" if wanted else ""


def limit_words(method: Method, clock: str, language: str = "zh") -> str:
    """Return a clock's limit in words: "紧急 1 个工作日，其余 3 个工作日"."""
    limit, english = method.clocks[clock].limit, language.startswith("en")
    parts: list[str] = []
    if limit.given:
        parts.append("as given" if english else "按给定的日期")
    options = method.fields[limit.by].options if limit.by in method.fields else {}
    for value, amount in limit.table.items():
        name = options[value].say(language) if value in options else value
        parts.append(f"{name} {amount.say(language)}")
    parts += [f"{case.limit.say(language)} ({case.when})" for case in limit.cases]
    rest = limit.fixed or limit.otherwise
    if rest is not None:
        other = ("otherwise " if english else "其余 ") if parts else ""
        parts.append(other + rest.say(language))
    return (", " if english else "，").join(parts)


def tables(method: Method, language: str = "zh", day: date | None = None) -> list[Table]:
    """Return what the sections of other packages have to show under the stations.

    Args:
        method: the method.
        language: of the words.
        day: the day for which is said when something comes next; None leaves that out.
    """
    return [
        table
        for key in method.section_keys
        if (section := sections().get(key)) is not None and section.draw is not None
        for table in section.draw(method, method.section(key), language, day)
        if table.rows
    ]


def mermaid(method: Method, language: str = "zh") -> str:
    """Return the method as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    phases: dict[str, list[Station]] = {}
    for station in stations(method):
        phases.setdefault(station.phase, []).append(station)
    for phase, members in phases.items():
        title = method.file.phases[phase].title.say(language) if phase in method.file.phases else ""
        if title:
            lines.append(f'  subgraph {phase}_phase["{_plain(title)}"]')
        for station in members:
            who = "、".join(method.role_title(role).say(language) for role in station.who)
            words = [station.title.say(language), who, *(f"{t} {limit}" for _, t, limit in station.limits[:1])]
            label = "<br/>".join(_plain(text) for text in words if text)
            opening, closing = ("([", "])") if station.final else ("[", "]")
            lines.append(f'    {station.key}{opening}"{label}"{closing}')
        if title:
            lines.append("  end")
    lines += [
        f'  start_{opening.key}(("{_plain(opening.spec.title.say(language))}")) --> {route.step}'
        for opening in method.starts.values()
        for route in opening.routes
    ]
    for station in stations(method):
        for way in station.ways:
            arrow = "-.->" if way.back else "-->"
            lines.append(f'  {station.key} {arrow}|"{_plain(way.title.say(language))}"| {way.to}')
    for table in tables(method, language):
        lines.append(f'  subgraph {table.key}_section["{_plain(table.title)}"]')
        for key, cells in table.rows:
            label = "<br/>".join(_plain(text) for text in cells if text)
            lines.append(f'    {table.key}_{key}["{label}"]')
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ")
