"""The places that the sample's rounds go to: invented, and marked so (样例). Households are named by their doors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bihuan.demo.cast import building
from bihuan.demo.world import World
from bihuan.fieldwork.api import register_place

SOURCE = "样例"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its key in the story, its kind, the building it stands at, its name."""

    key: str
    kind: str
    number: int
    name: str


SPOTS: tuple[Spot, ...] = (
    Spot("wall_north", "wall", 3, "北围墙"),
    Spot("wall_east", "wall", 24, "东围墙"),
    Spot("wall_south", "wall", 46, "南围墙"),
    Spot("wall_west", "wall", 41, "西围墙"),
    Spot("road_main", "road", 12, "中心路"),
    Spot("road_west", "road", 33, "西环路"),
    Spot("gym", "facility", 20, "健身广场"),
    Spot("parlour", "facility", 25, "居民会客厅"),
    Spot("sockets", "facility", 19, "充电插座"),
    Spot("exit_8", "fire_exit", 8, "8号楼消防通道"),
    Spot("exit_22", "fire_exit", 22, "22号楼消防通道"),
    Spot("exit_36", "fire_exit", 36, "36号楼消防通道"),
)
HOUSEHOLDS: tuple[Spot, ...] = tuple(
    Spot(f"home_{number}_{door}", "household", number, f"{door // 1000}单元{door % 1000}")
    for number, doors in (
        (12, (1101, 1302, 2201, 2402)),
        (27, (1102, 2101, 2502)),
        (41, (1201, 1401, 2302)),
    )
    for door in doors
)


def register(world: World) -> dict[str, UUID]:
    """Let the secretary register them all; returns their ids by key."""
    secretary, ids = world.actor("secretary"), {}
    for order, spot in enumerate((*SPOTS, *HOUSEHOLDS), 1):
        ids[spot.key] = world.id()
        register_place(
            actor=secretary,
            id=ids[spot.key],
            area_code=building(spot.number),
            kind=spot.kind,
            name=spot.name,
            order=order,
            source=SOURCE,
        )
    return ids
