"""What people paste from a chat becomes drafts, one of each thing that is told; and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bihuan.fieldwork.paste import Draft, Rest, _leads, parse
from bihuan.fieldwork.paste_words import narrow

from .pastes import NOW, only, read

LIST = """#接龙
电建社区下水道问题登记，请接龙
例 楼号 姓名 问题

1. 3#2单元501 张某 厨房下水返水 14000010012
2. 12号楼1单元 王阿姨：楼道灯不亮
3、李建国 5-2-301 暖气不热，140-0001-0033
4.7号楼门禁坏了
5. @小高 9幢 电梯异响
   从昨晚开始
"""


def test_a_numbered_list_is_one_draft_an_item_and_its_heading_is_none() -> None:
    got = read(LIST)
    assert [(d.who, d.door.building, d.what, d.phone) for d in got.drafts] == [
        ("张某", 3, "厨房下水返水", "14000010012"),
        ("王阿姨", 12, "楼道灯不亮", ""),
        ("李建国", 5, "暖气不热", "14000010033"),
        ("", 7, "门禁坏了", ""),
        ("小高", 9, "电梯异响\n   从昨晚开始", ""),
    ]
    assert [d.line for d in got.drafts] == [5, 6, 7, 8, 9]
    assert [rest.line for rest in got.rest] == [1]


CHAT = """————— 2024-03-05 —————

张三 14:20
12号楼楼下井盖坏了

3-2-501 李姐 14:22
厨房下水返水
电话14000010012

"幸福人家" 撤回了一条消息
王阿姨 14:25
5号楼后面路灯不亮
王阿姨 14:26
已经三天了
高倩 14:30
收到[强] 谢谢大家
"""


def test_messages_of_a_chat_are_a_draft_each_with_the_writers_name_door_and_time() -> None:
    got = read(CHAT)
    assert [(d.who, d.door.building, d.what, d.phone, d.at and d.at.strftime("%d %H:%M")) for d in got.drafts] == [
        ("张三", 12, "楼下井盖坏了", "", "05 14:20"),
        ("李姐", 3, "厨房下水返水", "14000010012", "05 14:22"),
        ("王阿姨", 5, "后面路灯不亮 已经三天了", "", "05 14:25"),
    ]
    assert "".join(rest.raw for rest in got.rest).count("收到") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王阿姨：楼道灯不亮\n李四：3-2-501没水", [("王阿姨", None, "楼道灯不亮"), ("李四", 3, "没水")]),
        ("2024-03-05 14:20:33 张三(10001)\n3号楼灯不亮", [("张三", 3, "灯不亮")]),
        ("物业 张三 14:20\n3号楼灯不亮", [("物业 张三", 3, "灯不亮")]),
        ("12#1单元-王姐 14:20\n楼道灯不亮", [("王姐", 12, "楼道灯不亮")]),
        ("王阿姨:\n3号楼灯不亮\n小李:\n5号楼井盖坏了", [("王阿姨", 3, "灯不亮"), ("小李", 5, "井盖坏了")]),
        ("3号楼灯不亮\n5号楼井盖松动\n12栋漏雨", [("", 3, "灯不亮"), ("", 5, "井盖松动"), ("", 12, "漏雨")]),
        ("3号楼灯不亮\n\n垃圾没人清", [("", 3, "灯不亮"), ("", None, "垃圾没人清")]),
        ("您好：\n我是3号楼2单元501的王阿姨，\n楼道灯坏了\n谢谢", [("王阿姨", 3, "楼道灯坏了\n谢谢")]),
        ("①3号楼灯不亮 ②5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("1、3号楼灯不亮；2、5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("（1）3号楼灯不亮\n（2）5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("一、3号楼灯不亮\n二、5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("1️⃣3号楼灯不亮\n2️⃣5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("- 3号楼灯不亮\n- 5号楼井盖坏了", [("", 3, "灯不亮"), ("", 5, "井盖坏了")]),
        ("12号楼2单元301王芳，两个问题：\n1、下水堵\n2、灯不亮", [("王芳", 12, "下水堵"), ("王芳", 12, "灯不亮")]),
        ("王大爷反映6号楼后面雨水篦子堵了", [("王大爷", 6, "王大爷反映6号楼后面雨水篦子堵了")]),
        ("3号楼和5号楼的路灯都不亮", [("", 3, "3号楼和5号楼的路灯都不亮")]),
        (
            "姓名：张伟\n地址：3号楼2单元501\n问题：返水\n姓名：刘芳\n地址：北门小广场\n问题：路灯不亮",
            [("张伟", 3, "返水"), ("刘芳", None, "路灯不亮")],
        ),
        (
            "姓名\t住址\t电话\t问题\n张伟\t3-2-501\t14000010012\t返水\n刘芳\t\t\t路灯不亮",
            [("张伟", 3, "返水"), ("刘芳", None, "路灯不亮")],
        ),
        ("3号楼灯不亮（二楼）", [("", 3, "灯不亮（二楼）")]),
        ("灯不亮（3-2-501）", [("", 3, "灯不亮")]),
        ("张三（3-2-501）：灯不亮", [("张三", 3, "灯不亮")]),
        ("收到", []),
        ("好的，谢谢书记[强][强]", []),
        ("", []),
        (" \n\t\n", []),
    ],
)  # fmt: skip
def test_where_one_draft_ends_and_the_next_begins(text: str, expected: list[tuple[str, int | None, str]]) -> None:
    assert [(draft.who, draft.door.building, draft.what) for draft in read(text).drafts] == expected


def test_a_place_without_a_number_is_kept_as_it_was_named() -> None:
    assert only("姓名：刘芳 地址：北门小广场 问题：路灯不亮").where == "北门小广场"


def joined(text: str) -> tuple[Draft | Rest, ...]:
    got = parse(text, now=NOW).pieces
    assert "".join(piece.raw for piece in got) == text
    return got


words = st.sampled_from(
    [
        "1.",
        "2、",
        "①",
        "3号楼",
        "3-2-501",
        "三号楼二单元",
        "张三",
        "王阿姨：",
        "@小高",
        "14000010012",
        "14:20",
        "2024-03-05",
        "姓名：",
        "地址:",
        "灯不亮",
        "收到",
        "[强]",
        "#接龙",
        "——",
        "的",
        "：",
        "\n",
        "\t",
        ",",
        "，",
        "\u3000",
        "（",
        "）",
    ]
)
texts = st.one_of(st.text(), st.lists(st.one_of(words, st.text(max_size=4))).map("".join))


def letters(text: str) -> str:
    return "".join(char for char in narrow(text) if char.isalnum())


@settings(max_examples=400)
@given(texts)
@example("1号楼0:00\r1/0/000")
@example("3-2-501 张三 14:20\n5号楼2单元门禁坏了")
def test_any_text_is_read_and_no_character_of_it_is_lost(text: str) -> None:
    for piece in joined(text):
        if isinstance(piece, Draft):
            kept = {"who": piece.who + piece.where, "where": piece.where, "what": piece.what, "phone": piece.phone}
            for part in piece.parts:
                if part.kind == "what":
                    assert letters(part.text) in letters(piece.what)
                elif part.kind == "phone":
                    assert letters(part.text).removeprefix("86") == piece.phone
                elif part.kind in kept:
                    assert set(letters(part.text)) <= set(letters(kept[part.kind])), part
                elif part.kind == "at":
                    assert piece.at is not None
                else:
                    assert len(letters(part.text)) <= 24, part


@given(st.text(alphabet="您好的收到谢谢[强] \n1.、:#-3号楼姓名", max_size=200))
def test_courtesies_numbers_and_signs_without_end_are_read_in_time(text: str) -> None:
    joined(text)


def test_a_row_of_signs_before_a_door_is_read_once() -> None:
    import time

    begun = time.process_time()
    assert not _leads("-" * 100_000 + "好")  # a reading for each pair of signs would take a minute
    assert _leads("-" * 100_000 + "我家在" + "-" * 100_000)
    assert time.process_time() - begun < 5


def test_a_long_chat_is_read_quickly() -> None:
    import time

    begun = time.perf_counter()
    assert len(read(CHAT * 100).drafts) == 300
    assert time.perf_counter() - begun < 5
