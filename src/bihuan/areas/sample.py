"""The sample district: 解放区's official streets and communities, and the 48 buildings of 电建社区.

Codes and names of streets and communities are the official ones. The buildings are drawn for the sample
(``shape_source`` says 样例绘制): their places, households and floor areas are invented; their number and
their codes, counted from west to east and from north to south, are as the grid rule has it.
"""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext_noop

from bihuan.areas.actions import ensure_door_tokens, import_areas
from bihuan.areas.tables import ImportReport
from bihuan.people.api import SYSTEM, Actor

DISTRICT = "410802"
COMMUNITY = "410802004004"
_COLUMNS = ("code", "name", "short_name", "level", "kind", "households", "floor_area", "lon", "lat", "shape")
_STREETS = "jiefang_410802_streets.csv"
_COMMUNITIES = "jiefang_410802_communities.csv"
_BUILDINGS = "dianjian_micro_grids.geojson"
# Words of the sample's data files that pages show: named here so that they have English.
WORDS = (gettext_noop("样例绘制"), gettext_noop("居委会/社区"), gettext_noop("楼栋"))


def _text(name: str) -> str:
    return files("bihuan").joinpath("data", name).read_text(encoding="utf-8-sig")


def sample_csv() -> bytes:
    """Return the sample district as one file that the import reads: 1 + 9 + 57 + 48 rows."""
    features = {feature["id"]: feature for feature in json.loads(_text(_BUILDINGS))["features"]}
    rows: list[dict[str, Any]] = [{"code": DISTRICT, "name": "解放区", "level": "district"}]
    rows += [
        {"code": row["code"], "name": row["name"], "level": "street"}
        for row in csv.DictReader(io.StringIO(_text(_STREETS)))
    ]
    for row in csv.DictReader(io.StringIO(_text(_COMMUNITIES))):
        short = row["name"].removesuffix("居民委员会").removesuffix("村民委员会")
        rows.append(
            {
                "code": row["code"],
                "name": row["name"],
                "short_name": short,
                "level": "community",
                "kind": row["kind"],
            }
            | _drawn(features.pop(row["code"], None))
        )
    rows += [feature["properties"] | _drawn(feature) for feature in features.values()]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*_COLUMNS, "shape_source"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _drawn(feature: dict[str, Any] | None) -> dict[str, Any]:
    if feature is None:
        return {}
    return {
        "shape": json.dumps(feature["geometry"]),
        "shape_source": feature["properties"]["shape_source"],
    }


def load_sample(*, actor: Actor = SYSTEM) -> ImportReport:
    """Import the sample district through the same action as any file, and give its 48 doors their codes."""
    report = import_areas(actor=actor, data=sample_csv(), filename="sample.csv", dry_run=False)
    if report.problems:
        raise RuntimeError(f"the sample district has faults: {report.problems[:3]}")
    ensure_door_tokens(actor=actor, community=COMMUNITY)
    return report
