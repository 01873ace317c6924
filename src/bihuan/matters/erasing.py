"""When sealed values are erased, the copies that this package keeps for reading fast go with them."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.api import sql
from bihuan.kernel.models import Notification, Sealed
from bihuan.matters.sealedtext import MARK
from bihuan.matters.search import forget
from bihuan.matters.tell import link_of

GONE = "（内容已删除）"


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Wipe the matter's copies of what was erased; called in the erasing transaction."""
    if "phone" in names:
        sql.execute("UPDATE matters_matter SET has_contact = %s WHERE id = %s", [False, subject_id])
    _wipe_state(subject_id, names)
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
