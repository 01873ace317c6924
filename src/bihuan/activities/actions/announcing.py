"""Announcing an activity, changing it, calling it off: who may, where and when, who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.activities import checks, guards, kinds
from bihuan.activities.guards import must
from bihuan.activities.kinds import Ref
from bihuan.activities.models import Activity, SignUp, Team
from bihuan.activities.places import fill_places, set_terms, tell
from bihuan.activities.section import ActivityKind
from bihuan.activities.store import Work, begin, first_of, load, marked, sealed_reason
from bihuan.areas.api import ancestors, find, subtree_q
from bihuan.kernel.api import (
    ActorRef,
    AlreadyRecorded,
    BadInput,
    NotFound,
    Problem,
    SealedValue,
    clock,
    instant,
    seal,
)
from bihuan.people.api import ACTIVITY_MANAGE, Actor

SUBJECT = "activity"


@dataclass(slots=True)
class _What:
    """What an activity is, checked for shape."""

    title: str
    text: str
    place: str
    festival: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    sign_up_until: datetime | None

    def body(self) -> dict[str, Any]:
        """Return what the entry holds of it; the text is sealed beside it."""
        return {
            "title": self.title,
            "place": self.place,
            "festival": self.festival,
            "starts_at": instant(self.starts_at),
            "ends_at": instant(self.ends_at),
            "capacity": self.capacity,
            "sign_up_until": instant(self.sign_up_until) if self.sign_up_until else None,
        }

    def fields(self) -> dict[str, Any]:
        """Return the row's fields."""
        return {name: getattr(self, name) for name in self.__slots__}


def announce(
    *,
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    kind: str,
    title: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    text: str = "",
    festival: str = "",
    capacity: int | None = None,
    sign_up_until: datetime | None = None,
    team_id: UUID | None = None,
    method_key: str | None = None,
) -> Activity:
    """Announce an activity to everybody; one that was held already may be announced afterwards, to be recorded.

    Args:
        actor: an organiser of that kind in the area.
        entry_id: UUIDv7 made by the client; becomes the activity's id. Sent twice it is one activity.
        area_code: whose activity it is.
        kind: key in the activities section of a method in use there.
        title: at most 60 characters.
        place: where, at most 80 characters.
        starts_at: aware.
        ends_at: aware, after it.
        text: what to expect and to bring; plain text, at most 2,000 characters.
        festival: which festival, if one: 元宵节.
        capacity: how many people have a place; None: as many as come.
        sign_up_until: aware; by default until it begins.
        team_id: the team that holds it, of the kind's sort and of an area around or within.
        method_key: which method, where two have a kind of that key.

    Raises:
        NotFound: no such area, kind or team.
        Refused: the actor is no organiser.
        BadInput: what was given is incomplete or cannot be; every problem at once.
    """
    if (before := first_of(entry_id, SUBJECT)) is not None:
        return Activity.objects.get(pk=before)
    now = clock.now()
    ref = kinds.find_kind(area_code, kind, method_key)
    if find(area_code) is None:
        raise NotFound(Problem("area_code", _("没有这个区域。"), _("请检查区域编号。")))
    must(guards.may_announce(actor, area_code, ref))
    team = _team(team_id, ref, area_code)
    what = _checked(_What(title, text, place, festival, starts_at, ends_at, capacity, sign_up_until), now)
    try:
        with transaction.atomic():
            return _create(actor, entry_id, area_code, ref, what, team, now)
    except AlreadyRecorded as error:  # the same form sent twice at once
        return Activity.objects.get(pk=error.entry.subject_id)


def _create(
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    ref: Ref[ActivityKind],
    what: _What,
    team: Team | None,
    now: datetime,
) -> Activity:
    head = begin(
        SUBJECT,
        verb="activity.announced",
        by=organiser_ref(actor, area_code, ref),
        area_code=area_code,
        now=now,
        method=ref.method_ref,
        body={"kind": ref.key, "team": str(team.pk) if team else "", **what.body()},
        entry_id=entry_id,
        sealed=_sealed(what.text),
    )
    return Activity.objects.create(
        id=entry_id,
        version_ref_id=ref.version_id,
        kind=ref.key,
        area_code=area_code,
        team=team,
        organiser_id=actor.person_id or UUID(int=0),
        announced_at=now,
        head_hash=head,
        **what.fields(),
    )


def organiser_ref(actor: Actor, area_code: str, ref: Ref[ActivityKind]) -> ActorRef:
    """Return who acts, in the organiser's role by which they may."""
    held = actor.roles_in(area_code)
    return actor.ref(next((role for role in ref.kind.organisers if role in held), ""))


def _team(team_id: UUID | None, ref: Ref[ActivityKind], area_code: str) -> Team | None:
    """Return the team that holds it: one of the area, of one around it or within it."""
    if team_id is None:
        return None
    near = subtree_q("area_code", area_code) | Q(area_code__in=ancestors(area_code))
    team = Team.objects.filter(near, pk=team_id, ended_at__isnull=True, kind=ref.kind.team or None).first()
    if team is None:
        raise NotFound(Problem("team_id", _("没有这样一支能办这种活动的队伍。"), _("请重新选择，或不选。")))
    return team


def _checked(what: _What, now: datetime) -> _What:
    problems: list[Problem] = []
    what.title = checks.line("title", what.title, 60, problems, _("没有写活动名称。"))
    what.place = checks.line("place", what.place, 80, problems, _("没有写在哪里。"))
    what.festival = checks.line("festival", what.festival, 40, problems)
    what.text = checks.text("text", what.text, problems)
    problems += checks.span(what.starts_at, what.ends_at, what.sign_up_until, now)
    problems += checks.capacity(what.capacity)
    checks.stop(problems)
    return what


def _sealed(words: str) -> list[SealedValue]:
    """Seal the text, so that it can be erased should it name somebody."""
    if not words:
        return []
    return [seal("text", words, purpose="告诉大家活动的内容", encrypted=False, keep_until=None)]


@transaction.atomic
def change(
    *,
    actor: Actor,
    entry_id: UUID,
    activity_id: UUID,
    title: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    text: str = "",
    festival: str = "",
    capacity: int | None = None,
    sign_up_until: datetime | None = None,
    reason: str = "",
) -> Activity:
    """Change what was announced; moved to another time or place, those who signed up with an account are told.

    More places than before go to those who wait; fewer take nobody's place away.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: the actor is no organiser, or it was held or called off.
        BadInput: as for announcing.
    """
    work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=entry_id, pk=activity_id)
    activity = work.row
    if work.resent:
        return activity
    ref = kinds.kind_of(activity.version_ref_id, activity.kind)
    must(guards.may_run(actor, activity, ref), guards.announced(activity))
    what = _checked(_What(title, text, place, festival, starts_at, ends_at, capacity, sign_up_until), work.now)
    problems: list[Problem] = []
    reason = checks.line("reason", reason, 200, problems)
    checks.stop(problems)
    old = {name: getattr(activity, name) for name in what.fields()}
    new = {name: value for name, value in what.fields().items() if value != old[name]}
    if new:
        _change(work, ref, what, new, reason)
    return activity


def _change(work: Work[Activity], ref: Ref[ActivityKind], what: _What, new: dict[str, Any], reason: str) -> None:
    activity = work.row
    work.method = ref.method_ref
    work.set(**new)
    moved = bool({"starts_at", "ends_at", "place"} & set(new))
    up = fill_places(activity) if "capacity" in new else []
    shown = {name: value for name, value in what.body().items() if name in new}
    work.record(
        "activity.moved" if moved else "activity.changed",
        {**shown, **marked(reason), "up": [str(row.pk) for row in up]},
        by=organiser_ref(work.actor, activity.area_code, ref),
        sealed=[*(_sealed(what.text) if "text" in new else ()), *sealed_reason(reason)],
    )
    if "ends_at" in new:
        set_terms(activity, activity.ends_at)
    if moved:
        still = activity.sign_ups.filter(state__in=[SignUp.State.COMING, SignUp.State.WAITING])
        tell(activity, still, "activity.moved_for_you", reason)
    tell(activity, up, "activity.place_for_you")


@transaction.atomic
def call_off(*, actor: Actor, entry_id: UUID, activity_id: UUID, reason: str) -> Activity:
    """Call an activity off, saying why to everybody; those who signed up with an account are told.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: the actor is no organiser, or it was held or called off.
        BadInput: no reason.
    """
    work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=entry_id, pk=activity_id)
    activity = work.row
    if work.resent:
        return activity
    ref = kinds.kind_of(activity.version_ref_id, activity.kind)
    must(guards.may_run(actor, activity, ref), guards.announced(activity))
    problems: list[Problem] = []
    words = checks.line("reason", reason, 200, problems, _("取消要写明原因：报了名的人会看到。"))
    if problems:
        raise BadInput(problems)
    work.method = ref.method_ref
    work.set(state=Activity.State.CANCELLED, reason=words)
    by = organiser_ref(actor, activity.area_code, ref)
    work.record("activity.called_off", marked(words), by=by, sealed=sealed_reason(words))
    still = activity.sign_ups.filter(state__in=[SignUp.State.COMING, SignUp.State.WAITING])
    tell(activity, still, "activity.called_off_for_you", words)
    set_terms(activity, min(work.now, activity.ends_at))
    return activity
