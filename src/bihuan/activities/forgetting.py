"""What goes when something sealed is erased: the copies in the rows that the pages read.

Names of who signed up are sealed with a last day (some days after the activity, as the method says); the kernel's
worker erases them then, and calls here. With the name goes the account, so that nobody can add up who came to what.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bihuan.activities.models import Activity, Call, Duty, Member, Roster, Service, SignUp, Team
from bihuan.kernel.api import SYSTEM_REF, erase, plain_texts, register_erasure
from bihuan.kernel.models import Notification, Sealed
from bihuan.people.api import register_ties


def register() -> None:
    """Hand the wiping to the kernel, and say what a person still answers for; called once at start."""
    register_erasure("activity", wipe_activity)
    register_erasure("team", wipe_team)
    register_erasure("roster", wipe_roster)
    register_erasure("person", wipe_person)
    register_ties(ties)


def wipe_activity(subject_id: UUID, names: frozenset[str]) -> None:
    """Take what was erased out of an activity's rows."""
    if "name" in names:
        SignUp.objects.filter(pk__in=_erased("activity", subject_id, "name")).update(name="", person_id=None)
    for name in names & {"text", "summary"}:
        Activity.objects.filter(pk=subject_id).update(**{name: ""})
    if "reason" in names:
        _wipe_reason(subject_id)


def _wipe_reason(activity_id: UUID) -> None:
    """Clear a reason that is sealed no more: on the row, and in the bells that told it."""
    kept = set(plain_texts("activity", activity_id, "reason").values())
    Activity.objects.filter(pk=activity_id).exclude(reason__in=kept).update(reason="")
    _clear_bells(f"/activities/{activity_id}/", kept)


def _clear_bells(link: str, kept: set[str]) -> None:
    rung = list(Notification.objects.filter(link=link))
    changed = [line for line in rung if line.params.get("reason") and line.params["reason"] not in kept]
    for line in changed:
        line.params["reason"] = ""
    Notification.objects.bulk_update(changed, ["params"])


def wipe_team(subject_id: UUID, names: frozenset[str]) -> None:
    """Take what was erased out of a team's list."""
    if "name" in names:
        Member.objects.filter(pk__in=_erased("team", subject_id, "name")).update(name="", person_id=None, away=[])
    if "talent" in names:
        Member.objects.filter(pk__in=_erased("team", subject_id, "talent")).update(talent="")
    _wipe_hours(subject_id, names)


def wipe_roster(subject_id: UUID, names: frozenset[str]) -> None:
    """Take what was erased out of a roster's log: of the call itself, or of the entry that told of it later."""
    fields = names & {"name", "phone", "unit", "text", "proposal"}
    for name in fields:
        Call.objects.filter(pk__in=_erased("roster", subject_id, name)).update(**{name: ""})
    for name in names & {"instruction", "result"}:
        kept = frozenset(plain_texts("roster", subject_id, name).values())
        Call.objects.filter(roster_id=subject_id).exclude(**{f"{name}__in": kept}).update(**{name: ""})
    if "undone" in names:
        kept = frozenset(plain_texts("roster", subject_id, "undone").values())
        Duty.objects.filter(roster_id=subject_id).exclude(undone__in=kept).update(undone="")
    if "reason" in names:
        _wipe_bells(subject_id)


def _wipe_bells(roster_id: UUID) -> None:
    """Clear reasons that are sealed no more in the bells that told of a team's duties."""
    team = Roster.objects.values_list("team_id", flat=True).get(pk=roster_id)
    rosters = Roster.objects.filter(team_id=team).values_list("pk", flat=True)
    kept = {words for key in rosters for words in plain_texts("roster", key, "reason").values()}
    _clear_bells(f"/desk/teams/{team}/roster/", kept)


def _erased(subject_type: str, subject_id: UUID, name: str) -> list[UUID]:
    gone = Sealed.objects.filter(subject_type=subject_type, subject_id=subject_id, name=name, erased_at__isnull=False)
    return list(gone.values_list("entry_id", flat=True))


def _wipe_hours(team_id: UUID, names: frozenset[str]) -> None:
    for name in names & {"objection", "answer"}:
        kept = frozenset(plain_texts("team", team_id, name).values())
        Service.objects.filter(team_id=team_id).exclude(**{f"{name}__in": kept}).update(**{name: ""})


def wipe_person(subject_id: UUID, names: frozenset[str]) -> None:
    """When a person is erased, their name goes from the lists on which they signed up and of the teams they were in."""
    if "name" not in names:
        return
    for key, activity in SignUp.objects.filter(person_id=subject_id).values_list("pk", "activity_id"):
        erase(actor=SYSTEM_REF, subject_type="activity", subject_id=activity, entry_ids=[key])
    for key, team in Member.objects.filter(person_id=subject_id).values_list("pk", "team_id"):
        erase(actor=SYSTEM_REF, subject_type="team", subject_id=team, entry_ids=[key])


def ties(person_id: UUID) -> Sequence[str]:
    """Return the teams that a person still leads, by name: somebody else leads them before the person is erased."""
    return list(Team.objects.filter(leader_id=person_id, ended_at__isnull=True).values_list("name", flat=True))
