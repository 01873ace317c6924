"""Is what a public page shows what the record holds? Worked out anew from the entries each time it is asked.

Three things are compared: the chain of the subject's entries with its hashes (``kernel.verify``), what the page shows
with what the entries say, and the entry's place in the day whose root is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.kernel.api import InclusionProof, NotFound, canonical, clock, instant, merkle, prove, verify
from bihuan.kernel.models import DayRoot, Entry
from bihuan.reporting.models import Bulletin
from bihuan.web.portal.compared import differences
from bihuan.web.portal.compared.told import Told
from bihuan.web.portal.subjects import Subject, code_of

COMMUNITY = 12
PROOF_SECONDS = 86_400
PUBLISHED = {"bulletin": "bulletin.published", "meeting": "meeting.published"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. ``wrong``: each thing that is not as it was recorded, in words; empty: unchanged.

    ``first``: when it was recorded first; ``entry``: the one that holds what is shown (of a matter the last one with a
    published day); ``after``: how many entries came after it; ``erased``: words of it were erased at somebody's wish.
    """

    subject: Subject
    office: str
    first: Entry
    entry: Entry
    code: str
    count: int
    after: int
    wrong: tuple[str, ...]
    erased: bool
    withdrawn: bool
    root: DayRoot | None
    proof: InclusionProof | None

    @property
    def hash(self) -> str:
        """The entry's hash, in hex."""
        return bytes(self.entry.hash).hex()

    @property
    def position(self) -> int:
        """Which of the day's entries it is, from 1; 0 without a proof."""
        return self.proof.index + 1 if self.proof is not None else 0


def check(subject: Subject) -> Checked | None:
    """Check a public subject; None where the record holds nothing of it."""
    if subject.id is None:
        return None
    told = Told.of(subject.type, subject.id)
    if not told.entries:
        return None
    roots = DayRoot.objects.in_bulk({_day(entry) for entry in told.entries})
    entry = _main(subject, told, roots)
    wrong = [*_chain(subject), *differences(subject, told)]
    root = roots.get(_day(entry))
    proof = _proof(entry, root) if root is not None else None
    if root is not None and proof is None:
        wrong.append(_("%(day)s 公布的总指纹里没有这条记录：那一天的记录被改动过。") % {"day": root.day.isoformat()})
    return Checked(
        subject=subject,
        office=_office(told.entries[0].area_code),
        first=told.entries[0],
        entry=entry,
        code=code_of(entry),
        count=len(told.entries),
        after=told.entries[-1].seq - entry.seq,
        wrong=tuple(dict.fromkeys(wrong)),
        erased=told.erased,
        withdrawn=subject.type == "bulletin" and subject.row.state == Bulletin.State.WITHDRAWN,
        root=root,
        proof=proof,
    )


def _day(entry: Entry) -> Any:
    return entry.recorded_at.astimezone(clock.ZONE).date()


def _main(subject: Subject, told: Told, roots: Mapping[Any, DayRoot]) -> Entry:
    if subject.type in PUBLISHED:
        return told.last(PUBLISHED[subject.type]) or told.entries[-1]
    return next((entry for entry in reversed(told.entries) if _day(entry) in roots), told.entries[-1])


def _office(code: str) -> str:
    area = find(code[:COMMUNITY])
    return area.name if area is not None else code[:COMMUNITY]


def _chain(subject: Subject) -> Iterator[str]:
    """Yield what is wrong with the subject's own chain."""
    assert subject.id is not None  # noqa: S101 - areas are not checked
    english = (get_language() or "").startswith("en")
    for flaw in verify((subject.type, subject.id)).flaws:
        what = flaw.what_en if english else flaw.what
        yield _("第 %(seq)s 条记录：%(what)s") % {"seq": flaw.seq, "what": what} if flaw.seq else what


def _proof(entry: Entry, root: DayRoot) -> InclusionProof | None:
    """Return the proof that an entry stands in its day's root; None where it does not.

    A way that was found is kept: it is tried with the entry and the root as they are now, so it cannot hide a change.
    """
    key, hashed, rooted = f"portal-proof:{entry.pk.hex}", bytes(entry.hash), bytes(root.root)
    kept: tuple[int, int, tuple[bytes, ...]] | None = cache.get(key)
    if kept is not None and merkle.includes(rooted, hashed, *kept):
        return InclusionProof(entry.pk, hashed, root.day, *kept, rooted)
    try:
        proof = prove(entry.pk)
    except NotFound:
        return None
    if not proof.holds():
        return None
    cache.set(key, (proof.index, proof.count, proof.path), PROOF_SECONDS)
    return proof


def entry_text(entry: Entry) -> str:
    """Return the canonical JSON over which an entry's hash is worked out (see ``kernel.chain``)."""
    text = canonical(
        {
            "actor_id": str(entry.actor_id) if entry.actor_id else None,
            "actor_role": entry.actor_role,
            "area_code": entry.area_code,
            "body": entry.body,
            "happened_at": instant(entry.happened_at),
            "id": str(entry.pk),
            "method": entry.method,
            "prev_hash": bytes(entry.prev_hash).hex(),
            "recorded_at": instant(entry.recorded_at),
            "seq": entry.seq,
            "subject_id": str(entry.subject_id),
            "subject_type": entry.subject_type,
            "verb": entry.verb,
        }
    )
    return text.decode()
