"""Why something may not be done with a bulletin now: one list for the refusal and for the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.kernel.api import Problem, clock
from bihuan.people.api import Actor
from bihuan.reporting.bulletins import wording
from bihuan.reporting.bulletins.editing import to_text
from bihuan.reporting.documents import from_json
from bihuan.reporting.models import Bulletin

State = Bulletin.State


def text(row: Bulletin) -> str:
    """Return a bulletin's text as it is edited."""
    return to_text(from_json(row.blocks_json))


def state_title(row: Bulletin) -> str:
    """Return how it stands, in words."""
    if row.state == State.PUBLISHED and row.kind == Bulletin.Kind.NOTICE:
        return _("公示已结束") if row.concluded_at else _("公示中")
    return {
        State.DRAFT: _("草稿"),
        State.CHECKED: _("已核对"),
        State.SIGNED: _("已签发"),
        State.PUBLISHED: _("已发布"),
        State.WITHDRAWN: _("已撤回"),
    }[State(row.state)]


def kind_title(kind: str) -> str:
    """Return what it is, in words."""
    return {"bulletin": _("简报"), "notice": _("公示"), "model": _("身边榜样"), "document": _("公文")}[kind]


def open_to_edit(row: Bulletin) -> Problem | None:
    """What was signed off is changed no more."""
    if row.state in {State.DRAFT, State.CHECKED}:
        return None
    return Problem("", _("已经签发，不能再改。"), _("确有错误的，撤回后另写一份。"))


def no_blanks(row: Bulletin) -> Problem | None:
    """Every blank is filled in before the text is checked."""
    found = wording.BLANK.findall(f"{row.title}\n{row.to}\n{row.copies}\n{text(row)}")
    if not found:
        return None
    return Problem("text", _("还有 %(n)s 处没有填写：%(what)s。") % {"n": len(found), "what": "".join(found[:5])},
                   _("填好，或删掉这一句。"))  # fmt: skip


def checked(row: Bulletin) -> Problem | None:
    """Only what was checked is signed off."""
    if row.state == State.CHECKED:
        return None
    if row.state == State.DRAFT:
        return Problem("", _("还没有核对。"), _("先核对数字。"))
    return Problem("", _("已经签发。"), "")


def by_another(actor: Actor, row: Bulletin) -> Problem | None:
    """Who wrote it does not sign it off, unless its template says that they may."""
    if row.rules_json.get("sign") == "anyone" or actor.kind == "system" or actor.person_id != row.author_id:
        return None
    return Problem("", _("起草人自己不能签发。"), _("请由另一位有签发权的人签发。"))


def agreed(row: Bulletin) -> Problem | None:
    """Nobody is held up as a role model who has not agreed to it."""
    if row.kind != Bulletin.Kind.MODEL or row.consents_json:
        return None
    return Problem("", _("还没有记下本人的同意。"), _("先问过本人，记下是怎样同意的、哪一天。"))


def signed(row: Bulletin) -> Problem | None:
    """Only what was signed off is published."""
    if row.state == State.SIGNED:
        return None
    return Problem("", _("还没有签发，或已经发布、撤回。"), "")


def out_already(row: Bulletin) -> Problem | None:
    """Only what was signed off or published can be withdrawn."""
    return None if row.state in {State.SIGNED, State.PUBLISHED} else Problem("", _("还没有签发，不用撤回。"), "")


def window_open(row: Bulletin) -> Problem | None:
    """Objections are heard until the end of the last day of the window."""
    is_notice = row.kind == Bulletin.Kind.NOTICE and row.state == State.PUBLISHED
    if is_notice and row.window_until is not None and clock.today() <= row.window_until:
        return None
    return Problem("", _("不在公示期内，不再接受异议。"), _("有新的情况，请在首页反映问题。"))


def may_conclude(row: Bulletin, unanswered: int) -> Problem | None:
    """A notice ends after its window, with every objection answered."""
    if row.kind != Bulletin.Kind.NOTICE or row.state != State.PUBLISHED:
        return Problem("", _("这不是正在公示的内容。"), "")
    if row.concluded_at is not None:
        return Problem("", _("公示已经结束。"), "")
    if row.window_until is not None and clock.today() <= row.window_until:
        return Problem("", _("公示期还没有过：到 %(day)s 为止。") % {"day": row.window_until}, _("到期后再结束。"))
    if unanswered:
        return Problem("", _("还有 %(n)s 条异议没有答复。") % {"n": unanswered}, _("逐条答复后再结束。"))
    return None
