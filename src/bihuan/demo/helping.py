"""勤服务 and 勤联谊 in the quarter: two households paired with partner units, and the arts team's 元宵节 event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from bihuan.activities import api as activities
from bihuan.demo import cast
from bihuan.demo.doings import Told
from bihuan.demo.world import World, moment
from bihuan.fieldwork.api import consent_to_pairing, propose_pairing, record_visit
from bihuan.kernel.api import clock
from bihuan.people.api import ANONYMOUS


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit's person and one household; its people are invented."""

    key: str
    who: str
    number: int
    door: str
    name: str
    needs: tuple[str, ...]
    how: str  # they agreed
    witness: str
    phone: str = ""


PAIRS = (
    Pair("clinic", "partner_1", 22, "1单元301", "车桂英", ("medical", "heart"), "signed", "worker_3", "14000010022"),
    Pair("bank", "partner_2", 35, "2单元102", "冀长青", ("life", "house"), "spoken", "worker_5"),
)
NEIGHBOURS = (("12号楼齐阿姨一家", 3), ("小海", 1), ("会唱戏的老温", 2))
VISITS = (
    ("clinic", "2024-01-16 10:00", "medical", "量了血压，教会用电子血压计，约好下月复查。"),
    ("bank", "2024-01-17 15:30", "life", "带去米和油，记下要修的窗户。"),
    ("clinic", "2024-02-07 10:00", "heart", "节前看望，陪着聊了一会儿。"),
    ("bank", "2024-02-08 10:30", "house", "请师傅换了两扇窗的合页。"),
    ("clinic", "2024-03-12 10:00", "medical", "复查血压正常，帮着在手机上预约了门诊。"),
    ("bank", "2024-03-14 16:00", "life", "老人说一切都好。"),
)
TALENTS = (("volunteer", "解春燕", "唱歌"), ("res_27", "葛玉良", "二胡"), ("res_19", "柏丽娟", "舞蹈")) + (
    ("res_33", "盛海燕", "快板"),
)


def ahead(world: World, told: Told) -> None:
    """Plan both."""
    for pair in PAIRS:
        world.ahead("2024-01-08 15:00", partial(_propose, world, told, pair))
        world.ahead("2024-01-10 10:00", partial(_consent, world, told, pair))
    for key, when, help_kind, text in VISITS:
        world.ahead(when, partial(visit, world, told, key, help_kind, text))
    world.ahead("2024-01-26 16:00", partial(_found_team, world, told))
    world.ahead("2024-02-18 09:30", partial(_announce, world, told))
    for minutes, (name, people) in enumerate(NEIGHBOURS):
        called = moment("2024-02-19 19:00") + timedelta(minutes=7 * minutes)
        world.ahead(called, partial(_sign_up, world, told, name, people))
    world.ahead("2024-02-24 17:20", partial(_held, world, told))


def _propose(world: World, told: Told, pair: Pair) -> None:
    told.pairings[pair.key] = world.id()
    propose_pairing(
        actor=world.actor("secretary"),
        id=told.pairings[pair.key],
        key="yiqi",
        area_code=cast.building(pair.number),
        door=pair.door,
        name=pair.name,
        phone=pair.phone,
        person_id=world.person(pair.who),
        needs=pair.needs,
    )


def _consent(world: World, told: Told, pair: Pair) -> None:
    consent_to_pairing(
        actor=world.actor("lead_b"),
        pairing_id=told.pairings[pair.key],
        entry_id=world.id(),
        how=pair.how,
        witness_id=world.person(pair.witness),
    )


def visit(world: World, told: Told, key: str, help_kind: str, text: str) -> None:
    """Let the unit's person visit their household now."""
    pair = next(pair for pair in PAIRS if pair.key == key)
    record_visit(
        actor=world.actor(pair.who),
        id=world.id(),
        area_code=cast.building(pair.number),
        pairing_id=told.pairings[key],
        help_kind=help_kind,
        happened_at=clock.now(),
        text=text,
    )


def _found_team(world: World, told: Told) -> None:
    secretary = world.actor("secretary")
    team = told.team = world.id()
    activities.found_team(
        actor=secretary,
        entry_id=team,
        area_code=cast.COMMUNITY,
        kind="arts",
        name="电建社区文艺志愿服务队",
        leader_id=world.person("volunteer"),
    )
    for key, name, talent in TALENTS:
        activities.join_team(
            actor=secretary,
            entry_id=world.id(),
            team_id=team,
            name=name,
            talent=talent,
            person_id=world.person(key),
        )


def _announce(world: World, told: Told) -> None:
    told.activities["lantern"] = announce(
        world,
        told,
        title="闹元宵：猜灯谜、听二胡",
        text="文艺志愿服务队表演，社区准备元宵。能来就来，自带小板凳。",
        festival="元宵节",
        starts=moment("2024-02-24 15:00"),
    )


def announce(world: World, told: Told, *, title: str, text: str, festival: str, starts: datetime) -> UUID:
    """Let the secretary announce an event of the arts team now; returns its id."""
    return activities.announce(
        actor=world.actor("secretary"),
        entry_id=world.id(),
        area_code=cast.COMMUNITY,
        kind="festival",
        title=title,
        text=text,
        festival=festival,
        place="健身广场",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        team_id=told.team,
    ).pk


def _sign_up(world: World, told: Told, name: str, people: int) -> None:
    signed = activities.sign_up(
        actor=ANONYMOUS, id=world.id(), activity_id=told.activities["lantern"], name=name, people=people
    )
    told.signed.append(signed.sign_up.pk)


def _held(world: World, told: Told) -> None:
    activities.hold(
        actor=world.actor("secretary"),
        entry_id=world.id(),
        activity_id=told.activities["lantern"],
        came=told.signed[:2],
        uncounted=58,
        summary="八个节目，四十条灯谜，元宵煮了三锅。老人们说明年还要来。",
    )
