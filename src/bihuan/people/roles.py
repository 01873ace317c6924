"""The roles that ship, as a table: key, names, what each grants within its area.

The rows are written to the database after every migration (``sync_roles``). A district may add roles, or
mark one of these as its own (``customised``) and change its grants; an upgrade then leaves it alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.people import permissions as p


@dataclass(frozen=True)
class RoleSpec:
    """One shipped role; ``grants`` are permission keys held within the post's area and below it."""

    key: str
    title: str
    title_en: str
    grants: frozenset[str] = frozenset()


# Words of the engine and the parties that every method has: who holds one of these holds it on one matter, by an
# entry. A post of such a name would give it on every matter of an area, so no role may be called so, and a post
# that were would count for nothing. What begins with "meeting:" is a body that decides, never a person.
RESERVED = frozenset(
    {"system", "anyone", "anonymous", "reporter", "follower", "escalated", "lead", "tracker", "supervisor"}
)


def is_reserved(key: str) -> bool:
    """Say whether a key can never be a post's role: it names a party to one matter, a body, or the system."""
    return key in RESERVED or ":" in key or key.endswith("_deputy")


_SEE = frozenset({p.MATTER_READ, p.MAP_READ, p.MEETING_READ, p.METHOD_READ, p.AREA_READ, p.ACTIVITY_READ})
_GO = frozenset({p.VISIT_RECORD, p.ROUND_READ})  # goes round, and sees what is covered
_STAFF = _SEE | _GO | {p.MATTER_RECORD, p.LEDGER_READ, p.PEOPLE_READ, p.FIGURE_READ}
_LEAD = _STAFF | {
    p.MATTER_PERSONAL,
    p.LEDGER_EXPORT,
    p.MEETING_CALL,
    p.VISIT_READ,
    p.PLACE_EDIT,
    p.ACTIVITY_MANAGE,
    p.FORM_FILL,
    p.BULLETIN_READ,
    p.BULLETIN_WRITE,
}
_HEAD = _LEAD | {
    p.METHOD_EDIT,
    p.METHOD_PUBLISH,
    p.EXPORT_READ,
    p.MATTER_MIGRATE,
    p.AREA_IMPORT,
    p.PEOPLE_MANAGE,
    p.RECORD_VERIFY,
    p.VISIT_REVIEW,
    p.PAIRING_READ,
    p.PAIRING_MANAGE,
    p.LEDGER_IMPORT,
    p.BULLETIN_SIGN,
    p.INTERFACE_MANAGE,
}

ROLES: tuple[RoleSpec, ...] = (
    RoleSpec("secretary", "社区党委书记", "Community Party secretary", _HEAD),
    RoleSpec(
        "committee_member",
        "社区两委干部",
        "Community committee member",
        _LEAD | {p.PAIRING_READ, p.PAIRING_MANAGE},
    ),
    RoleSpec("grid_leader", "网格长", "Grid leader", _LEAD),
    RoleSpec("grid_worker", "网格员", "Grid worker", _STAFF | {p.MATTER_PERSONAL}),
    RoleSpec("police", "警务人员", "Police officer", _STAFF),
    RoleSpec(
        "council_member", "议事会成员", "Residents' council member", _SEE | _GO | {p.MATTER_RECORD, p.LEDGER_READ}
    ),
    RoleSpec("property", "物业", "Property management", _SEE | _GO),
    RoleSpec(
        "partner_unit",
        "联建单位",
        "Partner unit",
        frozenset({p.MEETING_READ, p.METHOD_READ, p.AREA_READ, p.ACTIVITY_READ, p.VISIT_RECORD}),
    ),
    RoleSpec("volunteer", "志愿者", "Volunteer", _GO | {p.METHOD_READ, p.AREA_READ, p.ACTIVITY_READ}),
    RoleSpec("resident", "居民", "Resident"),
    RoleSpec(
        "street_staff",
        "街道干部",
        "Sub-district official",
        _LEAD | {p.METHOD_EDIT, p.RECORD_VERIFY, p.LEDGER_IMPORT, p.BULLETIN_SIGN, p.EXPORT_READ},
    ),
    RoleSpec(
        "district_staff",
        "区级干部",
        "District official",
        _LEAD | {p.METHOD_EDIT, p.RECORD_VERIFY, p.LEDGER_IMPORT, p.BULLETIN_SIGN, p.INTERFACE_MANAGE, p.EXPORT_READ},
    ),
    # The administrator runs the house and does not read what residents wrote: least privilege (PIPL art. 6). Nor
    # figures: each number opens the matters behind it. Who took what out of the house, the administrator does see.
    RoleSpec(
        "administrator",
        "管理员",
        "Administrator",
        frozenset(
            {
                p.AREA_READ,
                p.AREA_IMPORT,
                p.PEOPLE_READ,
                p.PEOPLE_MANAGE,
                p.METHOD_READ,
                p.METHOD_EDIT,
                p.METHOD_PUBLISH,
                p.MATTER_MIGRATE,
                p.RECORD_VERIFY,
                p.INTERFACE_MANAGE,
                p.EXPORT_READ,
            }
        ),
    ),
)
# Who appoints whomever the place needs, the first secretary too, though they hold fewer rights themselves.
APPOINTS_ALL = frozenset({"administrator"})
BY_KEY: dict[str, RoleSpec] = {role.key: role for role in ROLES}


def role_words(key: str) -> tuple[str, str]:
    """Return a shipped role's title in Chinese and English, for where a method has no word for who acted; else its key.

    No statement.
    """
    spec = BY_KEY.get(key)
    return (spec.title, spec.title_en) if spec is not None else (key, key)


def sync_roles() -> None:
    """Write the shipped roles to the database, leaving alone what the place has made its own."""
    from bihuan.people.models import Role

    kept = set(Role.objects.filter(customised=True).values_list("key", flat=True))
    Role.objects.bulk_create(
        [
            Role(
                key=spec.key,
                title=spec.title,
                title_en=spec.title_en,
                grants=sorted(spec.grants),
                order=(index + 1) * 10,
            )
            for index, spec in enumerate(ROLES)
            if spec.key not in kept
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["title", "title_en", "grants", "order"],
    )
