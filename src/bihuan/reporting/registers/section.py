"""The ``registers`` (台账) section of a method file; the standard registers are written in the same words.

::

    registers:
      dispute:
        title: {zh: 矛盾纠纷台账, en: Register of disputes}
        of: matter                      # matter, measure, visit, meeting, activity, notice, call …
        where: {category: dispute}      # only these; the keys are the list's own filters
        note: 一事一行；当事人姓名打码。    # 填写说明: stands above the table
        columns:
          - {title: 编号, value: number, width: 16}
          - {title: 简况, value: title, required: yes}
          - {title: 签名}                # no value: left to be written by hand

What a value may be is the source's to say (``sources``). No Django, no database.
"""

from __future__ import annotations

from typing import Literal

from bihuan.methods.schema.base import REQUIRED, Part, Text, word

KEY = "registers"
KEY_ZH = "台账"
SOURCES = ("matter", "measure", "visit", "meeting", "activity", "notice", "call", "handover", "service")
Of = Literal["matter", "measure", "visit", "meeting", "activity", "notice", "call", "handover", "service"]


class ColumnSpec(Part):
    """一列：表头，取什么。 A column: what stands over it, and what it takes."""

    title: Text = word("标题", REQUIRED, "表头", "what stands over the column")
    value: str = word("取", "", "取哪一项；不写就留空，供手写或盖章", "what it takes; left blank for a pen where none")
    width: int = word("宽", 14, "列宽，按字符数", "its width in characters", ge=4, le=80)
    required: bool = word("必填", default=False, doc="表头加 *", en="marked * in the heading")
    options: list[str] = word(
        "可选", [], "下拉选项；类别等会自动带出", "a list to choose from; some come by themselves"
    )


class RegisterSpec(Part):
    """一本台账：记什么，有哪些列。 A register: of what, and its columns."""

    title: Text = word("标题", REQUIRED, "台账的名称", "the register's name")
    of: Of = word(
        "记",
        REQUIRED,
        "一行是什么",
        "what one line is",
        values={
            "matter": "事项",
            "measure": "措施",
            "visit": "走访",
            "meeting": "会议",
            "activity": "活动",
            "notice": "公示",
            "call": "值班登记",
            "handover": "交接班",
            "service": "志愿服务",
        },
    )
    where: dict[str, str] = word("只要", {}, "筛选：项目: 值", "filters of the list: name and value")
    order: Literal["", "new", "due"] = word(
        "排序",
        "",
        "最新在前，或时限最近在前",
        "newest first, or nearest limit first",
        values={"new": "最新", "due": "时限"},
    )
    note: str = word("填写说明", "", "表头上方的填写说明", "a note above the table")
    version: str = word("表号", "", "印在 A1，便于核对是哪一版", "the form's version, in A1")
    columns: list[ColumnSpec] = word("列", REQUIRED, "各列，从左到右", "the columns from left to right", min_length=1)


class Registers(Part):
    """台账：这个工作法要交的台账。 The registers that are owed under this method."""

    registers: dict[str, RegisterSpec] = word("台账", REQUIRED, "代号: 台账", "the registers by key", min_length=1)
