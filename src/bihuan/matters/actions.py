"""Use cases of matters. Each is one transaction; all of them are here, how they work is in the modules beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused, clock
from bihuan.kernel.api import reveal as _reveal
from bihuan.kernel.models import Sealed
from bihuan.matters.again import report_again
from bihuan.matters.batch import report_batch
from bihuan.matters.checks import _happened
from bihuan.matters.follows import follow, is_reporters_link, may_follow_link, unfollow
from bihuan.matters.giving import Act
from bihuan.matters.intake import take_in
from bihuan.matters.methodinfo import info_of
from bihuan.matters.migrate import migrate_matters
from bihuan.matters.models import Matter
from bihuan.matters.moving import perform
from bihuan.matters.parents import parent_of
from bihuan.matters.search import index_pending
from bihuan.matters.shapes import Advanced, Photo, Reported
from bihuan.matters.ticking import tick_due
from bihuan.people.api import MATTER_PERSONAL, MATTER_READ, Actor, access

__all__ = [
    "advance",
    "follow",
    "index_pending",
    "is_reporters_link",
    "may_follow_link",
    "merge",
    "migrate_matters",
    "record",
    "report",
    "report_again",
    "report_batch",
    "reveal_contact",
    "tick_due",
    "unfollow",
]


def report(*, actor: Actor, id: UUID | str, text: str, **given: Any) -> Reported:  # noqa: A002
    """Accept a report from whoever met the problem; no account needed. At most ten statements.

    Args:
        actor: the reporter, or ANONYMOUS.
        id: made by the client, UUIDv7: the same again is the same report.
        text: what is wrong, and where exactly; 2 to 2,000 characters.
        given: ``title`` (made of the text where empty), ``area_code`` or ``door_token`` or ``lon`` and ``lat``
            (WGS-84, or with ``system`` "gcj02", "bd09"), ``channel``, ``category``, ``urgency``, ``people_affected``,
            ``phone``, ``reporter_name``, ``anonymous``, ``happened_at``, ``photos`` (``Photo``), ``method_key``,
            ``follow_token`` (22–64 letters, digits, ``-``, ``_``, made by the client),
            ``extra`` (the method's other fields).

    Raises:
        BadInput: incomplete or unreadable, every problem at once. Refused: the method does not begin like this.
        Conflict: the id is another report's. NotFound: no method is in use there.
    """
    return take_in(actor=actor, kind="report", given={**given, "id": id, "text": text})


def record(*, actor: Actor, id: UUID | str, text: str, **given: Any) -> Reported:  # noqa: A002
    """Record a problem for somebody else: by visit, telephone, paper. Takes what ``report`` takes, and
    ``reporter_id`` (a known person) and ``parent_id`` (the matter it is a part of).

    Raises:
        PermissionDenied: without MATTER_RECORD in the area; else as ``report``.
    """  # noqa: D205
    given.setdefault("channel", "visit")
    parent = given.get("parent_id")
    if parent is not None:
        given["parent_id"] = parent_of(actor, parent)
    return take_in(actor=actor, kind="record", given={**given, "id": id, "text": text})


def advance(
    *,
    actor: Actor,
    matter_id: UUID,
    action: str,
    entry_id: UUID | str,
    data: Mapping[str, Any] | None = None,
    photos: Sequence[Photo] = (),
    expected_version: int | None = None,
    happened_at: datetime | str | None = None,
    via_link: str | None = None,
    meeting: str | None = None,
) -> Advanced:
    """Do one of the method's actions on one matter: the only way in which a matter moves. At most twelve statements.

    Args:
        actor: who acts.
        matter_id: on what.
        action: the method's action key, or ``<action>.grant`` / ``<action>.deny`` to answer what was asked for.
        entry_id: made by the client, UUIDv7: the same again is the same act.
        data: what is given, by field key; and ``reason``, ``parties`` ({role: [person ids]}), ``until``, ``into``,
            ``rung``, ``result``.
        photos: with their tags.
        expected_version: the version that the actor saw; none takes the newest.
        happened_at: when it was done, where that was earlier (paper, no signal). Clocks run by when it is recorded.
        via_link: the reporter's secret link.
        meeting: "meeting:<body>"; set by the meetings package alone, after its own checks.

    Raises:
        Http404: no such matter for this actor. BadInput, Refused: every reason. Conflict: somebody was faster.
    """
    problems: list[Problem] = []
    at = _happened(happened_at, clock.now(), problems)
    if problems:
        raise BadInput(problems)
    return perform(
        Act(
            actor=actor,
            matter_id=matter_id,
            action=action,
            entry_id=entry_id,  # type: ignore[arg-type]
            data=data or {},
            photos=photos,
            expected_version=expected_version,
            happened_at=at,
            via_link=via_link,
            meeting=meeting,
        )
    )


def merge(*, actor: Actor, matter_id: UUID, into_id: UUID | str, entry_id: UUID | str, reason: str = "") -> Advanced:
    """Merge a duplicate into another matter by the method's own action of that kind.

    The duplicate's reporter follows the other matter from then on and is told of its progress.

    Raises:
        Refused: the method merges nothing at this step; else as ``advance``.
    """
    matter = access(actor, MATTER_READ, Matter.objects.all(), pk=matter_id)
    place = info_of(matter.version_ref_id).method.places[matter.step]
    action = next((key for key, move in place.moves.items() if move.spec.does == "merge"), None)
    if action is None:
        raise Refused(Problem("", _("这个环节不能并案。"), _("请看现在可以做什么。")))
    data = {"into": into_id.hex if isinstance(into_id, UUID) else into_id, **({"reason": reason} if reason else {})}
    return advance(actor=actor, matter_id=matter_id, action=action, entry_id=entry_id, data=data)


def reveal_contact(*, actor: Actor, matter_id: UUID, sealed_id: int, reason: str) -> str:
    """Return one personal value of a matter in the clear; who read it, when and why is kept.

    Raises:
        Http404, PermissionDenied: as the permission rule says (MATTER_PERSONAL). BadInput: without a reason.
    """
    matter = access(actor, MATTER_PERSONAL, Matter.objects.all(), pk=matter_id)
    sealed = Sealed.objects.filter(pk=sealed_id, subject_type="matter", subject_id=matter.pk).first()
    if sealed is None:
        raise BadInput(Problem("sealed_id", _("没有这项内容。")))
    return _reveal(actor=actor.ref(actor.role_for(MATTER_PERSONAL, matter.area_code)), sealed=sealed, reason=reason)
