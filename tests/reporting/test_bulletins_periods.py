"""The period of a text, as people write it and as the pages themselves do."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.api import BadInput
from bihuan.reporting.bulletins.periods import read

TODAY = date(2024, 5, 20)


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("2024年第一季度", "2024-Q1"),
        ("２０２４年１季度", "2024-Q1"),
        ("2024年3月", "2024-03"),
        (" 2024 年 3 月份 ", "2024-03"),
        ("2023年", "2023"),
        ("2023年度", "2023"),
        ("2024年以来", "2024"),
        ("2024年1月至2024年4月", "2024-01..2024-04"),
        ("2024年1-4月", "2024-01..2024-04"),
        ("2024-01至2024-04", "2024-01..2024-04"),
    ],
)
def test_a_period_in_words_is_the_one_in_signs(said: str, short: str) -> None:
    assert read(said, TODAY) == read(short, TODAY)


@pytest.mark.parametrize("said", ["2024-Q5", "2024年13月", "第一季度", "2024年4-1月", "去年", "年", "2024年第五季度"])
def test_what_is_no_period_is_said(said: str) -> None:
    with pytest.raises(BadInput):
        read(said, TODAY)
