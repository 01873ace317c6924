"""The matters that a card is filled for: found by their numbers, read in the clear for a reason that is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import subtree_q
from bihuan.kernel.api import BadInput, Problem
from bihuan.kernel.models import Sealed
from bihuan.matters.api import LedgerRow, reveal_contact, rows_of
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_READ, Actor, visible

MOST = 50  # copies of one card at a time
_TAIL = re.compile(r"(\d{4}-\d{1,8})$")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
PLAIN = ("reporter_name", "phone")


def by_numbers(actor: Actor, area_code: str, typed: Sequence[str]) -> list[UUID]:
    """Return the matters of some numbers as people write them (电建-2024-0017, 2024-0017), in their order.

    Raises:
        BadInput: naming each number that is of none that one may see there, or of several.
    """
    found: dict[UUID, None] = {}
    problems: list[Problem] = []
    for number in dict.fromkeys(filter(None, (one.strip() for one in typed[: MOST * 2]))):
        ids = _of(actor, area_code, number[:40])
        if len(ids) == 1:
            found[ids[0]] = None
        elif ids:
            why = _("“%(number)s”不止一件。") % {"number": number[:40]}
            problems.append(Problem("matter", why, _("请写上社区，如 电建-2024-0017。")))
        else:
            why = _("没有编号是“%(number)s”的事项。") % {"number": number[:40]}
            problems.append(Problem("matter", why, _("请照台账上的编号填写，如 电建-2024-0017。")))
    if len(found) > MOST:
        problems.append(Problem("matter", _("一次最多填 %(n)s 件。") % {"n": MOST}, _("请分几次。")))
    if problems:
        raise BadInput(*problems)
    return list(found)


def _of(actor: Actor, area_code: str, number: str) -> list[UUID]:
    rows = visible(actor, MATTER_READ, Matter.objects.filter(subtree_q("area_code", area_code)))
    exact = list(rows.filter(number=number).values_list("pk", flat=True)[:2])
    tail = _TAIL.search(number)
    if exact or tail is None:
        return exact
    ids = list(rows.filter(number__endswith=f"-{tail[1]}").values_list("pk", flat=True)[: MOST * 4])
    if tail.start() == 0 or len(ids) < 1:
        return ids
    return [pk for pk, row in rows_of(actor, ids).items() if row.display_number == number]


def chosen(actor: Actor, area_code: str, ids: Sequence[UUID]) -> list[LedgerRow]:
    """Return those of some matters that lie in an area and that one may see, in their order."""
    found = rows_of(actor, list(ids)[:MOST])
    return [found[one] for one in ids if one in found and found[one].area_code.startswith(area_code)]


def in_the_clear(actor: Actor, matter_id: UUID, reason: str) -> Callable[[Sequence[str]], Mapping[str, str]] | None:
    """Return what reads a matter's personal values in the clear, each reading kept with its reason; None without one.

    What it returns raises PermissionDenied without MATTER_PERSONAL there, Refused for a value that was changed.
    """
    if not reason.strip():
        return None

    def read(wanted: Sequence[str]) -> Mapping[str, str]:
        names = {one.removeprefix("field:"): one for one in wanted if one in PLAIN or one.startswith("field:")}
        rows = Sealed.objects.filter(subject_type="matter", subject_id=matter_id, encrypted=True, name__in=names)
        latest = dict(rows.exclude(content=None).order_by("pk").values_list("name", "pk"))  # the last one of each
        return {
            names[name]: reveal_contact(actor=actor, matter_id=matter_id, sealed_id=pk, reason=reason)
            for name, pk in latest.items()
        }

    return read


def zipped(copies: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as one zip, each under its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # a workbook is a zip already
        for name, data in copies:
            archive.writestr(name, data)
    return out.getvalue()


def copy_name(name: str, number: str) -> str:
    """Return the name of one matter's copy: 登记卡.xlsx of 电建-2024-0017 is 登记卡-电建-2024-0017.xlsx."""
    stem, _dot, ending = name.rpartition(".")
    return _UNSAFE.sub("_", f"{stem or name}-{number}.{'xlsm' if ending.lower() == 'xlsm' else 'xlsx'}")
