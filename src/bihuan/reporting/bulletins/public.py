"""What needs no account: published bulletins, notices, role models; the page behind an objection's link."""

from __future__ import annotations

from uuid import UUID

from bihuan.areas.api import names as area_names
from bihuan.areas.api import subtree_q
from bihuan.kernel.api import Refused, unseal
from bihuan.kernel.models import Entry, Sealed
from bihuan.reporting.bulletins import guards
from bihuan.reporting.bulletins.queries import PAGE, answers_of, page_of
from bihuan.reporting.bulletins.shapes import Listing, MyObjection, PublicAnswer, PublicPage
from bihuan.reporting.bulletins.showing import shown
from bihuan.reporting.bulletins.store import SUBJECT, content_of
from bihuan.reporting.bulletins.tokens import hash_of
from bihuan.reporting.models import Bulletin, Objection

_OUT = (Bulletin.State.PUBLISHED, Bulletin.State.WITHDRAWN)


def published_bulletins(
    area_code: str = "", *, kind: str = "", cursor: str | None = None, limit: int = PAGE
) -> Listing:
    """Return one page of what is published in an area and below, the newest first.

    Raises:
        BadInput: for a bent cursor.
    """
    found = Bulletin.objects.filter(state=Bulletin.State.PUBLISHED, published_at__isnull=False)
    if area_code:
        found = found.filter(subtree_q("area_code", area_code))
    if kind in Bulletin.Kind.values:
        found = found.filter(kind=kind)
    return page_of(found, "published_at", cursor, limit)


def published_bulletin(bulletin_id: UUID) -> PublicPage | None:
    """Return one that is (or was) published as anybody may read it; None where it never was.

    Of one that was withdrawn only the title and the reason are left, of an erased one not even the title.
    """
    row = Bulletin.objects.filter(pk=bulletin_id, state__in=_OUT, published_at__isnull=False).first()
    if row is None:
        return None
    withdrawn = row.state == Bulletin.State.WITHDRAWN
    answers = answers_of(row) if row.kind == Bulletin.Kind.NOTICE else {}
    objections = list(row.objections.order_by("answered_at")) if row.kind == Bulletin.Kind.NOTICE else []
    return PublicPage(
        row=row,
        area_name=area_names([row.area_code]).get(row.area_code, row.area_code),
        kind_title=guards.kind_title(row.kind),
        state_title=guards.state_title(row),
        blocks=() if withdrawn else shown(row.blocks_json, {}),
        window_open=guards.window_open(row) is None,
        waiting=sum(one.answered_at is None for one in objections),
        answers=tuple(
            PublicAnswer(answers.get(one.pk, ""), one.answered_at, bool(one.upheld))
            for one in objections
            if one.answered_at is not None
        ),
        unchanged=unchanged(row),
        withdrawn=withdrawn,
    )


def unchanged(row: Bulletin) -> bool:
    """Say whether a bulletin says what the record holds of it: the text of its last entry that has one."""
    entry = (
        Entry.objects.filter(subject_type=SUBJECT, subject_id=row.pk, verb="bulletin.published")
        .order_by("-seq")
        .values_list("pk", flat=True)
        .first()
    )
    sealed = Sealed.objects.filter(entry_id=entry, name="text", erased_at__isnull=True).first() if entry else None
    try:
        return sealed is not None and unseal(sealed) == content_of(row)
    except Refused:  # the sealed text itself is not what the entry committed to
        return False


def objection_by(token: str) -> MyObjection | None:
    """Return what somebody reads by the link of their objection; None where the link is none of ours."""
    found = Objection.objects.select_related("bulletin").filter(follow_hash=hash_of(token)).first()
    if found is None:
        return None
    sealed = Sealed.objects.filter(entry_id=found.pk, name="objection", erased_at__isnull=True).first()
    return MyObjection(
        bulletin=found.bulletin,
        text=unseal(sealed) if sealed else "",
        created_at=found.created_at,
        answer=answers_of(found.bulletin).get(found.pk, "") if found.answered_at else "",
        answered_at=found.answered_at,
        upheld=found.upheld,
    )
