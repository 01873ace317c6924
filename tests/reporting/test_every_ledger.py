"""Every ledger that offices keep ships as a definition, with every column that people know it by.

A column of the paper form that is several of ours (开工/竣工) stands here as several. Headings in ``PEN`` are left for
a pen on purpose (a signature, an instruction, or what is not collected because it is not needed), so they must take
nothing. Every other one must take something.
"""

from __future__ import annotations

import pytest
import yaml

from bihuan.reporting.registers.definitions import standard
from bihuan.reporting.registers.sources import SOURCES

LEDGERS = yaml.safe_load("""
livelihood_card: [编号, 建卡类型, 登记单位, 登记人, 登记时间, 姓名, 性别, 出生年月, 联系电话, 常住地址,
  反映群体人数, 职业或身份, 主要愿望或诉求, 反映人签名, 服务联系人, 单位及职务, 联系人电话]
work_record: [日期, 措施及内容, 部门, 办结时间, 办结方式, 办理结果, 转入其他台账, 反馈方式, 反映人意见, 签名]
handover: [会议期数, 台账类型, 主要事项, 议决摘要, 主办单位, 协办单位, 责任人, 办理时限, 接件时间, 联系人,
  联系电话]
event_task: [单号, 主题, 承办单位, 时限, 信息来源, 来源方式, 当事人, 规模, 涉及人数, 发生日期, 网格, 类型,
  内容, 领导意见, 处理记录, 签收单位/人]
visits: [时间, 地点, 记录所属人, 参与人, 服务对象, 记录类型, 内容, 附件]
diary: [网格, 所属人, 时间, 地点, 标题, 内容, 总结, 点评人, 点评语, 点评时间]
disputes: [排查日期, 区域, 排查人员, 当事人, 类型, 简况, 等级, 责任人, 措施, 时限, 结果, 回访]
hazards: [编号, 日期, 部位, 排查人签字, 描述, 级别, 措施, 资金, 责任人, 期限, 应急措施, 整改前照片, 整改后照片,
  验收人, 验收、销号日期, 销号, 整改项目]
rectification: [编号, 反馈问题, 具体表现, 整改目标, 措施, 牵头领导, 责任单位, 责任人, 时限, 进展, 佐证,
  完成情况, 销号意见]
supervision: [编号, 来源, 事项, 牵头, 配合, 交办日, 时限, 节点, 进展, 红黄灯, 反馈日, 办结日]
projects: [项目名称, 建设单位, 建设内容及规模, 总投资, 年度计划投资, 本月完成, 累计完成, 占年计划%, 开工时间,
  计划竣工时间, 竣工时间, 形象进度, 存在问题, 需协调事项, 责任单位, 分包领导]
meetings: [时间, 地点, 主持, 记录, 应到, 实到, 缺席及原因, 列席, 议题, 发言, 表决, 决议, 签名]
notices: [标题, 内容, 开始日, 截止日, 公示渠道, 张贴地点, 异议渠道, 异议数, 已答复, 照片, 公示人]
duty: [来电时间, 单位, 姓名, 电话, 内容, 拟办意见, 领导批示, 处理结果, 记录人]
duty_handover: [时间, 未办事项, 交班人, 接班人]
volunteering: [姓名, 证件, 编号, 活动, 时间, 时长（小时）, 内容, 服务对象评价, 培训, 表彰, 负责人, 记录人]
""")
PEN = {  # what is not needed is not collected: a person's sex, birth, work; a household that is helped is in no list
    "livelihood_card": {
        "性别",
        "出生年月",
        "常住地址",
        "职业或身份",
        "反映人签名",
        "联系人电话",
    },
    "work_record": {"转入其他台账", "反馈方式", "签名"},
    "handover": {"联系电话"},
    "event_task": {"规模", "领导意见", "签收单位/人"},
    "visits": {"服务对象"},
    "diary": {"总结"},
    "rectification": {"整改目标", "销号意见"},
    "meetings": {"发言", "签名"},  # who may read what was said is settled matter by matter
    "notices": {"照片", "张贴地点"},
    "volunteering": {"证件", "编号", "服务对象评价", "培训", "表彰"},
}


@pytest.mark.parametrize("key", sorted(LEDGERS))
def test_every_column_of_a_ledger_stands_in_its_register_and_takes_something(key: str) -> None:
    register = standard()[key]
    shipped = {column.spec.title.zh: column.spec.value for column in register.columns}
    source, pen = SOURCES[register.spec.of], PEN.get(key, set())
    wanted = LEDGERS[key]
    assert [heading for heading in wanted if heading not in shipped] == [], "columns that people know are missing"
    taken = {heading: shipped[heading] for heading in wanted if heading not in pen}
    assert [heading for heading, value in taken.items() if not value] == [], "they take nothing and nobody says why"
    assert [value for value in taken.values() if source.of(value) is None] == []
    assert [heading for heading in pen if shipped[heading]] == [], "a pen writes there: it must be blank"


@pytest.mark.parametrize("key", sorted(standard()))
def test_what_is_left_for_a_pen_is_said_above_the_table(key: str) -> None:
    register = standard()[key]
    blank = [column.spec.title.zh for column in register.columns if not column.spec.value]
    assert not blank or any(word in register.spec.note for word in ("手写", "盖章", "粘贴")), blank


def test_a_supervised_matter_s_card_and_node_are_read_from_the_matter() -> None:
    columns = {column.spec.title.zh: column.spec.value for column in standard()["supervision"].columns}
    assert (columns["红黄灯"], columns["节点"]) == ("card", "step")
