"""The people of the sample. All are invented; offices and places are the source's.

Residents live in a micro-grid; grid workers look after eight buildings each.
"""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT = "410802"
STREET = "410802004"
COMMUNITY = "410802004004"
OWN_METHOD = "yiwang-sanbu-wuqin"
BUILDINGS = 48
BUILDINGS_PER_WORKER = 8
SINCE = "2023-12-01"
TITLES = {
    "secretary": "社区党委书记",
    "committee_member": "社区两委干部",
    "grid_leader": "网格长",
    "grid_worker": "网格员",
    "police": "警务人员",
    "property": "物业",
    "council_member": "议事会成员",
    "partner_unit": "联建单位",
    "volunteer": "志愿者",
    "resident": "居民",
    "street_staff": "街道干部",
    "district_staff": "区级干部",
    "administrator": "管理员",
}


def building(number: int) -> str:
    """Return the code of building ``number`` (1 … 48), which is a micro-grid of its own."""
    return f"{COMMUNITY}{number:03d}"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation of the sample."""

    key: str
    name: str
    kind: str
    area_code: str = COMMUNITY


@dataclass(frozen=True, slots=True)
class Member:
    """One person: ``posts`` are (role, area) pairs; ``account`` is the sign-in name where there is one."""

    key: str
    name: str
    posts: tuple[tuple[str, str], ...]
    unit: str = ""
    home: str = ""
    phone: str = ""
    account: str = ""

    @property
    def office(self) -> str:
        """How the sign-in table calls them."""
        return TITLES[self.posts[0][0]]


UNITS: tuple[Unit, ...] = (
    Unit("committee", "电建社区居民委员会", "committee"),
    Unit("station", "电建社区警务室", "police"),
    Unit("property", "电建社区物业服务部", "property"),
    Unit("clinic", "联建单位·街道卫生服务中心", "partner"),
    Unit("bank", "联建单位·辖区银行网点", "partner"),
    Unit("street", "焦西街道办事处", "office", STREET),
    Unit("works", "解放区住房和城乡建设局", "office", DISTRICT),
    Unit("inspection", "解放区重点项目专项监督组", "office", DISTRICT),
    Unit("district", "解放区社会治理综合服务中心", "office", DISTRICT),
)


def _worker(number: int, key: str, name: str, account: str = "") -> Member:
    """Return the grid worker who looks after the ``number``-th group of eight buildings."""
    first = (number - 1) * BUILDINGS_PER_WORKER + 1
    posts = tuple(("grid_worker", building(n)) for n in range(first, first + BUILDINGS_PER_WORKER))
    return Member(key, name, posts, "committee", account=account)


def _here(role: str) -> tuple[tuple[str, str], ...]:
    return ((role, COMMUNITY),)


def _resident(key: str, name: str, number: int, phone: str = "", account: str = "") -> Member:
    return Member(
        key, name, (("resident", building(number)),), home=building(number), phone=phone,
        account=account,
    )  # fmt: skip


PEOPLE: tuple[Member, ...] = (
    Member("secretary", "邢慧敏", _here("secretary"), "committee", account="shuji"),
    Member("lead_a", "蔺国强", _here("committee_member"), "committee", account="liangwei"),
    Member("lead_b", "苏晓雯", _here("committee_member"), "committee"),
    Member("grid_leader", "裴志远", _here("grid_leader"), "committee", account="wanggezhang"),
    Member("grid_leader_b", "郝春梅", _here("grid_leader"), "committee"),
    _worker(1, "worker_1", "高倩"),
    _worker(2, "worker_2", "史军", "wanggeyuan"),
    _worker(3, "worker_3", "鲁燕"),
    _worker(4, "worker_4", "万鹏"),
    _worker(5, "worker_5", "尤佳"),
    _worker(6, "worker_6", "邱明"),
    Member("police", "雷涛", _here("police"), "station", account="jingwu"),
    Member("property", "牛海波", _here("property"), "property", account="wuye"),
    Member("council_1", "康秀兰", _here("council_member"), home=building(6), account="yishihui"),
    Member("council_2", "温德顺", _here("council_member"), home=building(22)),
    Member("council_3", "倪玉珍", _here("council_member"), home=building(35)),
    Member("council_4", "樊学义", _here("council_member"), home=building(44)),
    Member("partner_1", "卜文静", _here("partner_unit"), "clinic", account="lianjian"),
    Member("partner_2", "栾志刚", _here("partner_unit"), "bank"),
    Member("volunteer", "解春燕", _here("volunteer"), home=building(17), account="zhiyuanzhe"),
    _resident("res_12", "齐凤英", 12, "14000010012", "jumin"),
    _resident("res_12b", "安立新", 12, "14000010112"),
    _resident("res_27", "葛玉良", 27, "14000010027"),
    _resident("res_19", "柏丽娟", 19, "14000010019"),
    _resident("res_41", "单秀珍", 41, "14000010041"),
    _resident("res_33", "盛海燕", 33, "14000010033"),
    _resident("res_8", "祁建国", 8, "14000010008"),
    Member("street", "陆建平", (("street_staff", STREET),), "street", account="jiedao"),
    Member("district", "程书禾", (("district_staff", DISTRICT),), "district", account="quji"),
    Member("works", "汤文博", (("district_staff", DISTRICT),), "works"),
    Member("patron", "范子衡", (("district_staff", DISTRICT),), "district"),
    Member("inspector", "尹若水", (("district_staff", DISTRICT),), "inspection"),
    Member("admin", "耿一鸣", (("administrator", DISTRICT),), "district", account="guanli"),
)
BY_KEY = {member.key: member for member in PEOPLE}


def worker_of(number: int) -> str:
    """Return the key of the grid worker who looks after building ``number``."""
    return f"worker_{(number - 1) // BUILDINGS_PER_WORKER + 1}"
