"""Telephone and identity numbers within a text are masked, however people write them; other numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.api import mask_numbers


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("找老王 13812345678 联系", "找老王 138****5678 联系"),
        ("电话138-1234-5678，家里", "电话138****5678，家里"),
        ("138 1234 5678。", "138****5678。"),
        ("+86 13812345678", "138****5678"),
        ("座机0391-2912345", "座机****45"),
        ("(0391)2912345", "****45"),
        ("全角１３８１２３４５６７８打不通", "全角138****5678打不通"),
        ("身份证410802196503071234已核", "身份证4****************4已核"),
        ("41080219650307123X", "4****************X"),
        ("老证410802650307123。", "老证4****************3。"),
        ("两个13812345678、13912345678", "两个138****5678、139****5678"),
    ],
)  # fmt: skip
def test_numbers_of_people_are_masked(said: str, shown: str) -> None:
    assert mask_numbers(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "2024-04-03 12:30 电建社区 2024-0017",
        "410802004004-2024-0017",
        "拨付 24000000 元，编号 GB/T 9704-2012",
        "110 12345 热线",
        "138****5678",
        "单号 1381234567890123456789",
        "410802004004012",
        "",
    ],
)
def test_other_numbers_stay_as_they_were_written(said: str) -> None:
    assert mask_numbers(said) == said


@given(st.text(), st.integers(13000000000, 19999999999), st.text())
def test_no_mobile_number_survives_whatever_stands_around_it(before: str, number: int, after: str) -> None:
    if before[-1:].isdigit() or after[:1].isdigit():
        return
    assert str(number) not in mask_numbers(f"{before}{number}{after}")
