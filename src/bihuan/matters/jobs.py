"""What the worker does for matters: let clocks speak, index texts, send what reporters are told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from bihuan.matters.models import Matter


def register() -> None:
    """Hand the recurring jobs, the reporters' channel and the wiping of erased texts to the kernel; called once."""
    from bihuan.kernel.api import register_channel, register_erasure, register_heads, register_job
    from bihuan.matters import outward
    from bihuan.matters.erasing import wipe
    from bihuan.matters.tell import REPORTER_CHANNEL, deliver_to_reporter
    from bihuan.matters.ticking import tick_due
    from bihuan.people.api import register_robot_source, register_ties

    register_job("matters.clocks", tick_due, 30)
    register_job("matters.search", _index_all, 5)
    register_channel(REPORTER_CHANNEL, deliver_to_reporter, keeps=False)
    register_erasure("matter", wipe)
    register_heads("matter", heads)
    register_robot_source(outward.events, outward.fresh)
    register_ties(outward.ties)


def heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what each matter's row says its chain ends with, for ``bihuan verify``."""
    rows = Matter.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def _index_all() -> int:
    from bihuan.matters.search import index_pending

    count = 0
    for _round in range(100):  # 50,000 a run: faster than reports can come in
        done = index_pending(500)
        count += done
        if done < 500:
            break
    return count
