"""A bulletin as an official document: .docx and .pdf."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import get_language

from bihuan.kernel.api import Problem, Refused, clock
from bihuan.people.api import BULLETIN_READ, Actor, access
from bihuan.reporting.bulletins import heads
from bihuan.reporting.bulletins.showing import plain
from bihuan.reporting.documents import Document, Items, NoPdf, People, Table, settled, to_pdf
from bihuan.reporting.exports.actions import note_export
from bihuan.reporting.models import Bulletin


def document_of(row: Bulletin) -> Document:
    """Return a bulletin as a document: a draft has no number, and says that it is one."""
    done = row.published_at or row.signed_at
    day = done.astimezone(clock.ZONE).date() if done else None
    issuer = row.rules_json.get("issuer") or ""
    head = heads.head_of(row)
    final = row.state in {Bulletin.State.SIGNED, Bulletin.State.PUBLISHED}
    return Document(
        form=row.form,  # type: ignore[arg-type]
        issuer=issuer,
        title=row.title,
        blocks=plain(row.blocks_json),
        number=row.number if final else "（草稿）",
        to=row.to,
        urgency=heads.URGENCY[head.urgency],
        joint=head.joint,
        signers=head.signers if head.upward else (),
        note=head.annotation,
        sealed=head.sealed,
        both_sides=head.both_sides,
        date=day,
        copies=row.copies,
        printed_by=issuer if final else "",
        printed_on=day,
        people=tuple(People(label, names) for label, names in row.rules_json.get("people", ())),
    )


def as_docx(row: Bulletin) -> bytes:
    """Return a bulletin as a Word file."""
    return settled(document_of(row))


def as_pdf(row: Bulletin) -> bytes:
    """Return a bulletin as PDF.

    Raises:
        Refused: where LibreOffice is not there, saying how to have it.
    """
    try:
        return to_pdf(as_docx(row))
    except NoPdf as error:
        english = (get_language() or "").startswith("en")
        raise Refused(Problem("", error.en if english else error.zh, "")) from error


def printable(actor: Actor, bulletin_id: UUID) -> Bulletin:
    """Return one that an actor may print.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    return access(actor, BULLETIN_READ, Bulletin.objects.all(), pk=bulletin_id)


def hand_out(actor: Actor, bulletin_id: UUID, form: str) -> tuple[Bulletin, bytes]:
    """Return a bulletin and its file ("docx", "pdf"); an entry says who took it, with how many lines of lists.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        Refused: of a PDF where LibreOffice is not there.
    """
    row = printable(actor, bulletin_id)
    content = as_docx(row) if form == "docx" else as_pdf(row)
    lines = sum(
        len(block.rows if isinstance(block, Table) else block.items)
        for block in plain(row.blocks_json)
        if isinstance(block, Table | Items)
    )
    note_export(actor=actor, what="bulletin", form=form, area_code=row.area_code, rows=lines, key=str(row.pk))
    return row, content
