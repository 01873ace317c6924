"""What other packages use of areas: code arithmetic, lookups, the index of points."""

from __future__ import annotations

from bihuan.areas.actions import ensure_door_tokens, import_areas, rename_area, renew_door_token, set_area_active
from bihuan.areas.codes import ancestors, is_code, normalise, parent_of, subtree_q, upper_bound, within
from bihuan.areas.coords import to_wgs84
from bihuan.areas.locate import locate, locate_code, locate_many
from bihuan.areas.queries import (
    by_door,
    by_name,
    chain,
    children,
    display_name,
    doors,
    find,
    geojson,
    level_name,
    names,
    subtree,
)
from bihuan.areas.tables import MAX_BYTES, ImportReport, Row, RowProblem, Table, read_table

__all__ = [
    "ImportReport",
    "MAX_BYTES",
    "Row",
    "RowProblem",
    "Table",
    "ancestors",
    "by_door",
    "by_name",
    "chain",
    "children",
    "display_name",
    "doors",
    "ensure_door_tokens",
    "find",
    "geojson",
    "import_areas",
    "is_code",
    "level_name",
    "locate",
    "locate_code",
    "locate_many",
    "names",
    "normalise",
    "parent_of",
    "read_table",
    "rename_area",
    "renew_door_token",
    "set_area_active",
    "subtree",
    "subtree_q",
    "to_wgs84",
    "upper_bound",
    "within",
]
