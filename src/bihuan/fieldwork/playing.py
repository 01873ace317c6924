"""Scenario words of rounds: on this day this place is due for that role; a visit then covers it.

::

    - 时间: 2024-04-08 09:00
      谁: 张网格
      应巡: {patrol: [3号楼, 5号楼]}                # due
    - 谁: 张网格
      巡访: {计划: patrol, 地点: 3号楼, 同去: [property, police]}    # a visit; 不算: alone where it must not count
    - 谁: 张网格
      巡访情况: {patrol: {3号楼: 已到}}              # 待去 已到 间隔未到 不在季节 等上一级
    - 谁: 张网格
      巡访: {计划: household_visit, 地点: 3单元502, 发现: 是}        # what is found there becomes a matter,
    - 谁: 张网格
      巡访: {动作: ask_by_visit, 地点: 3单元502}     # and an act on that matter, where the round counts it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bihuan.fieldwork import engine
from bihuan.fieldwork.engine import Cover, Facts, Plan
from bihuan.fieldwork.section import Rounds
from bihuan.fieldwork.states import STATES, WHY, state_words, uncounted_words, why_words
from bihuan.methods.api import Method, Played, Scene

_KEYS = {
    "计划": "plan", "地点": "place", "级": "level", "同去": "together", "无人": "nobody", "动作": "act",
    "不算": "not_counted", "发现": "found",
}  # fmt: skip
_STATE_OF = {name: key for key, words in STATES.items() for name in (key, *words)}
_WHY_OF = {name: key for key, words in WHY.items() for name in (key, *words)}
FIRST = 1  # the level at which what counts as a visit covers a place
FOUND = "found at"  # what the scene remembers of a place where a visit found something
_YES = {"是", True, "true"}


def due(method: Method, section: Rounds, value: Any, scene: Scene) -> Played:
    """应巡: {round: [places]}: these places are due for whoever the act names."""
    wanted = {key: dict.fromkeys(_many(places), "due") for key, places in _mapping(value).items()}
    return _compared(method, section, wanted, scene)


def standing(method: Method, section: Rounds, value: Any, scene: Scene) -> Played:
    """巡访情况: {round: {place: state}}: how each place stands."""
    wanted = {
        str(key): {str(place): str(state) for place, state in _mapping(states).items()}
        for key, states in _mapping(value).items()
    }
    return _compared(method, section, wanted, scene)


def visit(method: Method, section: Rounds, value: Any, scene: Scene) -> Played:
    """巡访: a visit to a place (or an equivalent act there); it is kept, and covers the place where it counts."""
    given = {_KEYS.get(str(key), str(key)): item for key, item in _mapping(value).items()}
    unknown = sorted(set(given) - set(_KEYS.values()))
    if unknown:
        return _wrong("巡访", f"巡访没有这几项：{'、'.join(unknown)}。", f"A visit has no {', '.join(unknown)}.")
    place, key = str(given.get("place", "")), str(given.get("plan", ""))
    if given.get("act"):
        return _act(section, f"act.{given['act']}", place, scene)
    plan = section.plan(key)
    if plan is None:
        return _wrong("巡访", f"没有巡访计划“{key}”。", f"There is no round '{key}'.")
    level = _level(given.get("level")) or next(iter(engine.levels_of(plan, scene.roles)), 1)
    going = engine.goes_as(plan, level, scene.roles)
    facts = Facts(
        scene.at,
        going.role if going else next(iter(sorted(scene.roles - {"anyone"})), ""),
        frozenset(map(str, _many(given.get("together")))),
        nobody=given.get("nobody") in _YES,
    )
    counted, why = engine.counts(plan, level, facts, _covers(scene, key, place))
    if counted:
        _cover(scene, key, place, level)
        for other in section.covered_by(f"plans.{key}"):
            _cover(scene, other, place, FIRST, own=False)
    if given.get("found") in _YES:
        scene.memory[FOUND, place] = True
    title = f"{section.plans[key].title.zh}：{place}"
    wanted = _WHY_OF.get(str(given.get("not_counted", "")), str(given.get("not_counted", "")))
    said = () if counted else (uncounted_words(why),)
    return Played(title, said, tuple(_visit_wrong(title, wanted, why)))


def _visit_wrong(title: str, wanted: str, why: str) -> Iterator[tuple[str, str]]:
    if wanted != why:
        zh, en = why_words(wanted), why_words(wanted, "en")
        got, got_en = why_words(why) or "算", why_words(why, "en") or "it counted"
        should, should_en = (f"应当因“{zh}”不算", f"should not count ({en})") if wanted else ("应当算", "should count")
        yield f"“{title}”{should}，实际：{got}。", f"'{title}' {should_en}; in fact: {got_en}."


def _act(section: Rounds, act: str, place: str, scene: Scene) -> Played:
    """An act on a matter covers the area that the matter is in, and the place where it was found on a visit."""
    title = f"{act.removeprefix('act.')}：{place}"
    equivalent = section.covered_by(act)
    covered = [key for key in equivalent if section.plans[key].area_levels or scene.memory.get((FOUND, place))]
    for key in covered:
        _cover(scene, key, place, FIRST, own=False)
    if not equivalent:
        return _wrong(title, f"“{act}”不等于走过任何一处。", f"'{act}' is equivalent to no round.")
    if not covered:
        return _wrong(
            title,
            f"没有一次走访在“{place}”发现过问题（发现: 是）：不知道这件事是哪一处的，不算走过。",
            f"No visit found anything at '{place}' (found: true): the matter is of no known place, and covers none.",
        )
    return Played(title)


def _compared(method: Method, section: Rounds, wanted: Mapping[str, Mapping[str, str]], scene: Scene) -> Played:
    wrong: list[tuple[str, str]] = []
    said: list[str] = []
    for key, places in wanted.items():
        plan = section.plan(key)
        if plan is None:
            wrong.append((f"没有巡访计划“{key}”。", f"There is no round '{key}'."))
            continue
        levels = engine.levels_of(plan, scene.roles)
        if not levels:
            name = section.plans[key].title
            wrong.append((f"“{scene.who}”不走“{name.zh}”。", f"'{scene.who}' does not go on '{name.say('en')}'."))
            continue
        for place, state in places.items():
            wrong += _differs(plan, levels[0], place, state, scene, said)
    return Played(
        "、".join(section.plans[key].title.zh for key in wanted if key in section.plans), tuple(said), (*wrong,)
    )


def _differs(
    plan: Plan, level: int, place: str, wanted: str, scene: Scene, said: list[str]
) -> Iterator[tuple[str, str]]:
    got = engine.standing(plan, level, _covers(scene, plan.key, place), engine.day_of(scene.at)).state
    said.append(f"{place} {state_words(got)}")
    state = _STATE_OF.get(wanted, wanted)
    if state != got:
        should, should_en = state_words(state), state_words(state, "en")
        got_zh, got_en = state_words(got), state_words(got, "en")
        yield (
            f"“{place}”应当是“{should}”，实际是“{got_zh}”。",
            f"'{place}' should be '{should_en}', but is '{got_en}'.",
        )


def _covers(scene: Scene, key: str, place: str) -> list[Cover]:
    found: list[Cover] = scene.memory.setdefault((key, place), [])
    return found


def _cover(scene: Scene, key: str, place: str, level: int, *, own: bool = True) -> None:
    _covers(scene, key, place).append(Cover(scene.at, level, own))


def _level(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _wrong(title: str, zh: str, en: str) -> Played:
    return Played(title, (), ((zh, en),))
