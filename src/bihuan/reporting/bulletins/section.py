"""The ``bulletins`` (简报) section of a method file; the standard templates are written in the same words.

::

    简报:
      livelihood:
        标题: {zh: 民生工作简报, en: Livelihood bulletin}
        题目: 关于{期间}民生问题办理情况的通报
        正文: |
          {期间}，共收集民生问题{指标 collected}件，协调解决{指标 solved}件，办结率{指标 settlement_rate}。
          # 办理情况
          {若 returned 不为零}其中退回{指标 returned}次。
          {分列 collected 按 类别}

What may stand in braces is in ``wording``. No Django, no database.
"""

from __future__ import annotations

from typing import Literal

from bihuan.methods.schema.base import REQUIRED, Amount, Part, Text, Words, word

KEY = "bulletins"
KEY_ZH = "简报"
KINDS = {"bulletin": "简报", "notice": "公示", "model": "身边榜样", "document": "公文"}
FORMS = {"gongwen": "公文", "xinhan": "信函", "jiyao": "纪要"}
PERIODS = {"none": "无", "month": "月", "quarter": "季", "year": "今年"}
WORKDAYS = 5


class BulletinSpec(Part):
    """一种简报、公示或公文：写什么，怎样编号、签发、公示。 A template: its text, how it is numbered, signed, shown."""

    title: Text = word("标题", REQUIRED, "这种简报的名称", "the template's name")
    kind: Literal["bulletin", "notice", "model", "document"] = word(
        "种类", "bulletin", "简报、公示、身边榜样或公文", "bulletin, notice, model or document", values=KINDS
    )
    form: Literal["gongwen", "xinhan", "jiyao"] = word(
        "版式", "gongwen", "印成公文、信函还是纪要", "printed as a document, a letter or minutes", values=FORMS
    )
    period: Literal["none", "month", "quarter", "year"] = word(
        "期间", "month", "写一个月、一个季度，还是今年以来", "of a month, a quarter or the year so far", values=PERIODS
    )
    of: Literal["", "meeting"] = word(
        "依据", "", "从哪件事写起：会议", "what it is written of", values={"meeting": "会议"}
    )
    matters: Literal["method", "all"] = word(
        "事项",
        "method",
        "数哪些事项：只数本工作法的，还是全部；通用模板的“本工作法”是这里居民反映问题走的那个工作法",
        "which matters count: its method's alone, or all; of a standard template the method of residents' reports",
        values={"method": "本工作法", "all": "全部"},
    )
    category: str = word("类别", "", "只数这一类的事项：类别的代号", "only matters of this kind: its key")
    heading: str = word("题目", REQUIRED, "题目，可以用花括号", "its title; braces may stand in it")
    text: str = word("正文", REQUIRED, "正文，一行一段；花括号里是要填的", "the text; what is in braces is filled in")
    issuer: str = word("发文机关", "{区域}", "谁发的", "who issues it")
    code: str = word("机关代字", "{区域}", "文号里的代字", "what its numbers run under")
    to: str = word("主送", "", "主送机关", "to whom")
    copies: str = word("抄送", "", "抄送机关", "copies to")
    joint: Words = word(
        "联合发文", [], "联合行文的其他机关，按顺序；主办机关写在“发文机关”", "the other offices that issue it"
    )
    upward: bool = word(
        "上行文",
        False,  # noqa: FBT003 - a default
        "报给上级：要写签发人",
        "to a superior office: it names who signs it off",
    )
    urgency: Literal["", "urgent", "critical"] = word(
        "紧急程度", "", "加急或特急", "urgent or critical", values={"urgent": "加急", "critical": "特急"}
    )
    annotation: str = word("附注", "", "印在成文日期下面，如联系人、此件公开发布", "a note below the date")
    sealed: bool = word("用印", True, "留出盖章的位置", "with room for seals")  # noqa: FBT003 - a default
    both_sides: bool = word(
        "双面印刷",
        True,  # noqa: FBT003 - a default
        "版记放在偶数页",
        "printed on both sides: the imprint stands on an even page",
    )
    sign: Literal["other", "anyone"] = word(
        "签发",
        "other",
        "由他人签发，或起草人自己也可以签发",
        "signed off by another person, or by its author too",
        values={"other": "他人", "anyone": "不限"},
    )
    window: Amount = word(
        "公示期",
        None,
        "公示多少个工作日",
        "for how many workdays objections are heard",
        default_factory=lambda: Amount(amount=WORKDAYS, unit="workdays"),
    )
    note: str = word("说明", "", "起草时给人看的提示", "a hint for who writes one")


class Bulletins(Part):
    """简报：用到的简报、公示、纪要和通报。 The bulletins, notices, minutes and circulars that are written."""

    bulletins: dict[str, BulletinSpec] = word("简报", REQUIRED, "代号: 模板", "templates by key", min_length=1)
