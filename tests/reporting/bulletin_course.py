"""What the tests of bulletins share: people, matters, a draft on its way to its publication."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.reporting.bulletins import api
from bihuan.reporting.models import Bulletin
from tests.meetings.world import COMMUNITY, World, build


def staged() -> Iterator[World]:
    """Yield the town with a second secretary, at its own hour."""
    made = build()
    made.person("other", "何书记", ("secretary", COMMUNITY))
    with made.at():
        yield made


def report(world: World, n: int = 2) -> None:
    for at in range(n):
        matters.report(
            actor=world.actor("resident"), id=new_id(clock.now()), text=f"第{at}件路灯不亮", area_code=COMMUNITY + "003"
        )


def draft(world: World, template: str = "monthly", who: str = "cadre", **more: object) -> Bulletin:
    return api.draft(
        actor=world.actor(who), entry_id=new_id(clock.now()), area_code=COMMUNITY, template=template, **more
    )  # type: ignore[arg-type]


def ready(world: World, row: Bulletin, text: str = "") -> Bulletin:
    """Fill the blanks and check."""
    page = api.bulletin_page(world.actor("cadre"), row.pk)
    words = text or page.text
    for blank in (
        "【请填写：下一步打算】",
        "【请填写：工作要求】",
        "【请填写：会议要求，没有就删掉这一节】",
        "【请填写：公示的内容】",
    ):
        words = words.replace(blank, "继续做好。")
    title = row.title.replace("【请填写：事由】", "补植树木").replace("【请填写：姓名或队伍】", "红姐帮帮团")
    cadre = world.actor("cadre")
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=title, text=words, to="焦西街道")
    return api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)


def published(world: World, template: str = "monthly") -> Bulletin:
    row = ready(world, draft(world, template))
    api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    return api.publish(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
