"""The matters that a card is filled for: chosen by their numbers, read in the clear for a reason that is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from bihuan.kernel.models import Sealed
from bihuan.matters.api import LedgerRow, reveal_contact, rows_of
from bihuan.people.api import Actor

MOST = 50  # copies of one card at a time
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
PLAIN = ("reporter_name", "phone")


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
