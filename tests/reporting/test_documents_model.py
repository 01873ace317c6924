"""What a document is, and the Word file it becomes, read without drawing it."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.reporting.documents import (
    Document,
    Heading,
    Items,
    NoPdf,
    Para,
    Table,
    from_json,
    numbered,
    said,
    to_docx,
    to_json,
    to_pdf,
)
from bihuan.reporting.documents.fonts import fontconfig
from bihuan.reporting.documents.model import numeral

texts = st.text(max_size=40)
blocks = st.lists(
    st.one_of(
        st.builds(Para, texts),
        st.builds(Heading, st.integers(1, 4), texts),
        st.builds(Items, st.lists(texts, max_size=4).map(tuple)),
        st.builds(
            Table,
            st.just(("甲", "乙")),
            st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
            texts,
        ),
    ),
    max_size=6,
).map(tuple)


def _of(*given_: object, **more: object) -> Document:
    return Document(form="gongwen", issuer="某街道办事处", title="通报", blocks=given_, **more)  # type: ignore[arg-type]


@given(blocks)
def test_blocks_come_back_from_what_is_stored(given_: tuple[object, ...]) -> None:
    assert from_json(to_json(given_)) == given_  # type: ignore[arg-type]


@given(texts)
def test_no_text_breaks_the_file(text: str) -> None:
    opened = docx.Document(io.BytesIO(to_docx(_of(Para(text), to=text, copies=text))))
    assert opened.paragraphs


def test_headings_are_numbered_level_by_level() -> None:
    found = numbered(
        [
            Heading(1, "甲"),
            Heading(2, "乙"),
            Heading(2, "丙"),
            Heading(1, "丁"),
            Heading(2, "戊"),
            Heading(3, "己"),
            Heading(4, "庚"),
        ]
    )
    assert [block.text for block in found if isinstance(block, Heading)] == [
        "一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊", "1. 己", "（1）庚",
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_numbers_in_chinese(number: int, words: str) -> None:
    assert numeral(number) == words


def test_a_date_has_no_zeros() -> None:
    assert said(date(2024, 4, 1)) == "2024年4月1日"


def test_the_mark_is_the_issuer_with_the_word_of_its_form() -> None:
    def mark(form: str) -> str:
        return Document(form=form, issuer="某街道办事处", title="", blocks=()).masthead  # type: ignore[arg-type]

    assert (mark("gongwen"), mark("xinhan"), mark("jiyao")) == ("某街道办事处文件", "某街道办事处", "某街道办事处纪要")


def test_official_faces_are_named_with_their_fallbacks() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(_of(Para("正文"))))) as file:
        table = file.read("word/fontTable.xml").decode()
        text = file.read("word/document.xml").decode()
    assert 'w:name="仿宋_GB2312"' in table
    assert 'w:altName w:val="仿宋,FangSong' in table
    assert 'w:eastAsia="方正小标宋简体"' in text
    assert 'w:linePitch="579"' in text


def test_no_font_is_put_into_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(_of(Para("正文"))))) as file:
        assert not [name for name in file.namelist() if "/fonts/" in name]


def test_without_libreoffice_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_SOFFICE", "/nowhere/soffice")
    with pytest.raises(NoPdf) as error:
        to_pdf(to_docx(_of(Para("正文"))))
    assert "libreoffice-writer-nogui" in error.value.zh
    assert "libreoffice-writer-nogui" in error.value.en


def test_a_renderer_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    program = Path(str(tmp_path)) / "soffice"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("BIHUAN_SOFFICE", str(program))
    with pytest.raises(NoPdf, match="超过"):
        to_pdf(b"", seconds=0.2)


def test_a_face_that_is_installed_is_drawn_as_itself() -> None:
    without, with_one = fontconfig(), fontconfig({"SimHei"})
    assert '<string>黑体</string></test><edit name="family" mode="append" binding="same"><string>Noto Sans' in without
    assert '<string>黑体</string></test><edit name="family" mode="append" binding="same"><string>SimHei' in with_one
