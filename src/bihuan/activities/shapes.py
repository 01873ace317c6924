"""What the reads of activities and teams give: frozen, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from bihuan.activities.models import Activity, Team
from bihuan.kernel.api import Problem
from bihuan.kernel.models import StoredFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a list, and the cursor of the next; None where there is none."""

    rows: tuple[T, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity in a list. ``coming`` and ``came`` count people, not sign-ups."""

    id: UUID
    title: str
    kind_title: str
    area_name: str
    place: str
    festival: str
    starts_at: datetime
    ends_at: datetime
    state: str
    state_title: str
    coming: int
    waiting: int
    came: int
    capacity: int | None


@dataclass(frozen=True, slots=True)
class SignUpLine:
    """One sign-up as who runs the activity sees it; ``name`` is "" once it is erased."""

    id: UUID
    name: str
    people: int
    state: str
    state_title: str
    has_account: bool
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """An entry as a sentence, and when it was made."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One activity as one reader sees it.

    ``sign_ups`` is empty for whoever does not run it. ``may``: what can be done ("run", "change", "call_off",
    "sign_up", "hold"), each with the reason why not or None.
    """

    activity: Activity
    kind_title: str
    kind_note: str
    area_name: str
    team_name: str
    organiser: str
    state_title: str
    sign_ups: tuple[SignUpLine, ...]
    names_erased: bool
    coming: int
    waiting: int
    free: int | None
    came: int
    photos: tuple[StoredFile, ...]
    timeline: tuple[TimelineLine, ...]
    may: Mapping[str, Problem | None]


@dataclass(frozen=True, slots=True)
class KindOption:
    """A kind of activity (or of team) that an actor may announce (or found), and where."""

    area_code: str
    area_name: str
    method_key: str
    kind: str
    title: str
    note: str
    team: str = ""  # the kind of team that holds it

    @property
    def value(self) -> str:
        """The option as a form sends it."""
        return f"{self.area_code}|{self.kind}|{self.method_key}"


@dataclass(frozen=True, slots=True)
class PublicActivity:
    """What anybody may read of an activity. ``closed``: why nobody signs up any more, or None."""

    id: UUID
    title: str
    kind_title: str
    area_code: str
    area_name: str
    place: str
    festival: str
    text: str
    team_name: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime | None
    state: str
    state_title: str
    reason: str
    capacity: int | None
    coming: int
    waiting: int
    free: int | None
    came: int
    summary: str
    keep_days: int
    photos: tuple[StoredFile, ...]
    closed: Problem | None


@dataclass(frozen=True, slots=True)
class MySignUp:
    """What the holder of a sign-up's link sees. ``ahead``: people who wait before them."""

    activity: PublicActivity
    id: UUID
    name: str
    people: int
    state: str
    state_title: str
    ahead: int
    final: Problem | None  # why it can no longer be withdrawn


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team in a list."""

    id: UUID
    name: str
    kind_title: str
    area_name: str
    leader: str
    members: int
    ended: bool


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member; ``name`` is "" for whoever may not know it."""

    id: UUID
    name: str
    talent: str
    since: date
    mine: bool
    person_id: UUID | None = None  # of who has an account; None for whoever may not know the name


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team as one reader sees it: names for who leads, keeps or is in it; talents for all who may see it."""

    team: Team
    kind_title: str
    kind_note: str
    area_name: str
    leader: str
    members: tuple[MemberLine, ...]
    named: bool
    activities: tuple[ActivityRow, ...]
    timeline: tuple[TimelineLine, ...]
    may: Mapping[str, Problem | None]
