"""身边榜样: a story is told with the consent of whom it is about, and taken down when they wish it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock, erase, seal, visible
from bihuan.people.api import BULLETIN_WRITE, Actor
from bihuan.reporting.bulletins.store import SUBJECT, load, must
from bihuan.reporting.models import Bulletin

HOW = {"written": "书面", "spoken": "当面口头", "phone": "电话", "message": "微信或短信"}


@transaction.atomic
def consent(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, name: str, how: str, given_on: date) -> Bulletin:
    """Record that somebody who is named agreed to be told of.

    Args:
        actor: needs BULLETIN_WRITE.
        entry_id: UUIDv7 made by the client.
        bulletin_id: a text of kind "model".
        name: whose consent; sealed.
        how: a key of ``HOW``.
        given_on: the day; not in the future.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: it is no role model's story.
        BadInput: no name, no way, a day to come.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(_is_model(row), _still_there(row))
    name = " ".join(visible(name).split())
    problems = []
    if not name or len(name) > 40:
        problems.append(Problem("name", _("没有写是谁同意的，或写得太长。"), ""))
    if how not in HOW:
        problems.append(Problem("how", _("没有选怎样同意的。"), _("书面、当面、电话或微信。")))
    if given_on > clock.today():
        problems.append(Problem("given_on", _("同意的日期在今天之后。"), _("核对日期。")))
    if problems:
        raise BadInput(problems)
    row.consents_json.append({"entry": str(entry_id), "name": name, "how": how, "on": str(given_on)})
    work.set(consents_json=row.consents_json)
    work.record(
        "bulletin.consented",
        {"how": HOW[how], "on": str(given_on)},
        sealed=[seal("name", name, purpose="记录本人同意公开", encrypted=True, keep_until=None, mask="name")],
    )
    return row


@transaction.atomic
def forget(*, actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Bulletin:
    """Take a story down at the wish of whom it is about: every text of it is erased, the chain stays valid.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: it is no role model's story.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(_is_model(row), _still_there(row))
    work.set(state=Bulletin.State.WITHDRAWN, reason=_("按本人意愿撤下"))
    work.record("bulletin.forgotten", {})
    erase(actor=actor.ref(""), subject_type=SUBJECT, subject_id=row.pk)
    row.refresh_from_db()
    return row


def _is_model(row: Bulletin) -> Problem | None:
    if row.kind == Bulletin.Kind.MODEL:
        return None
    return Problem("", _("只有身边榜样要记本人的同意。"), "")


def _still_there(row: Bulletin) -> Problem | None:
    return Problem("", _("已经撤下。"), "") if row.state == Bulletin.State.WITHDRAWN else None
