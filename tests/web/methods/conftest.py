"""People and a small method for the pages of work methods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from bihuan.areas.models import Area
from bihuan.kernel.api import clock, new_id
from bihuan.methods.api import install
from bihuan.methods.models import MethodVersion
from bihuan.people.api import SYSTEM
from bihuan.people.models import Person, Post, User

COMMUNITY = "410802004004"
OTHER = "410802006001"
METHOD = """\
# 最小的工作法
工作法: xiao-shi
标题: {zh: 小事快办, en: Small things quickly}
来源: 测试
角色:
  resident: {标题: {zh: 居民, en: Resident}}
  grid_worker: {标题: {zh: 网格员, en: Grid worker}}
  grid_leader: {标题: {zh: 网格长, en: Grid leader}}
字段:
  title: {标题: {zh: 标题, en: Title}, 类型: 短文字, 用途: 一句话}
  text: {标题: {zh: 情况, en: Text}, 类型: 长文字, 用途: 弄清问题}
  category: {标题: {zh: 类别, en: Kind}, 类型: 单选, 用途: 分类, 选项: {a: {zh: 甲, en: A}}}
  urgency: {标题: {zh: 紧急, en: Urgency}, 类型: 单选, 用途: 时限, 选项: {normal: {zh: 一般, en: Normal}}}
  people_affected: {标题: {zh: 人数, en: People}, 类型: 整数, 用途: 规模}
登记:
  report:
    标题: {zh: 反映, en: Report}
    由: [anyone]
    填写: {title: 可填, text: 必填, category: 可填, urgency: 可填, people_affected: 可填}
    到: doing
环节:
  doing:
    标题: {zh: 办理中, en: Under way}
    对外说法: {zh: 正在办理, en: Being dealt with}
    动作:
      finish:
        标题: {zh: 报告办好, en: Report it done}
        由: [grid_worker]
        应做: 是
        主要: 是
        到: checking
  checking:
    标题: {zh: 核查, en: Checking}
    对外说法: {zh: 正在核查, en: Being checked}
    动作:
      sign_off:
        标题: {zh: 核查通过, en: Sign off}
        由: [grid_leader]
        应做: 是
        主要: 是
        回避: {做过: [finish]}
        到: {到: settled, 办结方式: solved}
      send_back:
        标题: {zh: 退回重办, en: Send back}
        由: [grid_leader]
        理由: 必填
        到: doing
  settled:
    标题: {zh: 已办结, en: Closed}
    终点: 是
    对外说法: {zh: 已办结, en: Closed}
时限:
  work:
    标题: {zh: 办理时限, en: Limit}
    限期: 3 个工作日
    开始: {进入: [doing]}
    停止: {离开: [doing]}
办结方式:
  solved: {标题: {zh: 实质办结, en: Solved}, 类别: 实质性, 结果: 已解决}
"""


@dataclass
class Cast:
    """Signed-in clients by role, and the published version."""

    clients: dict[str, Client]
    version: MethodVersion


def sign_in(name: str, role: str, area_code: str) -> Client:
    """Return a client signed in as somebody with one post."""
    person = Person.objects.create(id=new_id(), name=name, created_at=clock.now())
    Post.objects.create(person=person, role_id=role, area_code=area_code, since=date(2023, 1, 1))
    user = User.objects.create_user(username=name, password=None, person=person)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """Two communities; the first has the method."""
    for code, level in (("410802", "district"), ("410802004", "street"), (COMMUNITY, "community")):
        Area.objects.create(code=code, parent_code=code[:-3], level=level, name=f"区域{code}")
    Area.objects.create(code=OTHER, parent_code=OTHER[:-3], level="community", name="花园街社区")
    version = install(actor=SYSTEM, source=METHOD, area_code=COMMUNITY, default_for_reports=True)
    clients = {
        "secretary": sign_in("书记", "secretary", COMMUNITY),
        "worker": sign_in("网格员", "grid_worker", COMMUNITY),
        "resident": sign_in("居民", "resident", COMMUNITY),
        "neighbour": sign_in("邻区书记", "secretary", OTHER),
    }
    return Cast(clients, version)
