"""身边榜样: a story is told with the consent of whom it is about, and taken down when they wish it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock, erase, seal, visible
from bihuan.people.api import BULLETIN_WRITE, Actor
from bihuan.reporting.bulletins.store import SUBJECT, load, must
from bihuan.reporting.models import Bulletin

COVERS = {"words": "文字", "picture": "照片"}
HOW = {"written": "书面", "spoken": "当面口头", "phone": "电话", "message": "微信或短信"}


@transaction.atomic
def consent(
    *,
    actor: Actor,
    entry_id: UUID,
    bulletin_id: UUID,
    name: str,
    how: str,
    given_on: date,
    covers: Iterable[str] = ("words",),
) -> Bulletin:
    """Record that somebody who is told of agreed to it: to the words, to their picture, or to both.

    Args:
        actor: needs BULLETIN_WRITE.
        entry_id: UUIDv7 made by the client.
        bulletin_id: a text of kind "model".
        name: whose consent; sealed.
        how: a key of ``HOW``.
        given_on: the day; not in the future.
        covers: keys of ``COVERS``; of the words always, of the picture only where they said so.

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
    agreed = set(covers)
    if "words" not in agreed or agreed - set(COVERS):
        problems.append(Problem("covers", _("没有同意公开文字。"), _("只同意用照片的，也要先同意文字。")))
    if problems:
        raise BadInput(problems)
    said = {"entry": str(entry_id), "name": name, "how": how, "on": str(given_on), "covers": sorted(agreed)}
    row.consents_json.append(said)
    work.set(consents_json=row.consents_json)
    work.record(
        "bulletin.consented",
        {"how": HOW[how], "on": str(given_on), "covers": sorted(agreed)},
        sealed=[seal("name", name, purpose="记录本人同意公开", encrypted=True, keep_until=None, mask="name")],
    )
    return row


@transaction.atomic
def no_picture(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, consent_id: UUID) -> Bulletin:
    """Take back that somebody's picture may be shown; the words stay. At any time, published or not.

    Args:
        actor: needs BULLETIN_WRITE.
        entry_id: UUIDv7 made by the client.
        bulletin_id: which.
        consent_id: the entry of the consent.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: no consent to a picture stands under it.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(_is_model(row), _still_there(row))
    one = next((one for one in row.consents_json if one["entry"] == str(consent_id)), None)
    if one is None or "picture" not in one.get("covers", ()):
        must(Problem("", _("这里没有同意用照片的记录。"), _("请刷新页面。")))
    else:
        one["covers"] = ["words"]
    work.set(consents_json=row.consents_json)
    work.record("bulletin.picture_withdrawn", {"consent": str(consent_id)})
    return row


def pictures_agreed(row: Bulletin) -> bool:
    """Say whether all who are told of agreed to their picture."""
    return bool(row.consents_json) and all("picture" in one.get("covers", ()) for one in row.consents_json)


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
