"""How figures are written in a text: 5, 93.72%, 2.5; 比上期增加2件."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Value = int | Fraction | None
NOTHING = "—"


def written(value: Value, unit: str) -> str:
    """Return a value as it is printed: rates with two places; what is not whole: medians with one, money with four."""
    if value is None:
        return NOTHING
    if unit == "percent":
        return f"{_rounded(Fraction(value) * 100, 2)}%"
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{_rounded(exact, 4).normalize():f}" if unit == "number" else str(_rounded(exact, 1))


def change(now: Value, before: Value, unit: str) -> str:
    """Return how a value changed: 比上期增加2件, 下降1.25个百分点, 持平."""
    if now is None or before is None:
        return "上期没有可比的数"
    difference = Fraction(now) - Fraction(before)
    if difference == 0:
        return "与上期持平"
    if unit == "percent":
        return f"比上期{'上升' if difference > 0 else '下降'}{_rounded(abs(difference) * 100, 2)}个百分点"
    word = {"matters": "件", "people": "人", "times": "次"}.get(unit, "")
    return f"比上期{'增加' if difference > 0 else '减少'}{written(abs(difference), unit)}{word}"


def _rounded(value: Fraction, places: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
