"""Times the pages that staff open, as signed-in people, on a warmed server."""

from __future__ import annotations

import random
from typing import Any

from django.db.models import Q

from bench.load import drive, request
from bench.world import COMMUNITY, World

VISITS = 150
PAGE = 50
DEEP = 1_000


def measure(port: int, world: World, scale: int) -> dict[str, Any]:
    """Return p50 and p95 in milliseconds of each page, one visitor at a time."""
    secretary = {"Cookie": world.cookie(world.secretary)}
    district = {"Cookie": world.cookie(world.district)}
    deep, page = _cursor(scale)
    addresses = {
        "todo": (["/desk/"], secretary),
        "ledger_1": (["/desk/ledger/"], secretary),
        "ledger_district_1": (["/desk/ledger/"], district),
        "ledger_deep": ([f"/desk/ledger/?after={deep}"], district),
        "map": (["/desk/map/"], secretary),
        "matter": (_matters(), secretary),
        "search_two_characters": (
            [f"/desk/ledger/?text={word}" for word in ("%E8%B7%AF%E7%81%AF", "%E6%BC%8F%E6%B0%B4")],
            secretary,
        ),
    }
    figures: dict[str, Any] = {"deep_page": page}
    for name, (paths, headers) in addresses.items():
        messages = [request("GET", paths[n % len(paths)], headers=headers) for n in range(VISITS)]
        drive(port, messages[:20], 1)
        run = drive(port, messages, 1)
        if set(run.statuses) != {200}:
            raise RuntimeError(f"{name}: {dict(run.statuses)} {run.sample[:300]!r}")
        figures[name] = {"p50": run.percentile(0.5), "p95": run.percentile(0.95)}
    return figures


def _matters() -> list[str]:
    from bihuan.matters.models import Matter

    ids = list(
        Matter.objects.filter(community_code=COMMUNITY)
        .order_by("-created_at", "-id")
        .values_list("id", flat=True)[:300]
    )
    return [f"/desk/matters/{id}/" for id in random.Random(3).sample(ids, min(60, len(ids)))]


def _cursor(scale: int) -> tuple[str, int]:
    """Return the cursor of page 1,000 of the district's ledger, or of the last full page before it."""
    from urllib.parse import quote

    from bihuan.matters import keyset
    from bihuan.matters.models import Matter

    page = min(DEEP, scale // PAGE - 1)
    row = (
        Matter.objects.filter(Q(district_code="410802"))
        .order_by("-created_at", "-id")
        .values_list("created_at", "id")[(page - 1) * PAGE - 1]
    )
    return quote(keyset.pack(*row)), page
