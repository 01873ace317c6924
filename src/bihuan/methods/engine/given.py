"""What was given with an act: is it all there, and of the right kind?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from bihuan.methods.schema.model import FieldSpec

from .calendars import Calendar, until
from .types import Refusal, State

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .compiled import Move

FIXED = frozenset(
    {"reason", "parties", "photos", "until", "result", "into", "rung", "posts", "note", "repeats", "channel", "earlier"}
)


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    if isinstance(value, datetime):
        return True
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_IS: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "text": (lambda v: isinstance(v, str), "文字", "text"),
    "long_text": (lambda v: isinstance(v, str), "文字", "text"),
    "number": (lambda v: isinstance(v, int) and not isinstance(v, bool), "整数", "a whole number"),
    "amount": (_is_amount, "数字", "a number"),
    "choice": (lambda v: isinstance(v, str), "一个选项", "one of the options"),
    "choices": (lambda v: isinstance(v, list | tuple), "几个选项", "some of the options"),
    "yes_no": (lambda v: isinstance(v, bool), "是或否", "yes or no"),
    "date": (_is_date, "日期，如 2024-04-03", "a date such as 2024-04-03"),
    "time": (_is_time, "时刻", "an instant"),
    "person": (lambda v: isinstance(v, str), "一个人", "a person"),
}


def check_value(key: str, spec: FieldSpec, value: Any) -> Refusal | None:
    """Return what is wrong with ``value`` for a field, or None."""
    name, name_en = spec.title.zh, spec.title.say("en")
    is_kind, kind, kind_en = _IS[spec.type]
    if not is_kind(value):
        return Refusal("type", f"“{name}”应当是{kind}。", f"'{name_en}' should be {kind_en}.", key)
    if spec.type in {"choice", "choices"} and spec.options:
        wrong = [item for item in ([value] if spec.type == "choice" else value) if item not in spec.options]
        if wrong:
            options = "、".join(option.zh for option in spec.options.values())
            options_en = ", ".join(option.say("en") for option in spec.options.values())
            return Refusal(
                "option", f"“{name}”没有“{wrong[0]}”这个选项。", f"'{name_en}' has no option '{wrong[0]}'.", key,
                f"可以选：{options}。", f"Choose one of: {options_en}.",
            )  # fmt: skip
    if spec.longest is not None and isinstance(value, str) and len(value) > spec.longest:
        return Refusal(
            "long", f"“{name}”有 {len(value)} 字，最多 {spec.longest} 字。",
            f"'{name_en}' has {len(value)} characters, {spec.longest} at most.", key, "写短一些。", "Shorten it.",
        )  # fmt: skip
    if spec.least is not None and isinstance(value, int | float) and value < spec.least:
        return Refusal("least", f"“{name}”不能小于 {spec.least:g}。", f"'{name_en}' is at least {spec.least:g}.", key)
    if spec.most is not None and isinstance(value, int | float) and value > spec.most:
        return Refusal("most", f"“{name}”不能大于 {spec.most:g}。", f"'{name_en}' is at most {spec.most:g}.", key)
    return None


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or (isinstance(value, str) and not value.strip())


def check_fields(
    method: Method, may: Mapping[str, str], required: tuple[str, ...], state: State | None, data: Mapping[str, Any]
) -> list[Refusal]:
    """Check the fields given: known, allowed here, of their type, and the required ones there."""
    found = []
    for key, value in data.items():
        if key in FIXED:
            continue
        spec = method.fields.get(key)
        if spec is None or key not in may:
            zh, en = (spec.title.zh, spec.title.say("en")) if spec else (key, key)
            found.append(Refusal("field", f"这里不填“{zh}”。", f"'{en}' is not given here.", key))
        elif not _empty(value) and (refusal := check_value(key, spec, value)):
            found.append(refusal)
    for key in required:
        if _empty(data.get(key)) and (state is None or key not in state.fields):
            spec = method.fields[key]
            found.append(
                Refusal(
                    "required", f"请填写“{spec.title.zh}”。", f"Please give '{spec.title.say('en')}'.", key,
                    spec.hint.zh if spec.hint else "", spec.hint.say("en") if spec.hint else "",
                )
            )  # fmt: skip
    return found


def check_photos(needs: Mapping[str, int], data: Mapping[str, Any]) -> list[Refusal]:
    """Check that the photos required are there."""
    photos = data.get("photos") or {}
    words = {"before": "处理前照片", "after": "处理后照片", "scene": "现场照片", "paper": "纸质材料照片"}
    return [
        Refusal(
            "photos", f"需要{words.get(tag, tag)}至少 {least} 张。", f"At least {least} photo(s) '{tag}' are needed.",
            f"photos.{tag}", "添加照片后再提交。", "Add them and submit again.",
        )
        for tag, least in needs.items()
        if photos.get(tag, 0) < least
    ]  # fmt: skip


def check_parties(method: Method, move: Move, state: State, data: Mapping[str, Any]) -> list[Refusal]:
    """Check the persons named: how many, never one person in two hands that must differ, taken from where."""
    named: Mapping[str, Any] = data.get("parties") or {}
    found: list[Refusal] = []
    for role in named:
        if role not in move.assigns:
            title = method.role_title(role)
            found.append(
                Refusal(
                    "party", f"这里不指定{title.zh}。", f"'{title.say('en')}' is not named here.", f"parties.{role}"
                )
            )
    merged = {**state.parties, **{role: tuple(people) for role, people in named.items()}}
    # A meeting may resolve without naming anybody; then somebody else assigns later.
    for role in move.assigns if move.spec.does != "resolve" else named:
        found += _check_party(method, role, merged, data)
    return found


def _check_party(
    method: Method, role: str, merged: Mapping[str, tuple[str, ...]], data: Mapping[str, Any]
) -> list[Refusal]:
    spec = method.responsibility.get(method.deputies.get(role, role))
    if spec is None:
        return []
    people, title, field = merged.get(role, ()), method.role_title(role), f"parties.{role}"
    zh, en = title.zh, title.say("en")
    least = spec.at_least if spec.at_least is not None else spec.count
    if role in method.deputies:
        least = 0
    found = []
    if len(people) < least or len(people) > spec.count or len(set(people)) < len(people):
        how_many = f"{least}" if least == spec.count else f"{least}–{spec.count}"
        found.append(
            Refusal(
                "count", f"{zh}应为 {how_many} 人，现在是 {len(set(people))} 人。",
                f"'{en}' needs {how_many} person(s); there are {len(set(people))}.", field,
                f"从名单中选择{zh}。", f"Choose the {en.lower()} from the list.",
            )
        )  # fmt: skip
    for other in spec.distinct_from:
        if set(people) & set(merged.get(other, ())):
            name = method.role_title(other)
            found.append(
                Refusal(
                    "distinct", f"{zh}不能同时是{name.zh}。",
                    f"The {en.lower()} cannot also be the {name.say('en').lower()}.", field,
                    "另选一人。", "Choose another person.",
                )
            )  # fmt: skip
    posts: Mapping[str, Any] = data.get("posts") or {}
    for person in people:
        if person in posts and not set(posts[person]) & set(spec.from_):
            among = "、".join(method.role_title(name).zh for name in spec.from_)
            among_en = ", ".join(method.role_title(name).say("en") for name in spec.from_)
            found.append(Refusal("from", f"{zh}应从{among}中指定。", f"The {en.lower()} is one of: {among_en}.", field))
    return found


def check_extras(
    method: Method, move: Move, state: State, data: Mapping[str, Any], at: datetime, calendar: Calendar
) -> list[Refusal]:
    """Check the reason, the new due time, the rung and the matter merged into."""
    found, spec = [], move.spec
    if spec.reason == "required" and _empty(data.get("reason")):
        found.append(
            Refusal(
                "reason", "请写明理由。", "Please give the reason.", "reason", "一两句话即可。", "A sentence will do."
            )
        )
    asked = data.get("until")
    if asked is not None:
        due = until(asked, calendar)
        if due is None:
            found.append(
                Refusal("until", "到期时间看不懂。", "The due time cannot be read.", "until", "写成 2024-04-08。")
            )
        elif due <= at:
            found.append(Refusal("until", "到期时间已经过去。", "The due time lies in the past.", "until"))
        elif spec.does == "extend":
            found += _check_extension(method, move, state, due, calendar)
    elif spec.does == "extend" and spec.by_how_much is None:
        found.append(Refusal("until", "请写明延到什么时候。", "Please say until when.", "until"))
    if spec.does == "merge" and _empty(data.get("into")):
        found.append(Refusal("into", "请指明并入哪一件。", "Please say which matter it joins.", "into"))
    if spec.does == "escalate" and data.get("rung") is not None:
        top = len(method.file.ladders.get(spec.ladder, ()))
        rung = data["rung"]
        if not isinstance(rung, int) or not state.rung.get(spec.ladder, 0) < rung <= top:
            found.append(
                Refusal("rung", f"只能提到更高的级（最高第 {top} 级）。", f"Only a higher rung (up to {top}).", "rung")
            )
    return found


def _check_extension(method: Method, move: Move, state: State, due: datetime, calendar: Calendar) -> list[Refusal]:
    from .calendars import add

    clock = state.clocks.get(move.spec.clock)
    if clock is None:
        return []
    if due <= clock.due_at:
        return [Refusal("until", "延期后的时间要晚于现在的期限。", "The new due time must be later than now.", "until")]
    most = move.spec.by_how_much
    if most is not None and due > add(calendar, clock.due_at, most):
        return [
            Refusal(
                "until", f"一次最多延长 {most.say()}。", f"One extension is {most.say('en')} at most.", "until",
                "写一个近一些的日期。", "Choose a nearer date.",
            )
        ]  # fmt: skip
    return []
