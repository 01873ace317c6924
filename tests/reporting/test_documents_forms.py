"""上行文, 联合行文, attachments, seals, 版记 on an even page, letters: drawn by LibreOffice and measured, ± 1 mm."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from bihuan.reporting.documents import Annex, Document, Para, People, find_soffice, to_docx
from bihuan.reporting.documents.fonts import fontconfig
from bihuan.reporting.documents.pdf import draw
from bihuan.reporting.documents.settling import breaks_of, pages_after
from tests.reporting.drawn import MM, lines_of, red_lines, red_rows, text_lines, words_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_soffice() is None, reason="没有 LibreOffice：apt-get install libreoffice-writer-nogui 后再测版面"
    ),
]
CELL = 15.75 / MM  # mm, one character of 三号 as it is set
ISSUER = "焦作市解放区民生街道办事处"
WORDS = (
    "为进一步解决群众身边的急难愁盼问题今年年初以来社区坚持问需于民"
    "问计于民问效于民共收集民生问题五件协调解决五件办结率百分之百"
)


def _document(**given: Any) -> Document:
    said: dict[str, Any] = {
        "form": "gongwen", "issuer": ISSUER, "title": "关于一季度民生问题办理情况的报告", "number": "解民生〔2024〕1号",
        "to": "区政府", "urgency": "特急", "blocks": (Para(WORDS * 2), Para(WORDS)), "date": date(2024, 4, 1),
        "copies": "区委办公室，区政府办公室", "printed_by": ISSUER, "printed_on": date(2024, 4, 2),
    }  # fmt: skip
    return Document(**said | given)


JOINT = ("焦作市解放区民政局", "焦作市公安局解放分局", "焦作市解放区教育局")
DOCUMENTS: dict[str, Document] = {
    "signer": _document(signers=("张某某",)),
    "signers": _document(signers=("张某某", "李某", "王某某")),
    "joint": _document(joint=JOINT[:2]),
    "seals": _document(issuer="解放区民政局", joint=("解放区财政局", "解放区教育局", "解放区司法局")),
    "unsealed": _document(sealed=False),
    "unsealed-short": _document(sealed=False, issuer="电建社区", joint=("物业公司",)),
    "annexes": _document(
        blocks=(Para(WORDS), Annex("办理情况表"), Para(WORDS), Annex("责任人名单"), Para(WORDS)),
        note="联系人：张某某，电话：0391-2000000",
    ),
    "letter": _document(form="xinhan", copy_number="000001", note="联系人：张某某", blocks=(Para(WORDS),)),
    "minutes": _document(
        form="jiyao", blocks=(Para(WORDS),), people=(People("出席", "张某某  李某某  " * 6), People("列席", "钱某")),
    ),  # fmt: skip
    "odd": _document(blocks=tuple(Para(WORDS * 2) for _ in range(9))),
    "full": _document(blocks=(*(Para("甲" * 26) for _ in range(27)), Para("末")), to="", urgency=""),
    "one-side": _document(blocks=(Para("短。"),), both_sides=False, title="短", to="", date=None),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Every document as it is handed out, drawn in one go with faces that stand in for the official ones."""
    config = Path(tmp_path_factory.mktemp("fonts")) / "fonts.conf"
    config.write_text(fontconfig(), encoding="utf-8")
    files = [to_docx(one, breaks=breaks_of(one, config)) for one in DOCUMENTS.values()]
    made = dict(zip(DOCUMENTS, draw(files, seconds=120, fontconfig=config), strict=True))
    with ExitStack() as opened:
        there = {name: opened.enter_context(pdfplumber.open(io.BytesIO(pdf))) for name, pdf in made.items()}
        yield there.__getitem__


def _line(page: Any, words: str) -> list[Any]:
    return next(line for line in text_lines(page) if words in words_of(line))


def _page_with(pdf: Any, words: str) -> Any:
    return next(page for page in pdf.pages if any(words in words_of(line) for line in text_lines(page)))


def _left(line: list[Any]) -> float:
    return next(sign["x0"] for sign in line if sign["text"].strip()) / MM


def _right(line: list[Any]) -> float:
    return 210 - max(sign["x1"] for sign in line if sign["text"].strip()) / MM


def _part(line: list[Any], words: str) -> list[Any]:
    at = words_of(line).index(words)
    return line[at : at + len(words)]


def test_a_document_to_a_superior_has_its_signer_at_the_right_and_its_number_at_the_left(drawn: Any) -> None:
    page = drawn("signer").pages[0]
    line = _line(page, "签发人：张某某")
    assert words_of(line).strip().startswith("解民生〔2024〕1号")
    assert _left(line) == pytest.approx(28 + CELL, abs=1)
    assert _right(line) == pytest.approx(26 + CELL, abs=1)
    assert {round(sign["size"], 1) for sign in line} == {16.0}
    (red,) = red_lines(page)
    assert red[2] - line[0]["bottom"] / MM == pytest.approx(4, abs=1)
    assert (red[0], red[1]) == (pytest.approx(28, abs=0.5), pytest.approx(184, abs=0.5))


def test_the_label_is_fang_song_and_the_name_kai_in_the_file(drawn: Any) -> None:
    import docx  # noqa: PLC0415 - in this test alone

    found = docx.Document(io.BytesIO(to_docx(DOCUMENTS["signer"])))
    runs = next(p.runs for p in found.paragraphs if "签发人" in p.text)
    faces = {run.text.strip(): run._r.rPr.rFonts.values()[-1] for run in runs}
    assert faces["张某某"] == "楷体_GB2312"
    assert faces["解民生〔2024〕1号\t签发人："] == "仿宋_GB2312"
    assert drawn("signer").pages


def test_several_signers_stand_two_a_line_and_the_number_beside_the_last(drawn: Any) -> None:
    page = drawn("signers").pages[0]
    first, last = _line(page, "签发人："), _line(page, "解民生〔2024〕1号")
    assert "张某某" in words_of(first)
    assert "李　某" in words_of(first)
    assert "王某某" in words_of(last)
    assert _part(first, "张某某")[0]["x0"] == pytest.approx(_part(last, "王某某")[0]["x0"], abs=1)
    assert last[0]["bottom"] - first[0]["bottom"] == pytest.approx(579 / 20, abs=1)
    assert _right(first) == pytest.approx(26 + CELL, abs=1)
    assert red_lines(page)[0][2] - last[0]["bottom"] / MM == pytest.approx(4, abs=1)


def test_a_joint_mark_names_every_office_in_order_as_wide_as_each_other(drawn: Any) -> None:
    page = drawn("joint").pages[0]
    mark = [line for line in lines_of(page) if line[0]["size"] > 16.5 and line[0]["non_stroking_color"] == (1, 0, 0)]
    names = [line for line in mark if words_of(line) != "文件"]
    assert [words_of(line).removesuffix("文件") for line in names] == [ISSUER, *JOINT[:2]]
    assert red_rows(page)[0][0] == pytest.approx(37 + 35, abs=1)
    own = [[sign for sign in line if sign["text"] not in "文件"] for line in names]
    assert [_left(line) for line in own] == pytest.approx([_left(own[0])] * 3, abs=1)
    assert [_right(line) for line in own] == pytest.approx([_right(own[0])] * 3, abs=1)
    beside = [sign for line in mark for sign in line if sign["text"] in "文件"]
    assert len(beside) == 2
    middle = sum(sign["top"] + sign["bottom"] for sign in beside) / 4
    assert middle == pytest.approx((own[0][0]["top"] + own[-1][0]["bottom"]) / 2, abs=1 * MM)
    assert min(sign["x0"] for sign in beside) > max(sign["x1"] for line in own for sign in line)
    assert any(WORDS[:10] in words_of(line) for line in text_lines(page))  # the first page has words of the text


def test_every_seal_has_room_and_the_date_stands_under_the_last(drawn: Any) -> None:
    pdf = drawn("seals")
    page = _page_with(pdf, "司法局")
    first, last = _line(page, "解放区民政局"), _line(page, "解放区司法局")
    assert words_of(first).replace(" ", "") == "解放区民政局解放区财政局解放区教育局"
    centres = [
        (part[0]["x0"] + part[-1]["x1"]) / 2 / MM
        for part in (_part(first, "解放区民政局"), _part(first, "解放区财政局"), _part(first, "解放区教育局"))
    ]
    assert all(right - left > 42 for left, right in zip(centres, centres[1:], strict=False))  # seals do not touch
    assert centres[0] - 21 >= 28
    assert centres[-1] + 21 <= 184
    assert (last[0]["top"] - first[0]["top"]) / MM > 42 - 8
    day = _line(page, "2024年4月1日")
    assert (day[0]["x0"] + day[-1]["x1"]) / 2 / MM == pytest.approx(centres[-1], abs=1)
    assert day[0]["top"] > last[0]["top"]
    above = [line for line in text_lines(page) if line[0]["bottom"] < first[0]["top"]]
    seal = (first[0]["top"] + first[0]["bottom"]) / 2 / MM - 21  # where the head of the seal is, at the highest
    assert seal - above[-1][0]["bottom"] / MM <= 579 / 20 / MM  # its head within a line of the text
    assert seal >= above[-1][0]["bottom"] / MM - 1  # no seal on the text


def test_one_seal_meets_no_text_above_it(drawn: Any) -> None:
    page = _page_with(drawn("signer"), "2024年4月1日")
    rows = text_lines(page)
    day = next(line for line in rows if words_of(line) == "2024年4月1日")
    at = rows.index(day)
    name, above = rows[at - 1], rows[at - 2]
    assert words_of(name) == ISSUER
    assert 210 - day[-1]["x1"] / MM >= 26 + 4 * CELL - 1
    seal = (name[0]["bottom"] + day[0]["top"]) / 2 / MM - 2 - 21  # name and date stand a little below its middle
    assert 0 <= seal - above[0]["bottom"] / MM <= 579 / 20 / MM  # its head within a line of the text


def test_without_a_seal_the_date_stands_two_characters_beside_the_name(drawn: Any) -> None:
    page = next(
        page for page in drawn("unsealed").pages if any("2024年4月1日" in words_of(x) for x in text_lines(page))
    )
    name, day = text_lines(page)[-2:]
    assert words_of(name) == ISSUER
    assert _right(name) == pytest.approx(26 + 2 * CELL, abs=1)
    assert _left(day) - _left(name) == pytest.approx(2 * CELL, abs=1)
    pdf = drawn("unsealed-short")
    page = _page_with(pdf, "2024年4月1日")
    first, second, day = text_lines(page)[-3:]
    assert [words_of(first), words_of(second)] == ["电建社区", "物业公司"]  # the office in charge first
    assert _left(first) == pytest.approx(_left(second), abs=0.5)
    assert _left(day) - _left(first) == pytest.approx(2 * CELL, abs=1)


def test_attachments_are_named_after_the_text_and_begin_on_pages_of_their_own(drawn: Any) -> None:
    pdf = drawn("annexes")
    said = [words_of(line) for page in pdf.pages for line in text_lines(page)]
    one, two = (
        next(i for i, words in enumerate(said) if start in words) for start in ("附件：1. 办理", "2. 责任人名单")
    )
    assert two == one + 1
    assert not said[one].endswith(("。", "；"))
    heads = {"附件1", "附件2"}
    pages = [page for page in pdf.pages if text_lines(page) and words_of(text_lines(page)[0]) in heads]
    assert [words_of(text_lines(page)[0]) for page in pages] == ["附件1", "附件2"]
    for page in pages:
        label = text_lines(page)[0]
        assert _left(label) == pytest.approx(28, abs=1)
        assert "Sans" in label[0]["fontname"]  # 黑体, as it is drawn here
        title = next(line for line in lines_of(page) if abs(line[0]["size"] - 22) < 0.1)
        assert (title[0]["x0"] + title[-1]["x1"]) / 2 / MM == pytest.approx(106, abs=1)
        assert (title[0]["bottom"] - label[0]["bottom"]) / MM == pytest.approx(2 * 579 / 20 / MM, abs=3)
    numbers = [words_of([line for line in lines_of(page) if line[0]["top"] / MM > 262.5][-1]) for page in pdf.pages]
    assert numbers == [f"— {at} —" for at in range(1, len(pdf.pages) + 1)]  # they run on
    note = next(line for page in pdf.pages for line in text_lines(page) if words_of(line).startswith("（联系人"))
    assert _left(note) == pytest.approx(28 + 2 * CELL, abs=2)  # a bracket stands in the right half of its cell


def _imprint_page(pdf: Any) -> int:
    return next(
        number
        for number, page in enumerate(pdf.pages, start=1)
        if any("印发" in words_of(line) and abs(line[0]["size"] - 14) < 0.1 for line in lines_of(page))
    )


@pytest.mark.parametrize("name", ["signer", "joint", "annexes", "minutes", "odd", "full"])
def test_the_imprint_stands_on_the_last_page_an_even_one_at_the_foot(drawn: Any, name: str) -> None:
    pdf = drawn(name)
    assert _imprint_page(pdf) == len(pdf.pages)
    assert len(pdf.pages) % 2 == 0
    page = pdf.pages[-1]
    rules = sorted({round(item["top"] / MM, 1) for item in [*page.lines, *page.rects, *page.curves]})
    assert rules[-1] == pytest.approx(262, abs=1)


def test_a_text_that_ends_on_an_odd_page_has_its_imprint_overleaf_with_a_number(drawn: Any) -> None:
    pdf = drawn("odd")
    text = [bool(text_lines(page)) for page in pdf.pages]
    assert text[-1] is False
    assert text[-2] is True
    assert any(words_of(line) == f"— {len(pdf.pages)} —" for line in lines_of(pdf.pages[-1]))


def test_a_blank_page_before_the_imprint_and_the_imprint_have_no_number(drawn: Any) -> None:
    pdf = drawn("full")  # its text ends on page 2 with no room for the imprint
    assert len(pdf.pages) == 4
    assert text_lines(pdf.pages[1])
    assert not pdf.pages[2].chars
    assert not [line for line in lines_of(pdf.pages[3]) if words_of(line).startswith("—")]
    assert any(words_of(line) == "— 2 —" for line in lines_of(pdf.pages[1]))


def test_printed_on_one_side_the_imprint_follows_the_text(drawn: Any) -> None:
    pdf = drawn("one-side")
    assert len(pdf.pages) == _imprint_page(pdf) == 1


@pytest.mark.parametrize(
    ("text", "fits", "even", "after"),
    [(1, True, True, 1), (2, True, True, 0), (2, False, True, 2), (3, False, True, 1), (3, True, False, 0),
     (3, False, False, 1)],
)  # fmt: skip
def test_which_page_the_imprint_stands_on(text: int, fits: bool, even: bool, after: int) -> None:  # noqa: FBT001
    assert pages_after(text, fits=fits, even=even) == after


def test_a_letter_has_number_and_labels_under_its_first_line_and_no_office_of_printing(drawn: Any) -> None:
    pdf = drawn("letter")
    page = pdf.pages[0]
    spans = red_rows(page)
    first = _line(page, "解民生〔2024〕1号")
    assert words_of(first).startswith("000001")  # 份号 at the left, the number at the right of one line
    assert _left(first) == pytest.approx(28, abs=1)
    assert _right(first) == pytest.approx(26, abs=1)
    under = spans[1][1]
    assert first[0]["top"] / MM - under == pytest.approx(16 * 7 / 8 / MM, abs=1)
    assert _left(_line(page, "特急")) == pytest.approx(28, abs=1)
    said = "".join(words_of(line) for page in pdf.pages for line in lines_of(page))
    assert "印发" not in said
    assert "抄送：" in said


def test_names_of_minutes_hang_under_the_first_name(drawn: Any) -> None:
    page = _page_with(drawn("minutes"), "出席：")
    rows = text_lines(page)
    at = next(i for i, line in enumerate(rows) if words_of(line).startswith("出席："))
    assert _left(rows[at]) == pytest.approx(28 + 2 * CELL, abs=1)
    assert "Sans" in rows[at][0]["fontname"]  # the label in 黑体, the names in 仿宋
    assert "Serif" in rows[at][3]["fontname"]
    assert _left(rows[at + 1]) == pytest.approx(rows[at][3]["x0"] / MM, abs=1)
    assert words_of(rows[at + 2]).startswith("列席：")
