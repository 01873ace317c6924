"""What stands in the cells of old ledgers, read as it was meant: dates of every habit, numbers, yes and no."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bihuan.kernel.api import clock

_FULL = re.compile(
    r"(?P<y>\d{4}|\d{2})\s*[年./\-]\s*(?P<m>\d{1,2})\s*[月./\-]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:\s*[T ]?\s*(?P<h>\d{1,2})[:时点](?P<min>\d{1,2})?)?"
)
_PACKED = re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
_SHORT = re.compile(r"^(?P<m>\d{1,2})\s*[月./\-]\s*(?P<d>\d{1,2})\s*[日号]?$")
_DIGITS = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_WRITTEN = re.compile(
    r"^(?:(?P<y>[〇零○一二三四五六七八九]{4})年)?(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})[日号]?$"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: what a plain number in a date's column means
_SERIAL = re.compile(r"^[0-9]{5}$")
_NUMBER = re.compile(r"\d+")
_AMOUNT = re.compile(r"^约?[¥￥]?(?P<n>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<unit>亿元?|万元?|元)?$")
UNITS = {"元": 1, "万": 10**4, "万元": 10**4, "亿": 10**8, "亿元": 10**8}
NOTHING = frozenset({"", "-", "--", "—", "——", "/", "无", "暂无"})  # what people write where there is none
_YES, _NO = ("是", "√", "有", "需要", "yes", "true"), ("否", "×", "无", "不需要", "没有", "no", "false")
DONE = (
    *("已办结", "办结", "已完成", "完成", "已解决", "解决", "已销号", "销号", "已处理", "处理完毕"),
    *("是", "√", "yes", "done"),
)
NOT_DONE = ("未", "否", "正在", "办理中", "进行中", "处理中", "×", "no")


def narrow(text: str) -> str:
    """Return a text in half width, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def moment(value: Any, text: str, year: int | None = None) -> datetime | None:
    """Return a date or instant in Asia/Shanghai, or None where it cannot be told.

    Args:
        value: the cell's value: a date, a serial number of Excel's 1900 system, or text.
        text: as shown.
        year: what a date without a year is in.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=clock.ZONE) if value.tzinfo is None else value
    if isinstance(value, date):
        return datetime.combine(value, time(), clock.ZONE)
    if isinstance(value, int | float) and not isinstance(value, bool) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return datetime(1899, 12, 30, tzinfo=clock.ZONE) + timedelta(minutes=round(value * 1440))
    said = _in_digits(narrow(text))
    if _SERIAL.match(said) and _FIRST_SERIAL <= int(said) <= _LAST_SERIAL:
        return moment(int(said), "")
    found = _PACKED.match(said) or _FULL.search(said)
    if found is None and year is not None and (found := _SHORT.match(said)) is not None:
        return _made(year, found.groupdict())
    if found is None:
        return None
    given = found.groupdict()
    full = int(given["y"])
    return _made(full + 2000 if full < 100 else full, given)


def is_no_day(text: str) -> bool:
    """Tell whether a text is a date in full of a day that never was: 2023/5/32."""
    said = _in_digits(narrow(text))
    return bool(_PACKED.match(said) or _FULL.search(said)) and moment(None, text) is None


def year_in(*texts: str) -> int | None:
    """Return the one year that titles name (“２０２３年度”); None where they name none, or several."""
    years = {int(found) for text in texts for found in _YEAR.findall(narrow(text))}
    return years.pop() if len(years) == 1 else None


def _in_digits(said: str) -> str:
    """Return a date that is written in Chinese numerals (二〇二三年四月二十日) in digits; any other text as it is."""
    found = _WRITTEN.match(said)
    if found is None:
        return said
    year = "".join(_DIGITS[sign] for sign in found["y"] or "")
    return (f"{year}年" if year else "") + f"{_ten(found['m'])}月{_ten(found['d'])}日"


def _ten(said: str) -> int:
    """Return a number up to 99 as it is written: 三, 十, 十二, 二十, 三十一; 0 where it is none."""
    tens, ten, ones = said.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (int(_DIGITS[tens]) if tens else 1 if ten else 0) * 10 + (int(_DIGITS[ones]) if ones else 0)


def _made(year: int, given: dict[str, str | None]) -> datetime | None:
    try:
        return datetime(
            year,
            int(given["m"] or 0),
            int(given["d"] or 0),
            int(given.get("h") or 0),
            int(given.get("min") or 0),
            tzinfo=clock.ZONE,
        )
    except ValueError:
        return None


def whole(text: str) -> int | None:
    """Return the number that a cell says: "3 户", "３", "约20人"; None where it says none."""
    found = _NUMBER.search(narrow(text))
    return int(found[0]) if found and len(found[0]) < 8 else None


def amount(text: str, unit: str = "", wanted: str = "") -> int | float | None:
    """Return a number as it stands, money brought to the unit that is wanted; None where it cannot be told.

    Args:
        text: as shown: "1,250.5", "约3000万元".
        unit: what its heading says it is in, "亿元"; a cell's own goes before.
        wanted: the unit of what it is read for, "" for a number without one.
    """
    found = _AMOUNT.match(re.sub(r"\s", "", narrow(text)))
    if found is None:
        return None
    number, said = Decimal(found["n"].replace(",", "")), found["unit"] or unit
    if said in UNITS:
        if wanted not in UNITS:
            return None  # money where none is asked for
        number = number * UNITS[said] / UNITS[wanted]
    return int(number) if number == number.to_integral_value() else float(number)


def yes_no(text: str) -> bool | None:
    """Return what a cell answers to a question of yes or no; None where it answers neither."""
    said = narrow(text).lower()
    return {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(said)


def is_done(text: str) -> bool | None:
    """Tell whether a cell says that it is settled; None where it says neither."""
    said = narrow(text).lower()
    if not said:
        return None
    if any(word in said for word in NOT_DONE):
        return False
    return True if any(word in said for word in DONE) else None
