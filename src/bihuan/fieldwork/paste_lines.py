"""Where one message ends and the next begins: the lines of a pasted chat as blocks. Pure.

Begun by the chat's own lines ("张三 14:20", "王阿姨："), by numbers (接龙), by labels that come again (姓名：), by
empty lines, and by a second door. Every line belongs to exactly one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from bihuan.fieldwork.paste_names import is_name
from bihuan.fieldwork.paste_words import Span, find_door, find_phone, find_time, narrow

EDGE = ' \u3000\xa0\t\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029,，、;；:：|/-—。.()（）[]【】"“”＃#'
_NUMBERS = r"\d{1,3}\s?[、)]|\d{1,3}\s?\.(?!\d)|\d{1,3}\.(?=\d{1,3}\s?(?:号楼|#|[栋幢]|-\d))"
_MARK = re.compile(
    rf"\s*(?:第\s?\d{{1,3}}\s?[条、]|{_NUMBERS}|\d{{1,2}}\ufe0f?\u20e3|\(\d{{1,3}}\)"
    r"|[①-⑳⑴-⒇⒈-⒛]|[一二三四五六七八九十]{1,3}、|[-•·●◆■*★](?=\s))[、.]?\s*"
)
_ITEM = re.compile(r"(?=[①-⑳])|(?<=[\s;；。])(?=\d{1,2}、)")
_LABELS = {
    "who": "姓名|称呼|联系人|反映人|报修人|业主|户主|住户|群众",
    "where": "家庭住址|地址|住址|楼号|房号|门牌号?|位置|地点|楼栋",
    "phone": "联系电话|联系方式|电话号码|手机号码?|手机|电话",
    "at": "反映时间|时间|日期",
    "what": "反映问题|反映内容|问题描述|报修内容|问题|内容|诉求|情况|事由|需求|备注",
}
_ALL_LABELS = "|".join(_LABELS.values())
_LABEL = re.compile(rf"(?:^|(?<=[\s,;，；。、|]))({_ALL_LABELS})\s?:\s?", re.MULTILINE)
_HEADS = re.compile(rf"\s*(?:(?:序号|编号|{_ALL_LABELS})[\s,|、]*)+\Z")
_DAY_LINE = re.compile(r"\s*-{2,}\s*([^\s-].{3,24}?)\s*-{2,}\s*\Z")
_NO_NICK = re.compile(r"[,，。.!！?？;；、<>《》“”\"\[\]]|通知|如下|接龙|名单|登记|情况|问题|事项|以下|大家|各位|请")
_IDLE = (
    r"已?收到|好的?|谢谢|多谢|感谢|辛苦了?|嗯|哦|OK|ok|Ok|\+1|已接龙|明白|知道|可以|大家|早上好|在吗|是的?|您|你|了|啊|呀|各位|书记"
    r"|网格员|师傅"
)
_COURTESY = re.compile(rf"(?:\[[^\[\]\n]{{1,8}}\]|{_IDLE}|[\W_])*+\Z")  # possessive: "您好您好…" has one reading
_NOTICE = re.compile(r".{0,30}(?:撤回了一条消息|加入了?群聊|邀请.{1,40}加入|拍了拍.{0,20})\W*\Z")
_LIST_HEAD = re.compile(r"\s*#\s?接龙")
_INVITES = re.compile(r"接龙|如下|名单|统计")
_ACCOUNT = re.compile(r"\(\d{5,12}\)\s*\Z")
_MOST_NICK = 24


@dataclass(slots=True)
class Block:
    """Lines that belong together. ``nick``, ``at``: as the chat's own line over them says.

    ``spans``: what of the text is known already: (start, end, kind).
    """

    line: int
    text: str
    draft: bool = True
    nick: str = ""
    at: datetime | None = None
    numbered: bool = False
    spans: list[tuple[int, int, str]] = field(default_factory=list)

    def kinds(self) -> list[str]:
        """Return for each character what it is known to be; "what" where nothing is known."""
        kinds = ["what"] * len(self.text)
        for start, end, kind in self.spans:
            kinds[start:end] = [kind] * (end - start)
        return kinds

    @property
    def body(self) -> str:
        """The text but what is known already."""
        return "".join(char for char, kind in zip(self.text, self.kinds(), strict=True) if kind == "what")

    def add(self, text: str, spans: list[tuple[int, int, str]] | None = None) -> None:
        """Let a line go on with this block."""
        offset = len(self.text)
        self.text += text
        self.spans += [(start + offset, end + offset, kind) for start, end, kind in spans or ()]


def blocks_of(text: str, now: datetime) -> list[Block]:
    """Cut ``text`` into blocks, in order; joined they are the text."""
    blocks: list[Block] = []
    for block in _cut(text, now):
        if blocks and _goes_on(block, blocks[-1]):
            blocks[-1].add(block.text, block.spans)
        else:
            blocks.append(block)
    return blocks


def _cut(text: str, now: datetime) -> Iterator[Block]:
    lines = [(index, part) for index, line in enumerate(text.splitlines(keepends=True), 1) for part in _items(line)]
    listed = any(_MARK.match(narrow(line)) for _index, line in lines)
    current: Block | None = None
    day: date | None = None
    gap = False
    for index, raw in lines:
        if not raw.strip() and current is not None:
            current.add(raw)
            gap = True
            continue
        opened, day = _opened(raw, index, now, day, listed=listed)
        if opened is None and (current is None or not _joins(raw, current, listed=listed, gap=gap)):
            opened = Block(index, raw, draft=not listed or _is_record(raw))
        gap = False
        if opened is None and current is not None:
            current.add(raw)
        else:
            if current is not None:
                _inherit(opened, current)
                yield current
            current = opened
    if current is not None:
        yield current


def _items(line: str) -> list[str]:
    """Return the items of a list that was written in one line: "①路灯不亮 ②井盖坏了"."""
    return [part for part in _ITEM.split(line) if part]


def _opened(raw: str, index: int, now: datetime, day: date | None, *, listed: bool) -> tuple[Block | None, date | None]:
    """Return the block that a line begins by what it looks like, or None; and the day the lines below are of."""
    line = narrow(raw)
    if found := _day_line(line, now):
        return Block(index, raw, draft=False), found
    if _NOTICE.match(line.strip()) or _HEADS.match(line) or _LIST_HEAD.match(line):
        return Block(index, raw, draft=False), day
    if not raw.strip():
        return Block(index, raw, draft=False), day
    if mark := _MARK.match(line):
        return Block(index, raw, numbered=True, spans=[(0, mark.end(), "mark")]), day
    return _said_by(raw, line, index, now, day), day


def _is_record(raw: str) -> bool:
    """Return whether a line outside the numbers of a list is a record of its own."""
    return find_door(narrow(raw)) is not None and _INVITES.search(raw) is None


def _inherit(opened: Block | None, current: Block) -> None:
    """Let the items of a list be of the one who wrote them, and then; of a 接龙 only the time is known."""
    if opened is not None and opened.numbered:
        opened.nick, opened.at = current.nick, current.at
    elif opened is not None and _LIST_HEAD.match(narrow(opened.text)):
        opened.at = current.at


def _goes_on(opened: Block, current: Block) -> bool:
    """Return whether the same person goes on speaking of the same: "三楼的那个"."""
    return (
        current.draft
        and not opened.numbered
        and bool(opened.nick)
        and opened.nick == current.nick
        and bool(opened.body.strip())
        and find_door(narrow(opened.body)) is None
        and not courtesy(current.body)
    )


def _joins(raw: str, current: Block, *, listed: bool, gap: bool) -> bool:
    """Return whether a line without number or name of its own goes on with the block above."""
    line, above = narrow(raw), narrow(current.text)
    if current.nick or current.at:
        return True
    if not current.draft:
        return listed and not gap and find_door(line) is None
    if "\t" in raw.strip() and "\t" in current.text.strip():
        return False
    if _label_kinds(line) & _label_kinds(above):
        return False
    if gap:
        return courtesy(raw) or (find_phone(line) is not None and len(line.strip()) < 24 and find_door(line) is None)
    return current.numbered or find_door(line) is None or find_door(above) is None


def labels_in(line: str) -> list[tuple[int, int, str]]:
    """Return where labels stand in a narrow text, and of what they are: "姓名：" is of who."""
    return [(found.start(1), found.end(), _kind_of(found[1])) for found in _LABEL.finditer(line)]


def _kind_of(label: str) -> str:
    return next(kind for kind, words in _LABELS.items() if re.fullmatch(words, label))


def _label_kinds(line: str) -> set[str]:
    return {kind for _start, _end, kind in labels_in(line)}


def courtesy(text: str) -> bool:
    """Return whether a text says nothing but 收到, 谢谢, [强]."""
    return len(text) < 80 and _COURTESY.match(text) is not None


def _day_line(line: str, now: datetime) -> date | None:
    """Return the day of a line like "————— 2024-03-05 —————"."""
    found = _DAY_LINE.match(line)
    span = find_time(found[1], now) if found else None
    return span.at.date() if span and span.at else None


def _said_by(raw: str, line: str, index: int, now: datetime, day: date | None) -> Block | None:
    """Return the block begun by a chat's own line: "张三 2024/3/5 14:20", "王阿姨:", "王阿姨：楼道灯不亮"."""
    end = len(line.rstrip())
    if (span := find_time(line[:end], now, day)) and ":" in span.value:
        before, after = line[: span.start], line[span.end : end]
        if not after.strip(" ()") and _is_nick(before.strip(" ()")):
            return _headed(raw, index, (0, span.start), span)
        if not before.strip() and _is_nick(after.strip()) and _names(after):
            return _headed(raw, index, (span.end, end), span)
    colon = line.find(":")
    nick = line[: max(colon, 0)].strip()
    if not _is_nick(nick) or colon > _MOST_NICK or _LABEL.match(line.lstrip()):
        return None
    if not _names(nick) and (colon + 1 < end or find_door(nick) is not None):
        return None
    return Block(index, raw, nick=nick.lstrip("@"), spans=[(0, colon, "who"), (colon, colon + 1, "mark")])


def _headed(raw: str, index: int, nick: tuple[int, int], span: Span) -> Block:
    start, end = nick
    said = narrow(raw[start:end])
    if account := _ACCOUNT.search(said):
        said, end = said[: account.start()], start + account.start()
    said = said.strip(" \t():@")
    spans = [(0, len(raw), "mark"), (start, end, "who"), (span.start, span.end, "at")]
    return Block(index, raw, nick=said, at=span.at, spans=spans)


def _is_nick(text: str) -> bool:
    """Return whether a chat could call somebody so."""
    return 0 < len(text) <= _MOST_NICK and "\n" not in text and not _NO_NICK.search(text) and not courtesy(text)


def _names(nick: str) -> bool:
    """Return whether a nickname holds a person's name, perhaps with the door before or behind: 3-2-501 张三."""
    return any(is_name(piece) for piece in nick_pieces(nick))


def nick_pieces(nick: str) -> list[str]:
    """Return the words of a nickname but its door."""
    narrowed = narrow(nick)
    door = find_door(narrowed)
    left = f"{narrowed[: door.start]} {narrowed[door.end :]}" if door else narrowed
    return [piece for piece in re.split(r"[\s\-_()~@:/|]+", left) if piece]
