"""What is kept of forms: the blank one for a month, what was said of its headings for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from bihuan.areas.api import ancestors
from bihuan.kernel.api import clock
from bihuan.reporting.forms.shapes import Form
from bihuan.reporting.forms.words import heading
from bihuan.reporting.models import FormLayout, FormRun

KEPT = timedelta(days=31)
HEADINGS = "headings"  # the row of an area that keeps what single headings mean, whatever form they stand in
_MOST = 2000  # headings that an area remembers


def keep_file(run_id: UUID, data: bytes) -> str:
    """Lay a blank form down; returns its name in the file store."""
    return default_storage.save(f"forms/{run_id.hex}.xlsx", ContentFile(data))


def drop_file(name: str) -> None:
    """Delete a blank form that no run names."""
    default_storage.delete(name)


def read_file(run: FormRun) -> bytes | None:
    """Return a run's blank form; None once it was deleted."""
    if not run.file or not default_storage.exists(run.file):
        return None
    with default_storage.open(run.file) as file:
        return bytes(file.read())


def sweep(limit: int = 200) -> int:
    """Delete the blank forms that are older than a month; returns how many. What was said of them stays."""
    old = FormRun.objects.filter(created_at__lt=clock.now() - KEPT).exclude(file="")[:limit]
    for run in old:
        default_storage.delete(run.file)
        run.file = ""
        run.save(update_fields=["file"])
    return len(old)


def remembered(area_code: str, fingerprint: str = "") -> dict[str, str]:
    """Return what was said of headings in an area and those above it, of this very form where it is known.

    The nearest area's word counts; what was said of the form itself counts before what was said of a heading.
    """
    wanted = [HEADINGS, fingerprint] if fingerprint else [HEADINGS]
    rows = FormLayout.objects.filter(area_code__in=ancestors(area_code), fingerprint__in=wanted)
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row.fingerprint != HEADINGS, len(row.area_code))):
        found |= {str(key): str(meaning) for key, meaning in row.answers_json.items()}
    return found


def remember(area_code: str, name: str, form: Form, answers: Mapping[str, str]) -> None:
    """Keep what was said of a form: of the form itself, and of its headings for others alike. "" forgets."""
    if not answers:
        return
    _merge(area_code, form.fingerprint, name, dict(answers))
    words = {
        f"{slot.role}:{heading(slot.heading)}": answers[slot.key]
        for slot in form.slots.values()
        if slot.key in answers and slot.role != "table" and heading(slot.heading)
    }
    _merge(area_code, HEADINGS, "", words)


def _merge(area_code: str, fingerprint: str, name: str, answers: Mapping[str, str]) -> None:
    row = FormLayout.objects.select_for_update().filter(area_code=area_code, fingerprint=fingerprint).first()
    kept = {key: said for key, said in {**(row.answers_json if row else {}), **answers}.items() if said}
    FormLayout.objects.update_or_create(
        area_code=area_code,
        fingerprint=fingerprint,
        defaults={"name": name[:120], "answers_json": dict(list(kept.items())[-_MOST:]), "updated_at": clock.now()},
    )
