"""Documents are drawn by LibreOffice and measured on the page: the measures of GB/T 9704-2012, ± 1 mm."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from bihuan.reporting.documents import Document, Heading, Para, People, Table, find_soffice, to_docx, to_pdf
from bihuan.reporting.documents.fonts import fontconfig
from tests.reporting.drawn import MM, lines_of, red_lines, red_rows, text_lines, words_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_soffice() is None, reason="没有 LibreOffice：apt-get install libreoffice-writer-nogui 后再测版面"
    ),
]
ISSUER = "焦作市解放区民生街道办事处"
WORDS = (
    "为进一步解决群众身边的急难愁盼问题今年年初以来社区坚持问需于民"
    "问计于民问效于民共收集民生问题五件协调解决五件办结率百分之百"
)


def _document(form: str) -> Document:
    return Document(
        form=form,  # type: ignore[arg-type]
        issuer=ISSUER,
        title="关于一季度民生问题\n办理情况的通报",
        number="解民生〔2024〕1号",
        to="各社区，机关各科室",
        urgency="特急",
        blocks=(
            Para("今年年初以来，共收集民生问题5件，协调解决5件，办结率100.00%。"),
            Heading(1, "总体情况"),
            *(Para(WORDS * 5) for _ in range(10)),
            Heading(2, "办结事项"),
            Table(("序号", "事项"), (("1", "路灯不亮"), ("2", "下水道堵塞")), "办结事项表"),
        ),
        attachments=("办理情况表", "责任人名单"),
        date=date(2024, 4, 1),
        copies="区委办公室，区政府办公室",
        printed_by=ISSUER,
        printed_on=date(2024, 4, 2),
        people=(People("出席", "张某某  李某某"), People("请假", "赵某某")),
    )


@pytest.fixture(scope="module", params=["gongwen", "xinhan", "jiyao"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """Each form, drawn once with faces that stand in for the official ones."""
    config = Path(tmp_path_factory.mktemp("fonts")) / "fonts.conf"
    config.write_text(fontconfig(), encoding="utf-8")
    pdf = to_pdf(to_docx(_document(request.param)), fontconfig=config)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        yield request.param, opened


def test_the_page_is_a4(drawn: tuple[str, Any]) -> None:
    for page in drawn[1].pages:
        assert page.width / MM == pytest.approx(210, abs=0.5)
        assert page.height / MM == pytest.approx(297, abs=0.5)


def test_a_full_page_has_22_lines_of_28_characters_between_the_margins(drawn: tuple[str, Any]) -> None:
    page = drawn[1].pages[2]  # text alone
    lines = text_lines(page)
    assert len(lines) == 22
    full = [line for line in lines if len(line) == 28]
    assert len(full) >= 15  # the others begin or end a paragraph
    assert not [line for line in lines if len(line) > 28]
    for line in full:
        assert line[0]["x0"] / MM == pytest.approx(28, abs=1)
        assert 210 - line[-1]["x1"] / MM == pytest.approx(26, abs=1)
    # A line of 28.95 pt begins at the head of the text block, its letters stand at its foot.
    pitch = (lines[-1][0]["bottom"] - lines[0][0]["bottom"]) / 21
    assert pitch == pytest.approx(579 / 20, abs=0.1)
    head = (lines[0][0]["bottom"] - pitch) / MM
    assert head == pytest.approx(37, abs=3)  # within the line, faces stand up to 2.5 mm apart
    assert head + 22 * pitch / MM <= 262 + 1
    assert lines[0][0]["top"] / MM >= 37 - 1
    assert 297 - lines[-1][0]["bottom"] / MM >= 35 - 1


def test_a_new_paragraph_begins_two_characters_in(drawn: tuple[str, Any]) -> None:
    starts = [
        line for line in text_lines(drawn[1].pages[2]) if words_of(line).startswith("为进一步解决群众身边的急难愁盼")
    ]
    inset = [line[0]["x0"] / MM for line in starts if line[0]["x0"] / MM > 30]
    assert inset
    assert inset == pytest.approx([28 + 2 * 15.75 / MM] * len(inset), abs=0.5)


def test_page_numbers_stand_outside_on_odd_and_even_pages(drawn: tuple[str, Any]) -> None:
    form, pdf = drawn
    one = 14 / MM  # a character of 四号
    for number, page in enumerate(pdf.pages, start=1):
        below = [line for line in lines_of(page) if line[0]["top"] / MM > 262.5]
        if form == "xinhan" and number == 1:
            assert not below  # the first page of a letter shows none
            continue
        (line,) = below
        assert words_of(line) == f"— {number} —"
        assert {round(sign["size"], 1) for sign in line} == {14.0}
        if number % 2:
            assert 210 - line[-1]["x1"] / MM == pytest.approx(26 + one, abs=1)
        else:
            assert line[0]["x0"] / MM == pytest.approx(28 + one, abs=1)
        middle = (line[0]["top"] + line[0]["bottom"]) / 2 / MM  # where the dash is, about
        assert middle - 262 == pytest.approx(7, abs=1.5)


def test_the_mark_and_the_red_lines_stand_where_the_standard_says(drawn: tuple[str, Any]) -> None:
    form, pdf = drawn
    page = pdf.pages[0]
    spans, lines = red_rows(page), red_lines(page)
    if form == "xinhan":
        assert spans[0][0] == pytest.approx(30, abs=1)  # the mark
        assert spans[1][0] - spans[0][1] == pytest.approx(4, abs=1)  # the double line below it
        assert 297 - spans[-1][1] == pytest.approx(20, abs=1)  # the one below
        assert all(right - left == pytest.approx(170, abs=0.5) for left, right, _top in lines)
        assert all((left + right) / 2 == pytest.approx(105, abs=0.5) for left, right, _top in lines)
        return
    assert spans[0][0] == pytest.approx(37 + 35, abs=1)
    assert [(left, right) for left, right, _top in lines] == [(pytest.approx(28, abs=0.5), pytest.approx(184, abs=0.5))]
    number = next(line for line in text_lines(page) if words_of(line).startswith("解民生"))
    assert lines[0][2] - number[0]["bottom"] / MM == pytest.approx(4, abs=1)
    assert (number[0]["x0"] + number[-1]["x1"]) / 2 / MM == pytest.approx(106, abs=1)


def test_the_title_stands_two_lines_below_the_red_line(drawn: tuple[str, Any]) -> None:
    form, pdf = drawn
    page = pdf.pages[0]
    title = [line for line in lines_of(page) if abs(line[0]["size"] - 22) < 0.1]
    assert [words_of(line) for line in title] == ["关于一季度民生问题", "办理情况的通报"]
    assert all("Bold" in line[0]["fontname"] for line in title)  # 小标宋, as it is drawn here
    for line in title:
        assert (line[0]["x0"] + line[-1]["x1"]) / 2 / MM == pytest.approx(106, abs=1)
    if form != "xinhan":
        below = title[0][0]["top"] / MM - red_lines(page)[0][2]
        assert below == pytest.approx(2 * 579 / 20 / MM, abs=3)


def test_the_first_page_has_words_of_the_text(drawn: tuple[str, Any]) -> None:
    words = "".join(words_of(line) for line in text_lines(drawn[1].pages[0]))
    assert "各社区，机关各科室：" in words
    assert "共收集民生问题5件" in words


def test_date_and_signature_stand_at_the_right(drawn: tuple[str, Any]) -> None:
    form, pdf = drawn
    lines = text_lines(pdf.pages[-1])
    if form == "jiyao":
        said = [words_of(line) for line in lines]
        assert any(words.startswith("出席：张某某") for words in said)
        assert any(words.startswith("请假：赵某某") for words in said)
        assert not any("2024年4月1日" in words for words in said)
        return
    day = next(line for line in lines if words_of(line) == "2024年4月1日")
    name = lines[lines.index(day) - 1]
    assert words_of(name) == ISSUER
    assert (name[0]["x0"] + name[-1]["x1"]) / 2 == pytest.approx(
        (day[0]["x0"] + day[-1]["x1"]) / 2, abs=12
    )  # digits here are wider
    assert 210 - day[-1]["x1"] / MM >= 26 + 4 * 15.75 / MM - 1


def test_copies_and_printing_stand_at_the_foot_of_the_last_page(drawn: tuple[str, Any]) -> None:
    form, pdf = drawn
    page = pdf.pages[-1]
    lines = [line for line in lines_of(page) if line[0]["top"] / MM < 262.5]
    last = [words_of(line) for line in lines if abs(line[0]["size"] - 14) < 0.1][-2:]
    if form == "xinhan":
        assert last[-1] == "抄送：区委办公室，区政府办公室。"
        return
    assert last == ["抄送：区委办公室，区政府办公室。", f"{ISSUER}2024年4月2日印发"]
    rules = sorted({round(item["top"] / MM, 1) for item in [*page.lines, *page.rects, *page.curves]})[-3:]
    assert rules[-1] == pytest.approx(262, abs=1)
    assert len(rules) == 3
