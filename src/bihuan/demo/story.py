"""The first quarter of 2024 in 电建社区, as it may have been: five problems, each by another way, all settled.

Every act (``story_grid``, ``story_joint``) is one that a person does on the site. Offices, dates and the number of
problems are the source's; people, words and buildings are invented.
"""

from __future__ import annotations

from bihuan.demo import field, helping, places, story_grid, story_joint
from bihuan.demo.doings import Told
from bihuan.demo.world import World


def tell(world: World) -> Told:
    """Replay the quarter: what people did about five problems, and the rounds, visits and events among it."""
    told = Told()
    with world.on("2023-12-06 09:00"):
        told.places = places.register(world)
    field.ahead(world, told)
    helping.ahead(world, told)
    story_grid.lamps(world, told)
    story_grid.sewer(world, told)
    story_grid.lamps_again(world, told)
    story_grid.wires(world, told)
    story_joint.wall(world, told)
    story_grid.wires_later(world, told)
    story_joint.shed(world, told)
    story_grid.wires_done(world, told)
    story_joint.joint_meeting(world, told)
    story_joint.settled(world, told)
    with world.on("2024-04-03 18:00"):
        return told
