"""The bulletin of the months of the source: filled from the record, checked, signed by another person, published."""

from __future__ import annotations

from datetime import date

from bihuan.demo import cast
from bihuan.demo.world import World
from bihuan.reporting.bulletins import api

WRITER, SIGNER = "lead_a", "secretary"
TEMPLATE = "yiwang-sanbu-wuqin:this_year"  # the method's own: it counts livelihood problems, no hazards, no projects
NEXT = "盯住还没有办结的事，按期答复反映人；下一次联席会议前再走访一遍。"


def quarter(world: World) -> None:
    """Write, check, sign and publish the bulletin of the source's months; nothing but the next steps is typed."""
    writer, signer = world.actor(WRITER), world.actor(SIGNER)
    row = api.draft(
        actor=writer,
        entry_id=world.id(),
        area_code=cast.COMMUNITY,
        template=TEMPLATE,
        since=date(2024, 1, 1),
        until=date(2024, 4, 30),
    )
    text = api.bulletin_page(writer, row.pk).text.replace("【请填写：下一步打算】", NEXT)
    api.edit(
        actor=writer, entry_id=world.id(), bulletin_id=row.pk, title=row.title, text=text, to="焦西街道党工委、办事处"
    )
    api.check(actor=writer, entry_id=world.id(), bulletin_id=row.pk)
    api.sign(actor=signer, entry_id=world.id(), bulletin_id=row.pk)
    api.publish(actor=signer, entry_id=world.id(), bulletin_id=row.pk)
