"""What a visit names, held against the method: rounds, items, levels, roles, kinds of help, and who came along.

These words stand in the chain for good, so nothing may stand there that no method says. A phone that was out of reach
speaks of the version it took along: what the version of today does not know may be one of any that was published
here before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors, within
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.plans import PlanRef, Use, plans_of
from bihuan.fieldwork.schemes import of_version
from bihuan.fieldwork.shapes import NewVisit
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.methods.api import Method
from bihuan.methods.models import MethodVersion
from bihuan.people.api import role_titles
from bihuan.people.models import Post

MOST_VERSIONS = 100
RESIDENT = "resident"
_COMMUNITY = 12  # digits of a community's code


@dataclass(slots=True)
class Published:
    """The versions of methods that were ever published for some areas; read when something is not known otherwise."""

    versions: dict[tuple[frozenset[str], str], list[Use]] = field(default_factory=dict)
    _roles: frozenset[str] | None = None

    def of(self, use: Use, area_code: str, method_key: str | None = None) -> list[Use]:
        """Return the one given, then all others of its method, and of the one named, published for an area."""
        wanted = frozenset({use.key, method_key or use.key}), area_code
        known = self.versions.get(wanted)
        if known is None:
            rows = MethodVersion.objects.filter(
                key__in=wanted[0], area_code__in=ancestors(area_code), state=MethodVersion.State.PUBLISHED
            ).exclude(pk=use.version_id)
            found = rows.order_by("-number").values_list("pk", "key", "number")[:MOST_VERSIONS]
            known = self.versions[wanted] = [Use(*one, default=False) for one in found]
        return [use, *known]

    def roles(self) -> frozenset[str]:
        """Return every role that somebody may hold."""
        if self._roles is None:
            self._roles = frozenset(role_titles())
        return self._roles


def check(published: Published, use: Use, ref: PlanRef | None, pairing: Pairing | None, new: NewVisit) -> None:
    """Refuse what no version of the method says. No statement where the version in use knows it all.

    Raises:
        BadInput: with every word that is not known.
    """

    def asks(fits: Callable[[PlanRef], bool]) -> bool:
        """Say whether the round fits, as this version or any other has it."""
        if ref is not None and fits(ref):
            return True
        others = published.of(use, new.area_code, new.method_key) if new.round else ()
        return any(fits(one) for one in (plans_of(other).get(new.round) for other in others) if one is not None)

    problems: list[Problem] = []
    if new.round and not asks(lambda one: True):
        problems.append(Problem("round", _("工作法里从来没有这一轮。"), _("请打开“今天”，从任务里重新选。")))
    else:
        items = sorted(key for key in new.checklist if not asks(lambda one, key=key: key in one.spec.checklist))  # type: ignore[misc]
        problems.extend(unknown_item(key, "checklist") for key in items[:1])
        if new.level is not None and not (asks(lambda one: _has_level(one, new.level)) or new.level == 1):
            problems.append(Problem("level", _("这一轮没有第 %(n)s 级。") % {"n": new.level}, _("请从任务里重新选。")))
    problems.extend(_help(published, use, pairing, new))
    problems.extend(_roles(published, use, new))
    if problems:
        raise BadInput(problems)


def _has_level(ref: PlanRef, level: int | None) -> bool:
    return level is not None and level <= ref.levels


def unknown_item(key: str, where: str) -> Problem:
    """Return that a checklist has no such item."""
    return Problem(where, _("检查单里没有“%(key)s”这一项。") % {"key": key}, _("请从检查单里选；别的写在文字里。"))


def knows_item(use: Use, area_code: str, round_key: str, item: str) -> bool:
    """Say whether a round's checklist has an item, in this version or in another that was published for an area."""

    def has(one: Use) -> bool:
        ref = plans_of(one).get(round_key)
        return ref is not None and item in ref.spec.checklist

    return bool(round_key) and (has(use) or any(has(one) for one in Published().of(use, area_code)))


def _help(published: Published, use: Use, pairing: Pairing | None, new: NewVisit) -> Iterable[Problem]:
    if not new.help_kind:
        return
    if pairing is None:
        yield Problem("help_kind", _("只有结对走访才写帮了什么。"), _("请选结对的住户，或写在文字里。"))
        return
    key = pairing.key

    def kinds(one: Use) -> Collection[str]:
        return {kind for ref in of_version(one.version_id) if ref.key == key for kind in ref.spec.help}

    if new.help_kind in kinds(use) or any(new.help_kind in kinds(one) for one in published.of(use, new.area_code)):
        return
    yield Problem("help_kind", _("没有“%(kind)s”这项帮助。") % {"kind": new.help_kind}, _("请从所列的选项中选一个。"))


def _roles(published: Published, use: Use, new: NewVisit) -> Iterable[Problem]:
    named = {one["role"] for one in new.together}
    if not named or named <= _roles_of(use.method):
        return
    named -= _roles_of(use.method) | published.roles()
    for other in published.of(use, new.area_code, new.method_key) if named else ():
        named -= _roles_of(other.method)
    if named:
        why = _("没有“%(role)s”这个岗位。") % {"role": min(named)}
        yield Problem("together", why, _("请从同去的岗位里选；别的人写在文字里。"))


def _roles_of(method: Method) -> set[str]:
    return {*method.file.roles, *method.file.responsibility}


# --- who came along ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Office:
    """A post of somebody: where, from when, until when."""

    area_code: str
    since: date
    until: date | None


def offices_of(visits: Iterable[NewVisit]) -> dict[str, list[Office]]:
    """Return the posts of everybody who is named by id, by their id in hex. One statement, none where nobody is."""
    ids = {one["person"] for new in visits for one in new.together if one["person"]}
    found: dict[str, list[Office]] = {}
    if ids:
        posts = Post.objects.filter(person_id__in={UUID(hex=one) for one in ids}, person__erased_at__isnull=True)
        for post in posts.exclude(role_id=RESIDENT):
            found.setdefault(post.person_id.hex, []).append(Office(post.area_code, post.since, post.until))
    return found


def check_companions(offices: dict[str, list[Office]], new: NewVisit) -> None:
    """Refuse to name somebody by id who had no post there: in the community visited, or above it.

    Whoever goes there knows their colleagues; an id of anybody else is not theirs to turn into a name.

    Raises:
        BadInput: somebody else is named.
    """
    day = _day(new.happened_at)
    for one in new.together:
        if one["person"] and not any(_serves(office, new.area_code, day) for office in offices.get(one["person"], ())):
            why = _("同去的人里有一位不在这里任职。")
            raise BadInput(Problem("together", why, _("请写岗位和姓名，不写编号。")))


def _serves(office: Office, area_code: str, day: date) -> bool:
    here = within(area_code, office.area_code) or within(office.area_code, area_code[:_COMMUNITY])
    return here and office.since <= day and (office.until is None or office.until >= day)


def _day(at: datetime) -> date:
    return at.astimezone(clock.ZONE).date()
