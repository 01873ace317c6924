"""How people write doors, telephones and times in a chat: found in one line of text. Pure.

All functions take a text that ``narrow()`` has made half-width; it keeps every position, so what is found there stands
at the same place in what was pasted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("　"): " ", ord("\xa0"): " ", ord("﹟"): "#"}
_WIDE |= {ord(dash): "-" for dash in "—–−‐‑‒―"} | {ord(colon): ":" for colon in "﹕︰∶"}


def narrow(text: str) -> str:
    """Return ``text`` with half-width digits, letters, signs and hyphens; as long as it was."""
    return text.translate(_WIDE)


# ---- doors

_CN = {char: index for index, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUM = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
_BUILDING = rf"(?<![\d.#])(?P<building>{_NUM})\s?"
_BUILDING += rf"(?:号\s?楼|[#栋幢](?:楼(?![道下上顶梯前后门长]))?|[号楼](?=\s?{_NUM}\s?(?:单元|-\d)))"
_UNIT = r"(?P<unit>\d{1,2}|[一二三四五六七八九十]{1,2})\s?(?:单元\s?-?|-(?=\s?\d{3}))"
_ROOM = r"(?P<room>\d{3,4}|[〇零一二三四五六七八九]{3})(?!\d|[多几]?[年天个户人块元米])\s?(?:号?[室房]|[户号])?"
_FLOOR = rf"(?P<floor>{_NUM})\s?[楼层](?:[东西南北中]户)?"
_GAP = r"\s?[-,、/]?\s?"
_DOORS = (
    re.compile(rf"{_BUILDING}(?:{_GAP}{_UNIT})?(?:{_GAP}(?:{_ROOM}|{_FLOOR}))?"),
    re.compile(
        r"(?<![\d./:#-])(?P<building>\d{1,3})(?P<sep>\s?[-/.]\s?)(?P<unit>\d{1,2})(?P=sep)(?P<room>\d{3,4})"
        r"(?![\d/:-]|\.\d)\s?(?:室|号房)?"
    ),
    re.compile(r"(?<![\d./:#-])(?P<building>\d{1,2})\s?-\s?(?P<room>[1-9]\d{2,3})(?![\d./:-]|[元块年])\s?(?:室|号房)?"),
    re.compile(rf"(?<!\d){_UNIT}(?:{_GAP}(?:{_ROOM}|{_FLOOR}))?"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A door as far as it was said: 3号楼 2单元 501. ``building`` is None where only the unit was."""

    building: int | None = None
    unit: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a text, and what it is."""

    start: int
    end: int
    door: Door = Door()
    value: str = ""
    at: datetime | None = None


def number(text: str) -> int | None:
    """Return what a number in digits or Chinese characters says: 12, 十二, 四十八; None where it says none."""
    if text.isascii() and text.isdigit():
        return int(text)
    if "十" not in text:
        digits = [str(_CN[char]) for char in text if char in _CN]
        return int("".join(digits)) if digits and len(digits) == len(text) else None
    tens, _ten, ones = text.partition("十")
    if any(char not in _CN for char in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    return (_CN[tens] if tens else 1) * 10 + (_CN[ones] if ones else 0)


def find_door(text: str) -> Span | None:
    """Return the first door in ``text``, the fullest way of writing first."""
    for pattern in _DOORS:
        for found in pattern.finditer(text):
            given = found.groupdict()
            building = number(given["building"]) if given.get("building") else None
            if given.get("building") and not building:
                continue
            unit, room = (number(given.get(key) or "") for key in ("unit", "room"))
            said = Door(building, str(unit) if unit else "", str(room) if room else "")
            return Span(found.start(), found.start() + len(found[0].rstrip()), door=said, value=found[0].strip())
    return None


# ---- telephones

_PHONES = (
    re.compile(r"(?<![\d*])(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![\d*])"),
    re.compile(r"(?<![\d*])(\(?0\d{2,3}\)?[ -]?[2-9]\d{6,7})(?![\d*])"),
)


def find_phone(text: str) -> Span | None:
    """Return the first mobile number, else the first landline with its area code."""
    for pattern in _PHONES:
        if found := pattern.search(text):
            return Span(found.start(), found.end(), value=re.sub(r"\D", "", found[1]))
    return None


# ---- times

_DAY = (
    r"(?:(?P<year>20\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?"
    r"|(?P<month2>\d{1,2})\s?月\s?(?P<day2>\d{1,2})\s?[日号]"
    r"|(?P<month3>\d{1,2})[-/](?P<day3>\d{1,2})(?=\s+\S{0,2}?\d{1,2}:\d\d)"
    r"|(?P<ago>今天|昨天|前天)"
    r"|(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天]))"
)
_HOUR = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?\s?"
_HOUR += r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?P<noon>\s?[AaPp][Mm])?"
_WHEN = re.compile(rf"(?<![\d./:-])(?:{_DAY}(?:[\sT,]*{_HOUR})?|{_HOUR.replace('?P<', '?P<x')})(?![\d:])")
_LATE = {"下午", "傍晚", "晚上"}


def find_time(text: str, now: datetime, day: date | None = None, start: int = 0) -> Span | None:
    """Return the first time that a clock or a calendar could show, in the past of ``now`` (aware, local).

    ``day``: the day that the lines above stand under, for a time without one.
    """
    for found in _WHEN.finditer(text, start):
        if at := _moment({key: value for key, value in found.groupdict().items() if value}, now, day):
            return Span(found.start(), found.end(), value=found[0].strip(), at=at)
    return None


def _moment(given: dict[str, str], now: datetime, day: date | None) -> datetime | None:
    said = {key.removeprefix("x"): value for key, value in given.items()}
    clock = _clock(said)
    if clock is None and "hour" in said:
        return None
    try:
        on = _date(said, now) or day or now.date()
        at = datetime.combine(on, clock or time(), now.tzinfo)
        if at > now + timedelta(minutes=2):
            at = _earlier(at, said, fixed=day is not None and "ago" not in said)
    except (ValueError, OverflowError):
        return None
    return at if at <= now + timedelta(minutes=2) else None


def _earlier(at: datetime, said: dict[str, str], *, fixed: bool) -> datetime:
    """Return the last time before now that the words may mean: a day without a year was last year's, and so on."""
    if "weekday" in said:
        return at - timedelta(days=7)
    if "month2" in said or "month3" in said:
        return at.replace(year=at.year - 1)
    if "year" in said or "ago" in said or fixed:
        return at
    return at - timedelta(days=1)


def _clock(said: dict[str, str]) -> time | None:
    if "hour" not in said:
        return None
    hour, minute = int(said["hour"]), int(said["minute"])
    late = said.get("part") in _LATE or said.get("noon", "").strip().lower() == "pm"
    if hour < 12 and (late or (said.get("part") == "中午" and hour < 3)):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(said: dict[str, str], now: datetime) -> date | None:
    if "ago" in said:
        return now.date() - timedelta(days={"今天": 0, "昨天": 1, "前天": 2}[said["ago"]])
    if "weekday" in said:
        wanted = "一二三四五六日".index(said["weekday"].replace("天", "日"))
        return now.date() - timedelta(days=(now.weekday() - wanted) % 7)
    for suffix in ("", "2", "3"):
        if f"month{suffix}" in said:
            year = int(said.get("year") or now.year)
            return date(year, int(said[f"month{suffix}"]), int(said[f"day{suffix}"]))
    return None
