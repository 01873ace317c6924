"""The district that is measured: the sample's areas, 20 micro-grids in every community, a few posts, one method."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

STREET = "410802004"
COMMUNITY = "410802004004"
DISTRICT = "410802"
TEXTS = (
    "单元门口的路灯不亮，晚上老人出门看不清台阶",
    "下水道堵了，一楼厨房返水，已经两天",
    "有人从六楼飞线给电动车充电，很不安全",
    "小区东侧围墙有裂缝，孩子们常在下面玩",
    "垃圾桶满了没有及时清运，味道很大",
    "消防通道被私家车占用，昨晚救护车进不来",
    "楼顶漏水，顶楼住户墙皮脱落",
    "健身器材螺丝松动，怕老人摔着",
)


@dataclass
class World:
    """What the measurements need to know of the district."""

    leaves: list[str]
    secretary: Any
    district: Any
    worker: Any
    recorder: Any
    rng: random.Random = field(default_factory=lambda: random.Random(550))

    def report(self, *, within: str = "") -> dict[str, Any]:
        """Return one report as a phone would send it, from one community or from anywhere; every third has a number."""
        from bihuan.kernel.api import new_id

        report: dict[str, Any] = {
            "id": str(new_id()),
            "area_code": self.rng.choice(
                [code for code in self.leaves if code.startswith(within)] if within else self.leaves
            ),
            "text": f"{self.rng.choice(TEXTS)}，{self.rng.randrange(1, 19)}层{self.rng.randrange(1, 5)}号",
            "channel": "door",
        }
        if self.rng.random() < 1 / 3:
            report["phone"] = f"139{self.rng.randrange(10**8):08d}"
        return report

    def report_body(self) -> bytes:
        """Return one report as JSON."""
        return json.dumps(self.report(), ensure_ascii=False).encode()

    def batch_body(self, size: int) -> bytes:
        """Return ``size`` reports as JSON."""
        reports = [self.report() | {"channel": "phone"} for _ in range(size)]
        return json.dumps({"reports": reports}, ensure_ascii=False).encode()

    def cookie(self, person: Any) -> str:
        """Return the session cookie of somebody signed in."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        session = SessionStore()
        session[SESSION_KEY] = str(person.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def recorder_headers(self) -> dict[str, str]:
        """Return what a signed-in recorder's program sends along."""
        return self.headers_of(self.recorder)

    def headers_of(self, person: Any) -> dict[str, str]:
        """Return what a signed-in person's program sends along: session and CSRF token."""
        token = "b" * 32
        return {
            "Cookie": f"{self.cookie(person)}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
            "Referer": settings.PUBLIC_URL + "/",
        }


def build_world() -> World:
    """Migrate, load areas, make the posts and install the library's method."""
    call_command("migrate", verbosity=0, interactive=False)
    from bihuan.areas.models import Area
    from bihuan.areas.sample import load_sample
    from bihuan.methods.actions import install_library
    from bihuan.people.api import SYSTEM

    load_sample(actor=SYSTEM)
    communities = list(Area.objects.filter(level="community").values_list("code", "lon", "lat"))
    Area.objects.bulk_create(
        Area(
            code=f"{code}{n:03d}", parent_code=code, level="micro_grid", name=f"{n}号楼", short_name=f"{n}号楼",
            lon=lon, lat=lat,
        )
        for code, lon, lat in communities
        if code != COMMUNITY
        for n in range(1, 21)
    )  # fmt: skip
    install_library(actor=SYSTEM, area_code=DISTRICT)
    leaves = sorted(Area.objects.filter(level="micro_grid").values_list("code", flat=True))
    return World(
        leaves=leaves,
        secretary=_person("secretary", COMMUNITY, "周某"),
        district=_person("district_staff", DISTRICT, "吴某"),
        worker=_person("grid_worker", COMMUNITY, "郑某"),
        recorder=_person("grid_leader", DISTRICT, "王某"),
    )


def _person(role: str, area: str, name: str) -> Any:
    from bihuan.kernel.api import new_id
    from bihuan.people.models import Person, Post, User

    now = timezone.now()
    person = Person.objects.create(id=new_id(), name=name, created_at=now)
    User.objects.create(username=f"bench-{role}", person=person, password="!")  # noqa: S106 - no password works
    Post.objects.create(person=person, role_id=role, area_code=area, since=now.date())
    return person
