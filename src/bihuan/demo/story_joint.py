"""What needs more than a grid can give: the wall and the shed, decided at the quarter's joint meeting."""

from __future__ import annotations

from bihuan.demo.doings import Told, act, recorded
from bihuan.demo.photos import picture
from bihuan.demo.sessions import JOINT, Decision, hold
from bihuan.demo.world import World
from bihuan.matters.api import Photo


def wall(world: World, told: Told) -> None:
    """围墙: told by phone; it needs more than a grid can give, so it waits for the joint meeting."""
    with world.on("2024-02-28 09:15"):
        wall = told.matters["wall"] = recorded(
            world,
            "grid_leader_b",
            41,
            "居民来电：41号楼西侧围墙化冻后裂了一道缝，从墙头到墙脚，孩子放学从那里走，怕倒。",
            title="41号楼西侧围墙开裂",
            channel="phone",
            reporter_id=world.person("res_41"),
            reporter_name="单秀珍",
            phone="14000010041",
        )
    with world.on("2024-02-28 11:00"):
        act(world, "worker_6", wall, "triage", category="safety", urgency="normal", level="joint", people_affected=150)
    with world.on("2024-02-28 11:30"):
        act(world, "worker_6", wall, "note", measure="已拉警戒线，贴了绕行提示。")


def shed(world: World, told: Told) -> None:
    """电动车棚: told at the residents' parlour; it waits for the joint meeting too."""
    with world.on("2024-03-06 10:10"):
        shed = told.matters["shed"] = recorded(
            world,
            "council_3",
            33,
            "居民会客厅有三位居民说，33号楼前电动车没有地方停，停在楼道口，轮椅进不去。",
            title="33号楼前电动车堵住楼道口",
            channel="parlour",
            reporter_id=world.person("res_33"),
            reporter_name="盛海燕",
            phone="14000010033",
            photos=[Photo(picture("shed"), "scene", world.id())],
        )
    with world.on("2024-03-06 15:20"):
        act(world, "worker_5", shed, "triage", category="facility", urgency="normal", level="joint", people_affected=90)


def joint_meeting(world: World, told: Told) -> None:
    """The quarter's joint meeting: one secret ballot on paper and by phone in one count, one by hands."""
    wall, shed = told.matters["wall"], told.matters["shed"]
    hold(
        world,
        body=JOINT,
        chair="secretary",
        called="2024-03-14 10:00",
        starts="2024-03-20 15:00",
        absent={"partner_2": "到市里开会"},
        decisions=[
            Decision(
                wall,
                "物业拆砌开裂的一段围墙，联建单位捐助砖和水泥，施工期间绕行；3月底前完成。",
                {"lead": "lead_b", "tracker": "worker_6", "supervisor": "res_41"},
                "2024-03-29",
                said=(
                    ("property", "看过现场，地基没有动，拆砌六米就可以。"),
                    ("partner_1", "材料由我们两家联建单位出。"),
                    ("council_4", "砌好以后墙脚要留排水口。"),
                ),
                secret=True,
                phone={"council_1": "for", "council_4": "for", "partner_1": "for"},
                against=("council_2",),
                abstain=("grid_leader_b",),
            ),
            Decision(
                shed,
                "在33号楼北侧空地搭一座电动车棚，划线停放，楼道口设挡车桩，留出轮椅通道。",
                {"lead": "lead_a", "tracker": "worker_5", "supervisor": "res_33"},
                "2024-04-03",
                said=(
                    ("council_3", "车棚不要挡一楼的窗户。"),
                    ("police", "棚里的插座要和19号楼一样带断电保护。"),
                ),
                abstain=("council_2",),
            ),
        ],
    )


def settled(world: World, told: Told) -> None:
    """Both are built, looked at by the supervising residents, and answered."""
    wall, shed = told.matters["wall"], told.matters["shed"]
    with world.on("2024-03-22 10:30"):
        act(world, "worker_6", wall, "measure", scene="wall", tag="before", measure="拆除开裂的六米围墙，清运砖渣。")
    with world.on("2024-03-26 16:00"):
        act(
            world,
            "worker_5",
            shed,
            "measure",
            scene="shed",
            tag="before",
            measure="划线、埋立柱，和一楼三户商量好棚的高度。",
        )
    with world.on("2024-03-28 16:30"):
        act(world, "lead_b", wall, "finish", scene="wall", tag="after", answer="围墙已重新砌好，墙脚留了排水口。")
    with world.on("2024-03-29 09:40"):
        act(world, "res_41", wall, "sign_off")
    with world.on("2024-03-29 15:20"):
        act(world, "grid_leader", wall, "ask_by_visit", satisfaction="satisfied")
    with world.on("2024-04-01 11:00"):
        act(
            world,
            "lead_a",
            shed,
            "finish",
            scene="shed",
            tag="after",
            answer="车棚已搭好，可停三十辆，楼道口装了挡车桩。",
        )
    with world.on("2024-04-01 18:20"):
        act(world, "res_33", shed, "sign_off")
    with world.on("2024-04-02 12:10"):
        act(world, "res_33", shed, "confirm", satisfaction="satisfied")
