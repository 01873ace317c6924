"""The permission rule: one rule in two shapes, deny by default.

``can`` answers for one object, ``visible`` for a queryset; both read the same ``Scope``, by which the package
that owns a model tells how its rows lie in areas and whose they are. A property test proves the two equal.

The rule: the system may everything. A stranger may nothing here (public pages show public projections and
ask no permission). A person may what a post grants in an area that holds the object; and somebody who is
party to the object (1+1+1, reporter) may see it, whatever the posts. To a machine's key (``via``) that is no way
in: it acts in one area, and a person is party to things in many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.codes import subtree_q, within
from bihuan.people.actor import Actor
from bihuan.people.permissions import TITLES

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and why (not), as a sentence in the person's language."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        """Be usable in a condition."""
        return self.allowed


@dataclass(frozen=True)
class Scope:
    """How the rows of one model lie in areas and whose they are; see ``register_scope``."""

    read: str
    area_q: Callable[[str], Q]
    area_codes: Callable[[Any], Iterable[str]]
    party_q: Callable[[UUID], Q] | None
    party_ids: Callable[[Any], Collection[UUID]] | None
    party_grants: frozenset[str]
    above_q: Callable[[str], Q] | None = None
    above: Callable[[Any, str], bool] | None = None


_SCOPES: dict[type[Model], Scope] = {}


def register_scope(
    model: type[Model],
    *,
    read: str,
    area_field: str = "",
    area_q: Callable[[str], Q] | None = None,
    area_codes: Callable[[Any], Iterable[str]] | None = None,
    party_q: Callable[[UUID], Q] | None = None,
    party_ids: Callable[[Any], Collection[UUID]] | None = None,
    party_grants: Iterable[str] | None = None,
    above_q: Callable[[str], Q] | None = None,
    above: Callable[[Any, str], bool] | None = None,
) -> None:
    """Tell the rule about a model; called once at start by the package that owns it.

    Args:
        model: The model whose rows are to be guarded.
        read: The permission without which a row does not exist for somebody.
        area_field: Name (or path, "matter__area_code") of the field that holds the row's area code; or else
        area_q: from an area's code to the condition "lies in it", together with
        area_codes: from a row to the codes it lies in (any of them counts).
        party_q: from a person's id to the condition "is party to the row"; together with
        party_ids: from a row to the ids of its parties.
        party_grants: What being party gives; by default ``read`` alone.
        above_q: from an area's code to the condition "lies above it and applies in it": may be read there, no more;
            together with
        above: from a row and a code to the same as yes or no.

    Raises:
        ValueError: when the two shapes of a scope are not given together.
    """
    if bool(area_field) == bool(area_q) or bool(area_q) != bool(area_codes) or bool(party_q) != bool(party_ids):
        raise ValueError(f"the scope of {model.__name__} is half described")
    if bool(above_q) != bool(above):
        raise ValueError(f"the scope of {model.__name__} is half described")
    _SCOPES[model] = Scope(
        read=read,
        area_q=area_q or (lambda code: subtree_q(area_field, code)),
        area_codes=area_codes or (lambda row: (_follow(row, area_field),)),
        party_q=party_q,
        party_ids=party_ids,
        party_grants=frozenset(party_grants) if party_grants is not None else frozenset({read}),
        above_q=above_q,
        above=above,
    )


def _follow(row: Any, path: str) -> str:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row or ""


def scope_of(model: type[Model]) -> Scope:
    """Return a model's scope.

    Raises:
        LookupError: for a model that no package has registered; forgetting it must not open anything.
    """
    for base in model.__mro__:
        if base in _SCOPES:
            return _SCOPES[base]
    raise LookupError(f"{model.__name__} has no scope: register_scope() it at start")


def can(actor: Actor, permission: str, obj: Model | str | None = None) -> Decision:
    """Decide whether ``actor`` holds ``permission`` on an object.

    Args:
        actor: Who asks.
        permission: A key of ``people.permissions``.
        obj: A row of a registered model, an area code, or None for "anywhere at all" (entering a room).
    """
    if permission not in TITLES:
        raise LookupError(f"unknown permission {permission!r}")
    if actor.kind == "system":
        return Decision(allowed=True)
    if actor.kind == "anonymous" or actor.person_id is None:
        return Decision(allowed=False, reason=_("请先登录"))
    roots = actor.areas_with(permission)
    if obj is None:
        allowed = bool(roots)
    elif isinstance(obj, str):
        allowed = any(within(obj, root) for root in roots)
    else:
        allowed = _can_row(actor, permission, roots, obj)
    return Decision(allowed=True) if allowed else Decision(allowed=False, reason=_refusal(permission))


def _can_row(actor: Actor, permission: str, roots: tuple[str, ...], row: Model) -> bool:
    scope = scope_of(type(row))
    if roots and any(within(code, root) for code in scope.area_codes(row) for root in roots):
        return True
    if scope.above is not None and permission == scope.read and any(scope.above(row, root) for root in roots):
        return True
    by_party = scope.party_ids is not None and permission in scope.party_grants and not actor.via
    return by_party and scope.party_ids is not None and actor.person_id in scope.party_ids(row)


def _refusal(permission: str) -> str:
    from django.utils.translation import get_language

    zh, en = TITLES[permission]
    title = en if (get_language() or "").startswith("en") else zh
    return _("您的岗位在这里没有“%(title)s”的权限") % {"title": title}


def visible(actor: Actor, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """Keep the rows for which ``can(actor, permission, row)`` is true; no query of its own."""
    if permission not in TITLES:
        raise LookupError(f"unknown permission {permission!r}")
    if actor.kind == "system":
        return queryset
    if actor.kind == "anonymous" or actor.person_id is None:
        return queryset.none()
    scope = scope_of(queryset.model)
    parts = [scope.area_q(root) for root in actor.areas_with(permission)]
    if scope.above_q is not None and permission == scope.read:
        parts += [scope.above_q(root) for root in actor.areas_with(permission)]
    if scope.party_q is not None and permission in scope.party_grants and not actor.via:
        parts.append(scope.party_q(actor.person_id))
    if not parts:
        return queryset.none()
    condition = parts[0]
    for part in parts[1:]:
        condition |= part
    return queryset.filter(condition)


def access(actor: Actor, permission: str, queryset: QuerySet[M], **lookup: Any) -> M:
    """Load one row for an act: the only way in which views and actions load what is guarded.

    Raises:
        Http404: when the row is not there, or the actor may not see it (both look alike from outside).
        PermissionDenied: when the actor sees it but does not hold ``permission`` on it; says why.
    """
    row = queryset.filter(**lookup).first()
    if row is None or not can(actor, scope_of(queryset.model).read, row):
        raise Http404(_("没有找到，或者您没有查看的权限"))
    decision = can(actor, permission, row)
    if not decision:
        raise PermissionDenied(decision.reason)
    return row


def require(actor: Actor, permission: str, obj: Model | str | None = None) -> None:
    """Raise PermissionDenied, with the reason, unless ``can``."""
    decision = can(actor, permission, obj)
    if not decision:
        raise PermissionDenied(decision.reason)
