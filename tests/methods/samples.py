"""A small method for tests: in Chinese, complete, without problems; tests break it one place at a time."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import bihuan.library
from bihuan.methods.api import By, Method, Problem, load

LIBRARY = Path(bihuan.library.__file__).parent
SLUGS = sorted(path.parent.name for path in LIBRARY.glob("*/method.yaml"))

SMALL = """\
工作法: small
标题: {zh: 小样, en: Small}
来源: 测试
角色:
  worker: {标题: {zh: 经办, en: Worker}}
  boss: {标题: {zh: 负责人, en: Boss}}
字段:
  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别, 保存期限: 365 天}
  text: {标题: 情况, 类型: 长文字, 敏感程度: 个人信息, 用途: 办理, 保存期限: 365 天}
  category: {标题: 类别, 类型: 单选, 选项: {a: 甲, b: 乙}}
  urgency: {标题: 紧急程度, 类型: 单选, 选项: {normal: 一般, urgent: 紧急}}
  people_affected: {标题: 人数, 类型: 整数, 最小: 0}
  cost: {标题: 花费, 类型: 小数}
责任:
  lead: {标题: {zh: 牵头, en: Lead}, 取自: [worker], 可代理: 是}
  watcher: {标题: {zh: 监督, en: Watcher}, 取自: [boss], 不得兼任: [lead]}
登记:
  report:
    标题: 反映
    由: [anyone]
    填写: {text: 必填, category: 可填, urgency: 可填, people_affected: 可填}
    到: new
环节:
  new:
    标题: {zh: 新收, en: New}
    动作:
      assign:
        标题: {zh: 交办, en: Assign}
        性质: 交办
        由: boss
        应做: 是
        指定: [lead, watcher]
        到: doing
  doing:
    标题: {zh: 办理, en: Doing}
    动作:
      finish:
        标题: {zh: 办好, en: Finish}
        由: lead
        应做: 是
        填写: {cost: 可填}
        到: checking
      extend:
        标题: {zh: 延期, en: Extend}
        性质: 延期
        由: lead
        时限: work
        延长: 5 个工作日
        最多几次: 2
        理由: 必填
        须经同意: boss
  checking:
    标题: {zh: 验收, en: Checking}
    动作:
      pass:
        标题: {zh: 通过, en: Pass}
        由: [lead, watcher]
        应做: 是
        回避: {做过: [finish]}
        到: {到: done, 办结方式: solved}
      again:
        标题: {zh: 重办, en: Again}
        性质: 退回
        由: watcher
        理由: 必填
        到: doing
      lapse:
        标题: {zh: 逾期, en: Lapse}
        由: system
        到: {到: done, 办结方式: unchecked}
  done:
    标题: {zh: 办结, en: Done}
    终点: 是
    动作:
      reopen:
        标题: {zh: 重开, en: Reopen}
        性质: 重新办理
        由: [reporter, boss]
        理由: 必填
        最多几次: 1
        期限内: 10 天
        到: doing
通用动作:
  note:
    标题: {zh: 记事, en: Note}
    性质: 记事
    由: [worker, boss, lead]
    适用环节: [all]
时限:
  first:
    标题: {zh: 首次回应, en: First response}
    限期: {按: urgency, 表: {urgent: 2 小时}, 其余: 1 个工作日}
    开始: {进入: [new]}
    停止: {离开: [new]}
    只算一次: 是
    督办牌: [{颜色: 红, 告知: [boss]}]
  work:
    标题: {zh: 办理时限, en: Work}
    限期: {可给定: 是, 其余: 5 个工作日}
    开始: {进入: [doing]}
    停止: {离开: [doing]}
    督办牌:
      - {颜色: 黄, 提前: 1 个工作日, 告知: [lead]}
      - {颜色: 红, 告知: [boss]}
    阶梯: up
  check:
    标题: {zh: 验收时限, en: Check}
    限期: 3 天
    开始: {进入: [checking]}
    停止: {离开: [checking]}
    到期执行: lapse
阶梯:
  up:
    - {到: boss, 过后: 1 个工作日}
办结方式:
  solved: {标题: 解决, 类别: 实质性, 结果: 已解决}
  unchecked: {标题: 未验收, 类别: 阶段性, 结果: 未完}
"""


def small(*changes: tuple[str, str]) -> str:
    """Return the small method with pieces of its text replaced; each must be there exactly once."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def line_of(text: str, piece: str) -> int:
    """Return the number of the first line that holds ``piece``."""
    return next(number for number, row in enumerate(text.splitlines(), 1) if piece in row)


def problem(text: str, code: str) -> Problem:
    """Return the problem with ``code``; all of them are said when it is not there."""
    problems = load(text).problems
    for found in problems:
        if found.code == code:
            return found
    raise AssertionError(f"no {code} in {[(p.code, p.line, p.message) for p in problems]}")


@cache
def method(*changes: tuple[str, str]) -> Method:
    """Return the small method, changed; it must be without errors."""
    loaded = load(small(*changes))
    assert loaded.method is not None, [p.text() for p in loaded.problems]
    return loaded.method


@cache
def shipped(slug: str) -> Method:
    """Return a shipped method."""
    loaded = load((LIBRARY / slug / "method.yaml").read_text(encoding="utf-8"))
    assert loaded.method is not None, [p.text() for p in loaded.problems]
    return loaded.method


def at(text: str) -> datetime:
    """Return an instant in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def by(person: str | None, *roles: str) -> By:
    """Return who acts."""
    return By(person, frozenset(roles))


def assert_told(
    code: str, change: tuple[str, str], where: str, path: str, said: str, *prepared: tuple[str, str]
) -> None:
    """Spoil the small method by one change; one problem says its line, path, what and how, in both languages."""
    text = small(*prepared, change)
    found = problem(text, code)
    assert found.line == line_of(text, where)
    assert found.path == path
    assert said in found.message + found.mend
    assert found.message_en
    # English may quote what the file says in Chinese.
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in re.sub(r"'[^']*'|named .*?:", "", found.message_en))
    mild = code.startswith("burden") or code in {"nobody-owes", "no-otherwise"}
    assert found.severity == ("warning" if mild else "error")


def short(value: object) -> str | None:
    """Return what names a case among others: short words, not whole texts."""
    return value if isinstance(value, str) and len(value) < 30 else None
