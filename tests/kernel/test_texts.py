"""What people typed is kept without what is not seen, and otherwise as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.api import visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        ("  路灯不亮 \n", "路灯不亮"),
        ("一行\r\n两行\r三行", "一行\n两行\n三行"),
        ("\u202e灯\u200b不\x00亮\ufeff", "灯不亮"),
        ("家人 👨\u200d👩\u200d👧 都在", "家人 👨\u200d👩\u200d👧 都在"),
    ],
)
def test_what_is_not_seen_is_not_kept(typed: Any, kept: str) -> None:
    assert visible(typed) == kept


@given(st.text())
def test_what_was_cleaned_once_stays_as_it_is(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert "\r" not in once
