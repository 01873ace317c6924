"""Recording that an activity was held: who came, by ticking; how many besides, by headcount; what it was like."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.activities import checks, guards, kinds
from bihuan.activities.actions.announcing import organiser_ref
from bihuan.activities.guards import must
from bihuan.activities.models import Activity, SignUp
from bihuan.activities.places import people_in
from bihuan.activities.store import Work, gone, load
from bihuan.kernel.api import BadInput, Encoded, Problem, encode_photo, keep_photo, new_id, parse_id, photo_limits, seal
from bihuan.kernel.models import StoredFile
from bihuan.matters.api import Photo
from bihuan.people.api import ACTIVITY_MANAGE, Actor

MOST_PHOTOS = 12  # of one activity


@dataclass(frozen=True, slots=True)
class _Ready:
    encoded: Encoded
    file_id: UUID


def hold(
    *,
    actor: Actor,
    entry_id: UUID,
    activity_id: UUID,
    came: Collection[UUID] | None = None,
    uncounted: int = 0,
    summary: str = "",
    photos: Sequence[Photo] = (),
) -> Activity:
    """Record that an activity was held; once more, to correct what was recorded. No name and no photo is needed.

    Args:
        actor: an organiser.
        entry_id: UUIDv7 made by the client; sent twice it is recorded once.
        activity_id: which.
        came: the sign-ups of whom one or more came; None: nobody was ticked off, what stands stays.
        uncounted: people who came and are on no list, by headcount.
        summary: what it was like, told to everybody; at most 2,000 characters.
        photos: for everybody to see; at most 12 of one activity.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: the actor is no organiser, it was called off or has not begun.
        BadInput: what was given cannot be; every problem at once.
        NotFound: a tick for somebody who is not on the list.
    """
    if any(photo.upload is None for photo in photos):  # what a phone sent ahead belongs to visits and matters
        raise BadInput(Problem("photos", _("文件没有内容。"), _("请重新选择。")))
    ready = [
        _Ready(
            encode_photo(photo.upload, name=str(getattr(photo.upload, "name", "") or "")),
            parse_id(photo.file_id, field="photos") if photo.file_id is not None else new_id(),
        )
        for photo in photos[: settings.PHOTO_MAX_COUNT + 1]
    ]
    with transaction.atomic():
        work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=entry_id, pk=activity_id)
        if not work.resent:
            _hold(work, came, uncounted, summary, ready)
    return work.row


def _hold(
    work: Work[Activity], came: Collection[UUID] | None, uncounted: int, summary: str, ready: Sequence[_Ready]
) -> None:
    activity = work.row
    ref = kinds.kind_of(activity.version_ref_id, activity.kind)
    must(
        guards.may_run(work.actor, activity, ref),
        guards.not_cancelled(activity) or guards.begun(activity, work.now),
    )
    problems: list[Problem] = list(checks.number("uncounted", uncounted, checks.MOST_PLACES))
    words = checks.text("summary", summary, problems)
    problems += _too_many(activity, ready)
    if problems:
        raise BadInput(problems)
    if came is not None:
        _tick(activity, frozenset(came))
    verb = "activity.corrected" if activity.state == Activity.State.HELD else "activity.held"
    work.method = ref.method_ref
    work.set(state=Activity.State.HELD, came_uncounted=uncounted, summary=words)
    if activity.held_at is None:
        work.set(held_at=work.now)
    number = people_in(activity, SignUp.State.CAME) + uncounted
    work.record(
        verb,
        {
            "came": None if came is None else sorted(str(key) for key in came),
            "uncounted": uncounted,
            "number": number,
            "photos": [photo.encoded.sha256 for photo in ready],
        },
        by=organiser_ref(work.actor, activity.area_code, ref),
        sealed=[seal("summary", words, purpose="告诉大家活动办得怎么样", encrypted=False, keep_until=None)]
        if words
        else (),
    )
    _keep(work, ready)


def _tick(activity: Activity, came: frozenset[UUID]) -> None:
    """Mark who came; of the others, who had a place did not come, and who waited had none."""
    rows = list(activity.sign_ups.exclude(state=SignUp.State.WITHDRAWN))
    if came - {row.pk for row in rows}:
        raise gone(_("名单上没有这个人。"))
    for row in rows:
        if row.pk in came:
            row.state = SignUp.State.CAME
        elif row.state != SignUp.State.WAITING:
            row.state = SignUp.State.ABSENT
    SignUp.objects.bulk_update(rows, ["state"])


def _too_many(activity: Activity, ready: Sequence[_Ready]) -> list[Problem]:
    if not ready:
        return []
    kept = StoredFile.objects.filter(subject_type="activity", subject_id=activity.pk)
    if len(ready) > settings.PHOTO_MAX_COUNT:
        return [Problem("photos", _("照片太多了。"), photo_limits())]
    if kept.count() + len(ready) > MOST_PHOTOS:
        return [Problem("photos", _("一个活动最多留 %(most)s 张照片。") % {"most": MOST_PHOTOS}, _("留下最好的几张。"))]
    return []


def _keep(work: Work[Activity], ready: Sequence[_Ready]) -> None:
    for photo in ready:
        keep_photo(
            photo.encoded,
            subject_type="activity",
            subject_id=work.row.pk,
            tag="scene",
            entry_id=work.entry_id,
            file_id=photo.file_id,
            public=True,
        )
