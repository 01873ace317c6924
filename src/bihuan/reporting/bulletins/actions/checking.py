"""核对: the numbers are read again; what differs is shown, taken over, or kept with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, visible
from bihuan.people.api import BULLETIN_WRITE, Actor
from bihuan.reporting.bulletins import guards, heads, wording
from bihuan.reporting.bulletins.actions.drafting import reader_of
from bihuan.reporting.bulletins.filling import answer, only_of
from bihuan.reporting.bulletins.reader import Reader
from bihuan.reporting.bulletins.store import load, must, text_of
from bihuan.reporting.models import Bulletin


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that is not what it is now: as it stands in the text, and now ("" where nobody knows)."""

    name: str
    written: str
    now: str


def differences(row: Bulletin, reader: Reader) -> list[Difference]:
    """Read every number of a text again; return those that differ, in their order."""
    stand = [found for text in texts(row) for found in wording.KEPT.findall(text)]
    asked = {name: row.figures_json[name] for name, _value in stand if name in row.figures_json}
    reader.want((one["key"], only_of(one)) for one in asked.values() if one["word"] != "split")
    found: list[Difference] = []
    for name, value in stand:
        now = answer(asked[name], reader)[1] if name in asked else ""
        if now != value and Difference(name, value, now) not in found:
            found.append(Difference(name, value, now))
    return found


def texts(row: Bulletin) -> list[str]:
    """Return every text of a bulletin in which numbers may stand."""
    found: list[str] = []
    for block in row.blocks_json:
        found += [block.get("text", ""), *block.get("items", ()), *block.get("head", ())]
        found += [cell for line in block.get("rows", ()) for cell in line]
    return found


def changed(blocks: list[dict[str, Any]], change: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return blocks with every text of them changed."""
    out = []
    for block in blocks:
        new = dict(block)
        if "text" in new:
            new["text"] = change(new["text"])
        for key in ("items", "head"):
            if key in new:
                new[key] = [change(item) for item in new[key]]
        if "rows" in new:
            new["rows"] = [[change(cell) for cell in row] for row in new["rows"]]
        out.append(new)
    return out


@transaction.atomic
def refill(*, actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Bulletin:
    """Take the numbers over as they are now; the words stay.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: it was signed off.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.open_to_edit(row))
    found = {one.name: one.now for one in differences(row, reader_of(actor, row)) if one.name in row.figures_json}

    def change(text: str) -> str:
        return wording.KEPT.sub(lambda kept: wording.kept(kept[1], found.get(kept[1], kept[2])), text)

    work.set(blocks_json=changed(row.blocks_json, change), state=Bulletin.State.DRAFT)
    work.record("bulletin.refilled", {"numbers": sorted(found)}, sealed=[text_of(row)])
    return row


@transaction.atomic
def check(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, keep: str = "") -> Bulletin:
    """Say that the text is checked: every blank filled, every number what it is now, or kept for a reason.

    Args:
        actor: needs BULLETIN_WRITE.
        entry_id: UUIDv7 made by the client.
        bulletin_id: which.
        keep: why numbers that differ stay as they are written; "" where none does.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: blanks, it was signed off, or numbers differ and no reason was given.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    keep = " ".join(visible(keep).split())
    if len(keep) > 200:
        raise BadInput(Problem("keep", _("太长：最多 %(n)s 个字。") % {"n": 200}, _("写短一些。")))
    found = differences(row, reader_of(actor, row))
    differ = [
        Problem("keep", _("“%(name)s”写的是 %(was)s，现在是 %(now)s。")
                % {"name": one.name, "was": one.written, "now": one.now or _("查不到")},
                _("换成现在的数，或写明为什么保留。"))
        for one in found
    ]  # fmt: skip
    must(guards.open_to_edit(row), guards.no_blanks(row), heads.signed_for(row), *(differ if not keep else ()))
    work.set(state=Bulletin.State.CHECKED)
    kept = [{"name": one.name, "written": one.written, "now": one.now} for one in found]
    work.record("bulletin.checked", {"reason": keep if found else "", "kept": kept}, sealed=[text_of(row)])
    return row
