"""Plays one scenario: every act through the engine, the clocks between them, every expectation checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from bihuan.methods.engine.calendars import SHANGHAI, Calendar, add, default_calendar
from bihuan.methods.engine.clocks import next_tick
from bihuan.methods.engine.decide import SYSTEM, decide, initial
from bihuan.methods.engine.offers import waits
from bihuan.methods.engine.types import By, Effect, Event, Outcome, Refusal, Refusals, State
from bihuan.methods.loader.messages import say
from bihuan.methods.loader.nodes import read
from bihuan.methods.loader.words import Translator
from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Problem, Report
from bihuan.methods.sections import Play, Scene, sections

from .expect import mistakes
from .script import Act, Script

MAX_TICKS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, who, what, and where the matter then stands."""

    at: datetime
    who: str
    action: str
    title: str
    step: str
    refused: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(slots=True)
class Simulation:
    """What came of a scenario. ``problems`` are errors of the scenario file, and expectations that failed."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    state: State | None = None
    waiting: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every expectation held."""
        return not self.problems

    @property
    def path(self) -> list[str]:
        """The steps passed, in order."""
        out: list[str] = []
        for line in self.lines:
            if line.step and (not out or out[-1] != line.step):
                out.append(line.step)
        return out

    def as_json(self) -> dict[str, Any]:
        """Return the simulation as plain JSON."""
        from bihuan.methods.engine.codec import state_to_json

        return {
            "title": self.title,
            "ok": self.ok,
            "path": self.path,
            "lines": [
                {
                    "at": line.at.isoformat(), "who": line.who, "action": line.action, "step": line.step,
                    "refused": list(line.refused), "effects": list(line.effects),
                }
                for line in self.lines
            ],
            "waiting": self.waiting,
            "problems": [problem.as_json() for problem in self.problems],
            "state": state_to_json(self.state) if self.state else None,
        }  # fmt: skip


def simulate(method: Method, scenario: str, calendar: Calendar | None = None) -> Simulation:
    """Play the scenario written in ``scenario`` (YAML). Never raises for what is written in it."""
    report = Report()
    script, extras, plays = _read(method, scenario, report)
    result = Simulation(problems=report.problems)
    if script is None:
        return result
    result.title = script.title.zh
    player = _Player(method, script, extras, calendar or default_calendar(), result, report)
    player.plays = plays
    player.play()
    result.problems = report.ordered()
    return result


Told = tuple[str, Play, Any]  # the section's key, what plays, the value as written


def _read(method: Method, text: str, report: Report) -> tuple[Script | None, list[dict[str, Any]], list[list[Told]]]:
    found = read(text, report)
    if not isinstance(found.data, dict):
        return None, [], []
    acts = found.data.get("经过", found.data.get("acts"))
    extras = [_section_words(method, act) for act in acts] if isinstance(acts, list) else []
    plays = [_section_plays(method, act) for act in acts] if isinstance(acts, list) else []
    translator = Translator(found, report)
    data = translator.part(Script, found.data, (), ())
    report.positions = translator.positions
    try:
        script = Script.model_validate(data)
    except ValidationError as errors:
        for error in errors.errors():
            loc: Path = tuple(error["loc"])
            code, zh, en, mend, mend_en = say(error, str(loc[-1]) if loc else "")
            report.error(loc, code, zh, en, mend, mend_en)
        return None, [], []
    if script.method and script.method != method.key:
        report.error(
            ("method",), "method", f"这个场景是给“{script.method}”写的。", f"It is written for '{script.method}'."
        )
    return (None, [], []) if report.errors else (script, extras, plays)


def _section_words(method: Method, act: Any) -> dict[str, Any]:
    """Take the words of registered sections out of an act and return the data they stand for."""
    out: dict[str, Any] = {}
    if not isinstance(act, dict):
        return out
    for key in method.section_keys:
        section = sections().get(key)
        for name, fn in section.scenario.items() if section else ():
            if name in act:
                out.update(fn(method, method.section(key), act.pop(name)))
    return out


def _section_plays(method: Method, act: Any) -> list[Told]:
    """Take the words that play by themselves (they are about no matter) out of an act."""
    if not isinstance(act, dict):
        return []
    return [
        (key, play, act.pop(name))
        for key in method.section_keys
        if (section := sections().get(key)) is not None
        for name, play in section.plays.items()
        if name in act
    ]


class _Player:
    """Plays the acts in order; keeps the time and the state."""

    def __init__(
        self, method: Method, script: Script, extras: list[dict[str, Any]], calendar: Calendar, result: Simulation,
        report: Report,
    ) -> None:  # fmt: skip
        self.method, self.script, self.extras, self.calendar = method, script, extras, calendar
        self.result, self.report = result, report
        self.state: State | None = None
        self.now: datetime | None = None
        self.told: list[Effect] = []
        self.plays: list[list[Told]] = []
        self.memory: dict[str, dict[Any, Any]] = {}

    def play(self) -> None:
        for number, act in enumerate(self.script.acts):
            path: Path = ("acts", number)
            at = self.time(act, path)
            if at is None:
                return
            self.told = []
            self.tick_until(at)
            self.now = at
            refused: tuple[Refusal, ...] = ()
            by = self.by(act.who)
            for told in self.plays[number] if number < len(self.plays) else ():
                self.scene(told, act.who, by, at, path)
            if act.does:
                refused = self.act(act, number, by, at)
                if refused and not (act.expect and act.expect.refused):
                    why = " ".join(r.message for r in refused)
                    why_en = " ".join(r.message_en for r in refused)
                    self.report.error(
                        path, "refused", f"“{act.does}”没有做成：{why}", f"'{act.does}' was refused: {why_en}"
                    )
            if act.expect and (self.state is not None or act.expect.refused):
                self.check(act, path, by, refused)
        self.result.state = self.state
        if self.state is not None:
            self.result.waiting = [
                f"{self.method.role_title(wait.role).zh}{f'（{wait.person}）' if wait.person else ''}："
                f"{self.method.action_title(wait.action).zh}"
                for wait in waits(self.method, self.state)
            ]

    def time(self, act: Act, path: Path) -> datetime | None:
        if act.at:
            try:
                at = datetime.fromisoformat(act.at)
            except ValueError:
                self.report.error(
                    (*path, "at"),
                    "time",
                    f"时间“{act.at}”看不懂。",
                    f"The time '{act.at}' cannot be read.",
                    "写成 2024-04-01 09:00。",
                    "Write 2024-04-01 09:00.",
                )
                return None
            at = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        elif self.now is None:
            self.report.error(path, "time", "第一步要写时间。", "The first act needs a time.")
            return None
        else:
            at = add(self.calendar, self.now, act.after) if act.after else self.now + timedelta(minutes=1)
        if self.now is not None and at < self.now:
            self.report.error(path, "time", "时间倒退了。", "Time runs backwards here.")
            return None
        return at

    def by(self, who: str) -> By:
        if who in self.script.cast:
            roles = set(self.script.cast[who])
            if self.state is not None:
                roles |= {role for role, people in self.state.parties.items() if who in people}
            return By(who, frozenset(roles | {"anyone"}))
        return SYSTEM if who == "system" else By(None, frozenset({who, "anyone"} if who else {"anyone"}))

    def act(self, act: Act, number: int, by: By, at: datetime) -> tuple[Refusal, ...]:
        data = self.data(act, number)
        opening = act.does in self.method.starts and self.state is None
        if opening and act.does == "report" and not act.anonymous and by.person:
            data["parties"] = {**data.get("parties", {}), "reporter": [by.person]}
        event = Event(act.does, at, by, data)
        if self.state is None:
            outcome: Outcome | Refusals = initial(self.method, event, self.calendar)
        else:
            outcome = decide(self.method, self.state, event, self.calendar)
        title = self.method.action_title(act.does).zh
        if isinstance(outcome, Refusals):
            self.line(at, act.who, act.does, title, refused=tuple(r.code for r in outcome.reasons))
            return outcome.reasons
        self.state = outcome.state
        self.told += outcome.effects
        self.line(at, act.who, act.does, title, effects=outcome.effects)
        return ()

    def scene(self, told: Told, who: str, by: By, at: datetime, path: Path) -> None:
        """Play what is about no matter: a visit, a place that is due."""
        key, play, value = told
        memory = self.memory.setdefault(key, {})
        played = play(self.method, self.method.section(key), value, Scene(at, who, by.roles, memory))
        step = self.state.step if self.state else ""
        self.result.lines.append(Line(at, who, key, played.title, step, effects=played.said))
        for zh, en in played.wrong:
            self.report.error(path, "expected", zh, en)

    def data(self, act: Act, number: int) -> dict[str, Any]:
        data: dict[str, Any] = {**act.gives, **act.extra}
        if number < len(self.extras):
            data.update(self.extras[number])
        fixed = {
            "reason": act.reason,
            "until": act.until,
            "into": act.into,
            "rung": act.rung,
            "repeats": act.repeats,
            "photos": act.photos,
            "parties": dict(act.names),
        }
        data.update({name: value for name, value in fixed.items() if value})
        if act.names:
            people = {person for group in act.names.values() for person in group}
            data["posts"] = {p: list(self.script.cast[p]) for p in people if p in self.script.cast}
        return data

    def tick_until(self, at: datetime) -> None:
        for _ in range(MAX_TICKS):
            if self.state is None:
                return
            due = next_tick(self.method, self.state, self.calendar)
            if due is None or due > at:
                return
            outcome = decide(self.method, self.state, Event("tick", due, SYSTEM), self.calendar)
            if isinstance(outcome, Refusals):
                return
            self.state = outcome.state
            self.told += outcome.effects
            self.line(due, "system", "tick", "时限", effects=outcome.effects)

    def line(
        self, at: datetime, who: str, action: str, title: str, *, refused: tuple[str, ...] = (),
        effects: tuple[Effect, ...] = (),
    ) -> None:  # fmt: skip
        step = self.state.step if self.state else ""
        said = tuple(text for effect in effects if (text := describe(self.method, effect)))
        self.result.lines.append(Line(at, who, action, title, step, refused, said))

    def check(self, act: Act, path: Path, by: By, refused: tuple[Refusal, ...]) -> None:
        assert act.expect is not None  # noqa: S101
        for name, zh, en in mistakes(
            self.method, self.state, act.expect, self.by(act.who), self.now, refused, self.told, self.calendar
        ):
            self.report.error((*path, "expect", name), "expected", zh, en)


def describe(method: Method, effect: Effect) -> str:
    """Return an effect in a few Chinese words, "" for those that a reader of the path can do without."""
    data: Mapping[str, Any] = effect.data
    clock = method.clocks[data["clock"]].title.zh if data.get("clock") in method.clocks else ""
    due = str(data.get("due_at", ""))[:16].replace("T", " ")
    who = method.role_title(str(data.get("role", ""))).zh
    outcome = method.outcomes.get(str(data.get("outcome", "")))
    words = {
        "clock_started": f"{clock}起算，{due} 到期",
        "clock_extended": f"{clock}延到 {due}",
        "clock_paused": f"{clock}暂停",
        "clock_resumed": f"{clock}恢复，{due} 到期",
        "clock_stopped": f"{clock}停止{'（超期）' if data.get('late') else ''}",
        "card": f"{clock}{'黄牌' if data.get('colour') == 'yellow' else '红牌'}",
        "late": f"{clock}到期",
        "escalated": f"提级到{who}",
        "closed": f"办结：{outcome.title.zh if outcome else '—'}",
        "asked": "等待同意",
        "granted": "已同意",
        "denied": "未同意",
        "assigned": f"{who}：{data.get('person')}",
        "lapsed": "逾期由系统处理",
        "merged": f"并入 {data.get('into')}",
    }
    return words.get(effect.kind, "")


__all__ = ["Line", "Simulation", "describe", "simulate"]
