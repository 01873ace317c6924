"""Scenario words of rounds: on this day this place is due for that role; a visit then covers it.

::

    - 时间: 2024-04-08 09:00
      谁: 张网格
      应巡: {patrol: [3号楼, 5号楼]}                # due
    - 谁: 张网格
      巡访: {计划: patrol, 地点: 3号楼, 同去: [property, police]}    # a visit; 不算: alone where it must not count
    - 谁: 张网格
      巡访情况: {patrol: {3号楼: 已走访}}            # 应走访 已走访 间隔未到 不在季节 等前一级
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bihuan.fieldwork import engine
from bihuan.fieldwork.engine import Cover, Facts, Plan
from bihuan.fieldwork.section import Rounds
from bihuan.methods.api import Method, Played, Scene

STATES = {
    "due": "应走访",
    "done": "已走访",
    "too_soon": "间隔未到",
    "off_season": "不在季节",
    "after_level": "等前一级",
}
STATES_EN = {
    "due": "due", "done": "done", "too_soon": "too soon", "off_season": "out of season",
    "after_level": "after the level before",
}  # fmt: skip
WHY = {
    "role": "不是该走的人", "off_season": "不在季节", "nobody": "家中无人", "alone": "同去的人没有来",
    "after_level": "前一级还没有走", "too_soon": "间隔未到",
}  # fmt: skip
WHY_EN = {
    "role": "not theirs to go", "off_season": "out of season", "nobody": "nobody at home",
    "alone": "without those who must come", "after_level": "the level before has not been", "too_soon": "too soon",
}  # fmt: skip
_KEYS = {
    "计划": "plan", "地点": "place", "级": "level", "同去": "together", "无人": "nobody", "动作": "act",
    "不算": "not_counted",
}  # fmt: skip
_STATE_OF = {**{zh: key for key, zh in STATES.items()}, **{key: key for key in STATES}}
_WHY_OF = {**{zh: key for key, zh in WHY.items()}, **{key: key for key in WHY}}
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
            _cover(scene, other, place, level)
    title = f"{section.plans[key].title.zh}：{place}"
    wanted = _WHY_OF.get(str(given.get("not_counted", "")), str(given.get("not_counted", "")))
    said = () if counted else (f"不算：{WHY[why]}",)
    return Played(title, said, tuple(_visit_wrong(title, wanted, why)))


def _visit_wrong(title: str, wanted: str, why: str) -> Iterator[tuple[str, str]]:
    if wanted != why:
        zh, en = WHY.get(wanted, wanted), WHY_EN.get(wanted, wanted)
        got, got_en = WHY.get(why, "算"), WHY_EN.get(why, "it counted")
        should, should_en = (f"应当因“{zh}”不算", f"should not count ({en})") if wanted else ("应当算", "should count")
        yield f"“{title}”{should}，实际：{got}。", f"'{title}' {should_en}; in fact: {got_en}."


def _act(section: Rounds, act: str, place: str, scene: Scene) -> Played:
    found = section.covered_by(act)
    for key in found:
        _cover(scene, key, place, 1)
    title = f"{act.removeprefix('act.')}：{place}"
    if found:
        return Played(title)
    return _wrong(title, f"“{act}”不等于走过任何一处。", f"'{act}' is equivalent to no round.")


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
    said.append(f"{place} {STATES[got]}")
    state = _STATE_OF.get(wanted, wanted)
    if state != got:
        should, should_en = STATES.get(state, state), STATES_EN.get(state, state)
        yield (
            f"“{place}”应当是“{should}”，实际是“{STATES[got]}”。",
            f"'{place}' should be '{should_en}', but is '{STATES_EN[got]}'.",
        )


def _covers(scene: Scene, key: str, place: str) -> list[Cover]:
    found: list[Cover] = scene.memory.setdefault((key, place), [])
    return found


def _cover(scene: Scene, key: str, place: str, level: int) -> None:
    _covers(scene, key, place).append(Cover(scene.at, level))


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
