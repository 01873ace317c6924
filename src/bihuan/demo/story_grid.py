"""What the grid settles by its own meetings: the lamps, the sewer, the wires from the windows."""

from __future__ import annotations

from bihuan.demo.doings import Told, act, by_link, recorded
from bihuan.demo.photos import picture
from bihuan.demo.sessions import GRID, Decision, hold
from bihuan.demo.world import World, moment
from bihuan.matters.api import Photo, report
from bihuan.people.api import ANONYMOUS


def lamps(world: World, told: Told) -> None:
    """路灯: by the door's code, in the evening, by a neighbour who leaves a number and keeps the link."""
    with world.on("2024-01-08 19:05"):
        done = report(
            actor=ANONYMOUS,
            id=world.id(),
            door_token=world.door(12),
            title="12号楼东侧两盏路灯不亮",
            text="12号楼东侧人行道两盏路灯从周六晚上开始不亮，楼里老人多，晚上走路看不清台阶。",
            channel="door",
            phone="14000010012",
            reporter_name="齐凤英",
            photos=[Photo(picture("lamp"), "scene", world.id())],
        )
        lamp = told.matters["lamp"] = done.matter_id
        told.links["lamp"] = done.follow_token
    with world.on("2024-01-09 09:10"):
        act(world, "worker_2", lamp, "triage", category="facility", urgency="normal", level="grid", people_affected=60)
    hold(
        world,
        body=GRID,
        chair="grid_leader",
        called="2024-01-09 15:30",
        starts="2024-01-12 15:00",
        absent={"council_4": "陪家人看病"},
        decisions=[
            Decision(
                lamp,
                "由社区牵头，物业电工查明线路，更换损坏的灯头；修好后由同楼居民晚上看一次。",
                {"lead": "lead_a", "tracker": "worker_2", "supervisor": "res_12b"},
                "2024-01-26",
                said=(
                    ("worker_2", "现场看过，两盏灯在同一条线上，可能是线路的问题。"),
                    ("council_2", "建议连同接线盒一起查，去年也坏过一次。"),
                ),
            )
        ],
    )
    with world.on("2024-01-15 10:20"):
        act(
            world,
            "worker_2",
            lamp,
            "measure",
            scene="lamp",
            tag="before",
            measure="和物业电工到现场断电检查，一个灯头烧坏。",
        )
    with world.on("2024-01-17 16:40"):
        act(world, "worker_2", lamp, "measure", measure="更换两个灯头，试亮正常。")
    with world.on("2024-01-17 17:10"):
        act(world, "lead_a", lamp, "finish", scene="lamp", tag="after", answer="两盏路灯已换好灯头，当晚试亮正常。")


def sewer(world: World, told: Told) -> None:
    """下水: found on a visit, typed in the afternoon; handed back once, since the main pipe is not the building's."""
    with world.on("2024-01-17 17:40"):
        sewer = told.matters["sewer"] = recorded(
            world,
            "worker_4",
            27,
            "入户走访时一楼住户反映，厨房下水返水，每到傍晚用水多时漫到地面，已自己疏通两次。",
            title="27号楼2单元一楼厨房下水返水",
            channel="visit",
            happened=moment("2024-01-17 10:20"),
            reporter_id=world.person("res_27"),
            reporter_name="葛玉良",
            phone="14000010027",
            photos=[Photo(picture("drain"), "scene", world.id())],
        )
    with world.on("2024-01-18 08:50"):
        act(world, "worker_4", sewer, "triage", category="property", urgency="urgent", level="grid", people_affected=12)
    # The lamps: signed off in the morning; in the evening the reporter sees that one is dark again.
    lamp = told.matters["lamp"]
    with world.on("2024-01-18 09:30"):
        act(world, "res_12b", lamp, "sign_off")
    with world.on("2024-01-18 20:15"):
        by_link(
            world,
            lamp,
            "deny",
            told.links["lamp"],
            satisfaction="dissatisfied",
            reason="北边那盏今晚又灭了，只亮了一天。",
        )
    with world.on("2024-01-19 10:00"):
        act(world, "lead_a", lamp, "measure", measure="打开接线盒，发现接头进水氧化，重新做防水接头。")


def lamps_again(world: World, told: Told) -> None:
    """The lamps are mended for good; the sewer goes to its meeting, back, and to the next one."""
    lamp, sewer = told.matters["lamp"], told.matters["sewer"]
    with world.on("2024-01-19 17:00"):
        act(
            world,
            "lead_a",
            lamp,
            "finish",
            scene="lamp",
            tag="after",
            answer="接头重新做了防水，连续两晚正常再请您确认。",
        )
    with world.on("2024-01-22 09:20"):
        act(world, "res_12b", lamp, "sign_off")
    with world.on("2024-01-22 19:40"):
        by_link(world, lamp, "confirm", told.links["lamp"], satisfaction="satisfied")
    hold(
        world,
        body=GRID,
        chair="grid_leader",
        called="2024-01-22 20:00",
        starts="2024-01-25 15:00",
        absent={"worker_6": "参加街道培训"},
        decisions=[
            Decision(
                sewer,
                "物业先疏通单元立管，查清堵点在楼内还是主管。",
                {"lead": "lead_b", "tracker": "worker_4", "supervisor": "res_27"},
                "2024-02-02",
                said=(("council_1", "一楼这户年年返水，光疏通不是办法。"),),
                abstain=("council_3",),
            )
        ],
    )
    with world.on("2024-01-26 11:00"):
        act(
            world,
            "lead_b",
            sewer,
            "measure",
            scene="drain",
            tag="before",
            measure="疏通单元立管，内窥镜显示堵点在院内主管转弯处。",
        )
    with world.on("2024-01-26 11:30"):
        act(world, "lead_b", sewer, "hand_back", reason="堵点在院内主管，牵涉三栋楼，需要重新商议怎样开挖。")
    with world.on("2024-01-26 15:00"):
        act(world, "secretary", sewer, "hand_back.grant")
    hold(
        world,
        body=GRID,
        chair="grid_leader",
        called="2024-01-26 15:30",
        starts="2024-01-29 15:00",
        absent={},
        decisions=[
            Decision(
                sewer,
                "由物业开挖主管转弯处更换一段管道，避开早晚用水高峰，提前一天在三栋楼门口贴通知。",
                {"lead": "lead_b", "tracker": "worker_4", "supervisor": "res_27"},
                "2024-02-06",
                said=(("council_2", "停水时间要短，最好上午十点到下午三点。"),),
            )
        ],
    )
    with world.on("2024-02-01 15:20"):
        act(world, "worker_4", sewer, "measure", measure="更换主管三米，恢复路面，三栋楼停水四小时。")
    with world.on("2024-02-02 10:00"):
        act(world, "lead_b", sewer, "finish", scene="drain", tag="after", answer="堵塞的主管已更换，观察两天没有返水。")
    with world.on("2024-02-04 09:30"):
        act(world, "res_27", sewer, "sign_off")
    with world.on("2024-02-05 10:40"):
        act(world, "grid_leader", sewer, "ask_by_visit", satisfaction="satisfied")


def wires(world: World, told: Told) -> None:
    """飞线充电: seen by the police officer on patrol; the sockets come late, an extension is asked and granted."""
    with world.on("2024-02-20 16:30"):
        wires = told.matters["wires"] = recorded(
            world,
            "police",
            19,
            "巡查发现19号楼两户从三楼窗户拉电线到楼下给电动车充电，旁边堆有纸箱，有火灾隐患。",
            title="19号楼有人飞线充电",
            channel="patrol",
            reporter_id=world.person("res_19"),
            reporter_name="柏丽娟",
            photos=[Photo(picture("wires"), "scene", world.id())],
        )
    with world.on("2024-02-21 08:55"):
        act(world, "worker_3", wires, "triage", category="safety", urgency="urgent", level="grid", people_affected=30)
    hold(
        world,
        body=GRID,
        chair="grid_leader",
        called="2024-02-21 10:00",
        starts="2024-02-26 15:00",
        absent={"council_4": "外出"},
        decisions=[
            Decision(
                wires,
                "当天劝拆飞线、清走纸箱；在19号楼东山墙装一组带断电保护的充电插座。",
                {"lead": "lead_a", "tracker": "worker_3", "supervisor": "res_19"},
                "2024-03-04",
                said=(
                    ("police", "这样充电很危险，要先拆线，再给大家一个能充电的地方。"),
                    ("council_3", "插座要装在摄像头看得见的地方。"),
                ),
                against=("council_1",),
            )
        ],
    )
    with world.on("2024-02-26 18:10"):
        act(
            world,
            "worker_3",
            wires,
            "measure",
            scene="wires",
            tag="before",
            measure="和警务室、物业一起上门，两户当场拆线，纸箱清走。",
        )


def wires_later(world: World, told: Told) -> None:
    """More time is asked for, with the reason, and granted by the secretary."""
    wires = told.matters["wires"]
    with world.on("2024-03-01 09:20"):
        act(world, "lead_a", wires, "extend", reason="充电插座厂家推迟到货，需要多等几天；期间每天晚上巡查一次。")
    with world.on("2024-03-01 11:00"):
        act(world, "secretary", wires, "extend.grant")


def wires_done(world: World, told: Told) -> None:
    """The sockets are in; a neighbour signs them off and says that it is solved."""
    wires = told.matters["wires"]
    with world.on("2024-03-11 15:40"):
        act(
            world,
            "lead_a",
            wires,
            "finish",
            scene="wires",
            tag="after",
            answer="十个充电插座已装好通电，没有再发现飞线。",
        )
    with world.on("2024-03-12 18:30"):
        act(world, "res_19", wires, "sign_off")
    with world.on("2024-03-13 19:00"):
        act(world, "res_19", wires, "confirm", satisfaction="satisfied")
