"""When sealed values are erased, the copies that this package keeps for reading fast go with them."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.api import sql, withdraw
from bihuan.kernel.models import Notification, Sealed
from bihuan.matters.models import Matter
from bihuan.matters.sealedtext import MARK, POINT
from bihuan.matters.search import forget
from bihuan.matters.tell import REPORTER_CHANNEL, link_of

GONE = "（内容已删除）"


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Wipe the matter's copies of what was erased; called in the erasing transaction."""
    if "phone" in names:
        sql.execute("UPDATE matters_matter SET has_contact = %s WHERE id = %s", [False, subject_id])
    if "follower_phone" in names:
        for entry in _further(subject_id, gone=True):
            withdraw(REPORTER_CHANNEL, entry.hex)
    _wipe_state(subject_id, names)
    if names & {POINT, "text"}:  # the area stays, to a building; to the metre it was said with the words
        sql.execute("UPDATE matters_matter SET lon = NULL, lat = NULL WHERE id = %s", [subject_id])
    if not names & {"title", "text"}:
        return
    rows = sql.rows(
        "SELECT id, title, text, district_code, street_code, community_code, created_at, indexed "
        "FROM matters_matter WHERE id = %s",
        [subject_id],
    )
    if not rows:
        return
    if rows[0][7]:
        forget(subject_id, rows[0])
    if "text" in names:
        sql.execute("UPDATE matters_matter SET text = '', indexed = %s WHERE id = %s", [False, subject_id])
    own_title = Sealed.objects.filter(subject_type="matter", subject_id=subject_id, name="title").exists()
    if "title" in names or not own_title:  # a title made of the text goes with it
        sql.execute("UPDATE matters_matter SET title = %s, indexed = %s WHERE id = %s", [GONE, False, subject_id])
        Notification.objects.filter(link=link_of(subject_id)).delete()
        _wipe_told(subject_id, str(rows[0][1]))


def _wipe_told(subject_id: UUID, title: str) -> None:
    """Take back what tells the title elsewhere: messages on their way, and the bell of a matter merged into another."""
    withdraw(REPORTER_CHANNEL, subject_id.hex)
    for entry in _further(subject_id):
        withdraw(REPORTER_CHANNEL, entry.hex)
    merged = Matter.objects.filter(duplicate_of_id=subject_id).values_list("pk", flat=True)
    for duplicate in merged:  # its reporter is told of this matter's progress, with this matter's title
        withdraw(REPORTER_CHANNEL, duplicate.hex, containing=title)
    into = Matter.objects.filter(pk=subject_id).values_list("duplicate_of_id", flat=True).first()
    if into is not None:
        Notification.objects.filter(link=link_of(into), kind="matter.merged_into", params__title=title).delete()


def _further(subject_id: UUID, *, gone: bool = False) -> list[UUID]:
    """Return the entries with which further reporters left a number; ``gone``: those whose number was erased."""
    rows = Sealed.objects.filter(subject_type="matter", subject_id=subject_id, name="follower_phone")
    return list(rows.filter(erased_at__isnull=not gone).values_list("entry_id", flat=True))


def _wipe_state(subject_id: UUID, names: frozenset[str]) -> None:
    """Put the mark in the place of erased texts that the state keeps for the method's conditions."""
    import orjson

    rows = sql.rows("SELECT state_json FROM matters_matter WHERE id = %s", [subject_id])
    if not rows:
        return
    state = rows[0][0] if isinstance(rows[0][0], dict) else orjson.loads(rows[0][0])
    kept = [state.get("fields") or {}, *(item.get("data") or {} for item in (state.get("pending") or {}).values())]
    changed = False
    for values in kept:
        for name in names & set(values):
            if values[name] is not None and values[name] != MARK:
                values[name], changed = MARK, True
    if changed:
        sql.execute("UPDATE matters_matter SET state_json = %s WHERE id = %s", [state, subject_id])
