"""The bricks of the method file's schema: strict models whose keys have a Chinese and an English name.

The Chinese names stand beside each field (``word("标题", …)``): this is the one table of synonyms. The loader
translates by it, the reference and the JSON Schema are generated from it. A package that adds a section to the
file builds its models from the same bricks.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

REQUIRED: Any = ...
Unit = Literal["workdays", "work_hours", "hours", "days", "minutes"]

UNIT_WORDS: dict[str, Unit] = {
    "工作日": "workdays",
    "工作时": "work_hours",
    "工作小时": "work_hours",
    "小时": "hours",
    "天": "days",
    "日": "days",
    "自然日": "days",
    "分钟": "minutes",
    "workday": "workdays",
    "workdays": "workdays",
    "work_hour": "work_hours",
    "work_hours": "work_hours",
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "minute": "minutes",
    "minutes": "minutes",
}
UNIT_ZH: dict[str, str] = {
    "workdays": "个工作日",
    "work_hours": "个工作时",
    "hours": "小时",
    "days": "天",
    "minutes": "分钟",
}
UNIT_EN: dict[str, str] = {
    "workdays": "workdays",
    "work_hours": "working hours",
    "hours": "hours",
    "days": "days",
    "minutes": "minutes",
}
_YEARS = {"年": 365, "year": 365, "years": 365}  # written in years, taken as days
LENGTH_WORDS = (*UNIT_WORDS, *_YEARS)  # every word that a length of time may be written in
_AMOUNT = re.compile(r"^\s*(?P<n>\d{1,9}(?:\.\d{1,9})?)\s*个?\s*(?P<unit>[\u4e00-\u9fff]+|[a-z_]+)\s*$")


def word(
    zh: str, default: Any = REQUIRED, doc: str = "", en: str = "", *, values: dict[str, str] | None = None, **kw: Any
) -> Any:
    """Declare a field of the method file.

    Args:
        zh: its Chinese name, exactly one.
        default: its default; a list, dict or set is copied; left out means required.
        doc: what it is, in Chinese.
        en: the same in English.
        values: for a choice, the Chinese word of each canonical value.
        kw: passed on to ``pydantic.Field``.
    """
    extra: Any = {"zh": zh, "doc_en": en, "values": values or {}}
    if isinstance(default, list | dict):
        kw["default_factory"] = type(default)
    if "default_factory" in kw:
        return Field(description=doc, json_schema_extra=extra, **kw)
    return Field(default, description=doc, json_schema_extra=extra, **kw)


class Part(BaseModel):
    """A part of the method file: nothing beyond what is declared, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Part):
    """Words that people see: Chinese, and English where it is given."""

    zh: str = word("中文", REQUIRED, "中文", "Chinese", min_length=1)
    en: str = word("英文", "", "英文；没有时显示中文", "English; the Chinese is shown where there is none")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    def __str__(self) -> str:
        return self.zh

    def say(self, language: str) -> str:
        """Return the words in ``language`` ("en…" or anything else for Chinese)."""
        return self.en if language.startswith("en") and self.en else self.zh


class Amount(Part):
    """A length of time, written ``3 个工作日``, ``4 工作时``, ``24 小时``, ``7 天`` (or ``3 workdays``).

    ``3 年`` (``3 years``) is 1095 days.
    """

    amount: float = word("数量", REQUIRED, "数量", "how many", ge=0, le=40_000)
    unit: Unit = word(
        "单位", REQUIRED, "单位", "of what", values={v: k for k, v in reversed(list(UNIT_WORDS.items())) if k > "一"}
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _AMOUNT.match(value)
        if match is not None and match["unit"] in _YEARS:
            return {"amount": float(Decimal(match["n"]) * _YEARS[match["unit"]]), "unit": "days"}
        unit = UNIT_WORDS.get(match["unit"]) if match else None
        if match is None or unit is None:
            raise ValueError("amount")
        if unit == "workdays" and Decimal(match["n"]) % 1:
            raise ValueError("workdays are whole")
        return {"amount": float(Decimal(match["n"])), "unit": unit}

    def say(self, language: str = "zh") -> str:
        """Return the length in words: "3 个工作日", "3 workdays"."""
        number = f"{self.amount:g}"
        if language.startswith("en"):
            unit = UNIT_EN[self.unit]
            return f"{number} {unit.removesuffix('s') if self.amount == 1 else unit}"
        return f"{number} {UNIT_ZH[self.unit]}"


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_one_or_many)]  # one name, or a list of names
Condition = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra={"cel": True})]  # a CEL expression
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
