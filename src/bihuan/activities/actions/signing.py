"""Signing up and withdrawing: no account, a name is enough; when it is full, a place in the line."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.activities import checks, guards, kinds
from bihuan.activities.actions.announcing import organiser_ref
from bihuan.activities.guards import must
from bihuan.activities.models import Activity, SignUp
from bihuan.activities.places import fill_places, free_places, keep_until, tell
from bihuan.activities.store import Work, load, load_public, used_before
from bihuan.activities.tokens import hash_of, token_of
from bihuan.kernel.api import SYSTEM_REF, ActorRef, Problem, Refused, erase, seal
from bihuan.people.api import ACTIVITY_MANAGE, Actor

LONGEST_NAME = 40
# Who came to what is nobody's to add up: the entry says that somebody signed up, the row who, until it is erased.
SOMEBODY = ActorRef(None, "resident")


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of signing up: the row, the secret of its link, and whether it is new (not sent again)."""

    sign_up: SignUp
    token: str
    created: bool

    @property
    def waiting(self) -> bool:
        """Whether it was full: they wait for a place."""
        return bool(self.sign_up.state == SignUp.State.WAITING)


@transaction.atomic
def sign_up(*, actor: Actor, id: UUID, activity_id: UUID, name: str = "", people: int = 1) -> SignedUp:
    """Sign up oneself, and perhaps some of one's household.

    Args:
        actor: anybody; with an account they are told when it is moved or called off.
        id: UUIDv7 made by the client; becomes the sign-up's id. Sent twice it is one sign-up.
        activity_id: which.
        name: as they want to be called; by default the account's.
        people: how many come, with oneself.

    Raises:
        Http404: no such activity.
        Refused: it is over, called off, too late; or this account has signed up already.
        BadInput: no name; more people than can be.
    """
    work = load_public(actor=actor, entry_id=id, activity_id=activity_id)
    if work.resent:
        return _again(work)
    must(guards.takes_sign_ups(work.row, work.now))
    _not_twice(work)
    return _sign(work, name or actor.name, people, actor.person_id, SOMEBODY, "activity.signed_up")


@transaction.atomic
def sign_up_for(*, actor: Actor, id: UUID, activity_id: UUID, name: str, people: int = 1) -> SignedUp:
    """Sign up somebody who asked for it at the door or by phone; also once it has begun.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: the actor is no organiser, or it was held or called off.
        BadInput: as for signing up.
    """
    work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=id, pk=activity_id)
    if work.resent:
        return _again(work)
    ref = kinds.kind_of(work.row.version_ref_id, work.row.kind)
    must(guards.may_run(actor, work.row, ref), guards.announced(work.row))
    by = organiser_ref(actor, work.row.area_code, ref)
    return _sign(work, name, people, None, by, "activity.signed_up_for")


def _again(work: Work[Activity]) -> SignedUp:
    row = SignUp.objects.filter(pk=work.entry_id, activity=work.row).first()
    if row is None:
        raise used_before()
    return SignedUp(row, token_of(row.pk), created=False)


def _not_twice(work: Work[Activity]) -> None:
    person = work.actor.person_id
    mine = work.row.sign_ups.filter(person_id=person).exclude(state=SignUp.State.WITHDRAWN)
    if person is not None and mine.exists():
        raise Refused(Problem("name", _("您已经报过名了。"), _("人数变了，先取消再报。")))
    if work.row.sign_ups.count() >= guards.MOST_SIGN_UPS:
        raise Refused(Problem("", _("报名的人太多了。"), _("请直接联系组织的人。")))


def _sign(work: Work[Activity], name: str, people: int, person_id: UUID | None, by: ActorRef, verb: str) -> SignedUp:
    activity = work.row
    problems: list[Problem] = []
    name = checks.line("name", name, LONGEST_NAME, problems, _("没有写怎么称呼。写姓氏加称呼就行，如“王阿姨”。"))
    most = min(checks.MOST_TOGETHER, activity.capacity or checks.MOST_TOGETHER)
    if not 1 <= people <= most:
        why = _("一次报 1 到 %(most)s 人。") % {"most": most}
        problems.append(Problem("people", why, _("人多可以分几次报。")))
    checks.stop(problems)
    free = free_places(activity)
    state = SignUp.State.COMING if free is None or people <= free else SignUp.State.WAITING
    token = token_of(work.entry_id)
    until = keep_until(activity.version_ref_id, activity.ends_at)
    sealed = [seal("name", name, purpose="活动报名时怎么称呼", encrypted=True, keep_until=until, mask="name")]
    work.record(verb, {"people": people, "state": str(state)}, by=by, sealed=sealed)
    row = SignUp.objects.create(
        id=work.entry_id,
        activity=activity,
        person_id=person_id,
        name=name,
        people=people,
        state=state,
        follow_hash=hash_of(token),
        signed_at=work.now,
        number=activity.version,  # as ``record`` left it: the entry's
    )
    return SignedUp(row, token, created=True)


@transaction.atomic
def withdraw(*, actor: Actor, entry_id: UUID, token: str = "", sign_up_id: UUID | None = None) -> SignUp:
    """Withdraw a sign-up: by its secret link, by the account that made it, or for somebody who called.

    The name is erased at once, and those who wait move up; who has an account is told.

    Raises:
        Http404: no such sign-up, or it is none of the actor's business.
        Refused: it has begun, was held or called off.
    """
    found = SignUp.objects.filter(follow_hash=hash_of(token)) if token else SignUp.objects.filter(pk__in=[sign_up_id])
    row = found.first()
    if row is None:
        raise Http404(_("没有这个报名"))
    work = _of_whom(actor, entry_id, row, token)
    row.refresh_from_db()  # it may have been withdrawn while we waited for the lock
    if work.resent or row.state == SignUp.State.WITHDRAWN:
        return row
    must(guards.may_withdraw(work.row, row, work.now))
    own = bool(token) or _is_own(actor, row)
    ref = kinds.kind_of(work.row.version_ref_id, work.row.kind)
    by = SOMEBODY if own else organiser_ref(actor, work.row.area_code, ref)
    row.state = SignUp.State.WITHDRAWN
    row.save(update_fields=["state"])
    up = fill_places(work.row)
    verb = "activity.withdrew" if own else "activity.withdrawn_for"
    work.record(verb, {"sign_up": str(row.pk), "up": [str(one.pk) for one in up]}, by=by)
    erase(actor=SYSTEM_REF, subject_type="activity", subject_id=work.row.pk, entry_ids=[row.pk])
    tell(work.row, up, "activity.place_for_you")
    row.refresh_from_db()
    return row


def _is_own(actor: Actor, row: SignUp) -> bool:
    return row.person_id is not None and row.person_id == actor.person_id and not actor.via  # a key is not the person


def _of_whom(actor: Actor, entry_id: UUID, row: SignUp, token: str) -> Work[Activity]:
    """Lock the activity for whoever may withdraw the row: its holder, its account, or who runs the activity."""
    if token or _is_own(actor, row):
        return load_public(actor=actor, entry_id=entry_id, activity_id=row.activity_id)
    work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=entry_id, pk=row.activity_id)
    must(guards.may_run(actor, work.row, kinds.kind_of(work.row.version_ref_id, work.row.kind)))
    return work
