"""A title made of a text is short, and gives no number away."""

from __future__ import annotations

import pytest

from bihuan.matters.checks import first_words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("楼道灯不亮。已经三天了", "楼道灯不亮"),
        ("打13912345678找我，灯坏了", "打139****找我，灯坏了"),
        ("41080219500101123X的老人家里漏水", "410****的老人家里漏水"),
        ("12号楼3单元501室漏水", "12号楼3单元501室漏水"),
    ],
)
def test_numbers_of_people_are_masked_in_a_title(text: str, title: str) -> None:
    assert first_words(text) == title
