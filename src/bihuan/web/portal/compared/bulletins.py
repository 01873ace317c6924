"""A published bulletin, notice or role model against the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.api import clock
from bihuan.kernel.models import Entry
from bihuan.reporting.models import Bulletin
from bihuan.web.portal.compared.told import Told, body_of, differ, object_of, places

_SHOWN = ("title", "blocks_json", "to", "copies", "number")


def differences(row: Bulletin, told: Told) -> Iterator[str]:
    """Yield what its page shows otherwise than the record says."""
    last = told.last("bulletin.published", "bulletin.withdrawn", "bulletin.forgotten")
    out = last is not None and last.verb == "bulletin.published"
    if out != (row.state == Bulletin.State.PUBLISHED):
        yield _("页面上的状态（发布或撤回）与记录不符。")
    yield from places(row.area_code, told)
    drafted = body_of(told.entries[0]).get("kind") if told.entries else None
    if drafted is not None and drafted != row.kind:
        yield differ(_("种类"))
    if last is not None and out:
        yield from _published(row, told, last)
        yield from _answers(row, told)
    elif last is not None and last.verb == "bulletin.withdrawn":
        yield from _withdrawn(row, told, last)


def _published(row: Bulletin, told: Told, last: Entry) -> Iterator[str]:
    local = last.happened_at.astimezone(clock.ZONE).date()
    window = (row.window_from, str(row.window_until))
    if row.kind == Bulletin.Kind.NOTICE and window != (local, body_of(last).get("until")):
        yield _("公示期与记录不符。")
    if row.published_at != last.happened_at:
        yield _("发布时间与记录不符。")
    titles = {
        "title": _("标题"), "blocks_json": _("正文"), "to": _("主送"), "copies": _("抄送"), "number": _("文号"),
    }  # fmt: skip
    then = object_of(told.text(last.pk, "text"))
    for name in _SHOWN:
        if then.get(name) != getattr(row, name):
            yield _("%(what)s与发布时的记录不一致。") % {"what": titles[name]}
    end = told.last("bulletin.concluded")
    outcome = told.text(end.pk, "outcome") if end is not None else ""
    if (outcome is not None and outcome != row.outcome) or row.concluded_at != (end.happened_at if end else None):
        yield _("公示结果与记录不符。")


def _withdrawn(row: Bulletin, told: Told, last: Entry) -> Iterator[str]:
    """Of what was withdrawn the title and the reason are left."""
    if row.reason != body_of(last).get("reason"):
        yield differ(_("撤回的原因"))
    before = told.last("bulletin.published")
    text = told.text(before.pk, "text") if before is not None else None
    if text is not None and object_of(text).get("title") != row.title:
        yield _("%(what)s与发布时的记录不一致。") % {"what": _("标题")}


def _answers(row: Bulletin, told: Told) -> Iterator[str]:
    """The objections of a notice: how many there are, which were answered, when, and whether they were upheld."""
    if row.kind != Bulletin.Kind.NOTICE:
        return
    raised: dict[str, tuple[Any, ...]] = {str(one.pk): (None, None) for one in told.said("bulletin.objected")}
    for entry, body in told.bodies("bulletin.answered"):
        raised[str(body.get("objection"))] = (entry.happened_at, body.get("upheld"))
    shown = {str(one.pk): (one.answered_at, one.upheld) for one in row.objections.all()}
    if shown != raised:
        yield differ(_("异议和答复"))
