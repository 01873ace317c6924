"""An activity against the record: what was announced, how it changed, how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import instant
from bihuan.web.portal.compared.told import Told, body_of, differ, photos, places

_PLAIN = ("title", "place", "festival", "capacity")
_INSTANTS = ("starts_at", "ends_at", "sign_up_until")
_ANNOUNCED = ("activity.announced", "activity.changed", "activity.moved")
_HELD = ("activity.held", "activity.corrected")
_SIGNED = ("activity.signed_up", "activity.signed_up_for")


def differences(row: Activity, told: Told) -> Iterator[str]:
    """Yield what its page shows otherwise than the record says."""
    yield from places(row.area_code, told)
    yield from _announced(row, told)
    yield from _state(row, told)
    yield from _coming(row, told)
    brought = [digest for _entry, body in told.bodies(*_HELD) for digest in body.get("photos", ())]
    yield from photos("activity", row.pk, told, brought)


def _announced(row: Activity, told: Told) -> Iterator[str]:
    words = {
        "title": _("活动名称"), "place": _("地点"), "festival": _("节日"), "capacity": _("名额"),
        "starts_at": _("时间"), "ends_at": _("时间"), "sign_up_until": _("报名截止"), "text": _("活动内容"),
    }  # fmt: skip
    then: dict[str, Any] = {}
    text: str | None = ""
    for entry, body in told.bodies(*_ANNOUNCED):
        then |= {name: body[name] for name in (*_PLAIN, *_INSTANTS) if name in body}
        if "text" in body.get("sealed", {}):
            text = told.text(entry.pk, "text")
    now = {name: getattr(row, name) for name in _PLAIN} | {name: _written(getattr(row, name)) for name in _INSTANTS}
    yield from (differ(words[name]) for name, value in now.items() if then.get(name) != value)
    if text is not None and row.text != text:
        yield differ(words["text"])
    first = body_of(told.entries[0])
    if first.get("kind") != row.kind or first.get("team", "") != (str(row.team_id) if row.team_id else ""):
        yield differ(_("谁来办、办什么"))
    if row.announced_at != told.entries[0].happened_at:
        yield _("发布时间与记录不符。")


def _written(at: datetime | None) -> str | None:
    return instant(at) if at is not None else None


def _state(row: Activity, told: Told) -> Iterator[str]:
    held, off = told.last(*_HELD), told.last("activity.called_off")
    state = Activity.State.HELD if held else Activity.State.CANCELLED if off else Activity.State.ANNOUNCED
    if row.state != state:
        yield differ(_("活动的状态（已发布、已举办或已取消）"))
    reason = told.text(off.pk, "reason") if off is not None else ""
    if reason is not None and row.reason != reason:
        yield differ(_("取消的原因"))
    summary = told.text(held.pk, "summary") if held is not None and "summary" in _sealed(held) else ""
    if summary is not None and row.summary != summary:
        yield differ(_("办得怎么样"))
    came = _people(row, SignUp.State.CAME) + row.came_uncounted
    if held is not None and body_of(held).get("number") != came:
        yield differ(_("到场人数"))


def _sealed(entry: Any) -> Any:
    return body_of(entry).get("sealed", {})


def _people(row: Activity, *states: str) -> int:
    return sum(one.people for one in row.sign_ups.all() if one.state in states)


def _coming(row: Activity, told: Told) -> Iterator[str]:
    """How many signed up: while the sign-ups are taken, each entry has its row, and each row its entry."""
    signed = {str(entry.pk): body.get("people") for entry, body in told.bodies(*_SIGNED)}
    kept = {str(one.pk): one.people for one in row.sign_ups.all()}
    if signed != kept:
        yield differ(_("报名人数"))
