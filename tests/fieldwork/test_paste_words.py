"""The words of what people paste: doors, telephones, names and times, in every habit of writing."""

from __future__ import annotations

import pytest

from bihuan.fieldwork.paste_names import is_name
from bihuan.fieldwork.paste_words import Door, find_phone, find_time, narrow

from .pastes import NOW, only, read


@pytest.mark.parametrize(
    ("written", "door"),
    [
        ("3号楼", Door(3)),
        ("３号楼", Door(3)),
        ("三号楼", Door(3)),
        ("十二号楼", Door(12)),
        ("二十号楼", Door(20)),
        ("四十八号楼", Door(48)),
        ("12 号楼", Door(12)),
        ("12#", Door(12)),
        ("12＃楼", Door(12)),
        ("12栋", Door(12)),
        ("12幢", Door(12)),
        ("3#2单元501", Door(3, "2", "501")),
        ("3#2单元501室", Door(3, "2", "501")),
        ("3号楼2单元501", Door(3, "2", "501")),
        ("3号楼二单元501", Door(3, "2", "501")),
        ("三号楼二单元五零一", Door(3, "2", "501")),
        ("三号楼2-501", Door(3, "2", "501")),
        ("3号楼2-501", Door(3, "2", "501")),
        ("3号楼-2单元-501", Door(3, "2", "501")),
        ("3号楼 2单元 501", Door(3, "2", "501")),
        ("3号楼2单元，501室", Door(3, "2", "501")),
        ("3楼2单元501", Door(3, "2", "501")),
        ("3号2单元501", Door(3, "2", "501")),
        ("3栋2单元501号", Door(3, "2", "501")),
        ("3-2-501", Door(3, "2", "501")),
        ("3—2—501", Door(3, "2", "501")),
        ("3－2－501", Door(3, "2", "501")),
        ("3/2/501", Door(3, "2", "501")),
        ("3.2.501", Door(3, "2", "501")),
        ("03-02-0501", Door(3, "2", "501")),
        ("12-3-1401", Door(12, "3", "1401")),
        ("3#501", Door(3, "", "501")),
        ("3号楼501", Door(3, "", "501")),
        ("3-501", Door(3, "", "501")),
        ("3号楼2单元", Door(3, "2")),
        ("3号楼2单元三楼", Door(3, "2")),
        ("2单元501", Door(None, "2", "501")),
        ("二单元", Door(None, "2")),
    ],
)
def test_a_door_is_understood_in_every_habit_of_writing(written: str, door: Door) -> None:
    for text in (f"{written} 楼道灯不亮", f"张三 {written} 楼道灯不亮", f"1. {written} 楼道灯不亮"):
        draft = only(text)
        assert draft.door == door, text
        assert draft.what == "楼道灯不亮", text


@pytest.mark.parametrize(
    "text",
    [
        "3楼灯不亮",
        "交了200元",
        "下午3点停水",
        "第3次反映了",
        "电梯停了3天",
        "2024-03-05停水",
        "修了3-5天",
        "138-139号井",
        "#接龙来了",
    ],
)
def test_what_only_looks_like_a_door_is_none(text: str) -> None:
    assert [draft.door for draft in read(text).drafts] in ([Door()], [])


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("14000010012", "14000010012"),
        ("140 0001 0012", "14000010012"),
        ("140-0001-0012", "14000010012"),
        ("+8614000010012", "14000010012"),
        ("+86 140 0001 0012", "14000010012"),
        ("１４００００１００１２", "14000010012"),
        ("0391-2345678", "03912345678"),
        ("(0391)2345678", "03912345678"),
        ("010 62345678", "01062345678"),
    ],
)
def test_a_telephone_is_taken_out_of_the_text(written: str, digits: str) -> None:
    for text in (
        f"3-2-501 返水 {written}",
        f"3-2-501 {written} 返水",
        f"3-2-501 返水，电话{written}",
        f"3-2-501 返水 手机号：{written}",
    ):
        draft = only(text)
        assert (draft.phone, draft.what) == (digits, "返水"), text


@pytest.mark.parametrize("text", ["140****0012", "410802199001011234", "14000010012345", "12345678"])
def test_what_is_no_telephone_stays_in_the_text(text: str) -> None:
    assert find_phone(text) is None
    assert text in only(f"3号楼返水 {text}").what


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "李建国",
        "欧阳明月",
        "王阿姨",
        "李大爷",
        "赵女士",
        "小高",
        "老李",
        "张某",
        "李某某",
        "王**",
        "刘师傅",
        "高倩",
        "安立新",
        "司马光远",
    ],
)
def test_names_as_people_write_them(name: str) -> None:
    assert is_name(name)
    for text in (
        f"{name} 3-2-501 返水",
        f"3-2-501 {name} 返水",
        f"3-2-501 返水 {name}",
        f"3-2-501，{name}，返水",
        f"{name}：3-2-501返水",
    ):
        draft = only(text)
        assert (draft.who, draft.what) == (name, "返水"), text


@pytest.mark.parametrize(
    "word",
    [
        "路灯",
        "井盖",
        "高空抛物",
        "水管",
        "车棚",
        "安全",
        "连续",
        "方便",
        "石头",
        "单元门",
        "门禁",
        "路面",
        "关门",
        "应该",
        "常年",
        "温度",
        "满溢",
        "施工",
        "黄土",
        "平台",
        "广告",
        "家里",
        "不亮",
        "漏水",
    ],
)
def test_things_are_no_names(word: str) -> None:
    assert not is_name(word)
    assert word in only(f"3号楼 {word} 要处理").what


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-05 14:20", "2024-03-05 14:20"),
        ("2024/3/5 14:20", "2024-03-05 14:20"),
        ("2024年3月5日 14:20", "2024-03-05 14:20"),
        ("2024年3月5日 下午2:20", "2024-03-05 14:20"),
        ("3月5日 14:20", "2024-03-05 14:20"),
        ("3/5 14:20", "2024-03-05 14:20"),
        ("12月5日 14:20", "2023-12-05 14:20"),
        ("昨天 14:20", "2024-03-05 14:20"),
        ("前天 下午2:20", "2024-03-04 14:20"),
        ("星期一 14:20", "2024-03-04 14:20"),
        ("周三 09:10", "2024-03-06 09:10"),
        ("星期三 22:10", "2024-02-28 22:10"),
        ("14:20", "2024-03-06 14:20"),
        ("22:10", "2024-03-05 22:10"),
        ("上午10:05", "2024-03-06 10:05"),
        ("14:20:33", "2024-03-06 14:20"),
    ],
)
def test_the_chats_time_is_when_it_was_said(written: str, moment: str) -> None:
    for text in (f"张三 {written}\n3号楼灯不亮", f"{written} 张三\n3号楼灯不亮", f"幸福一家人 {written}\n3号楼灯不亮"):
        draft = only(text)
        assert draft.at is not None
        assert draft.at.strftime("%Y-%m-%d %H:%M") == moment, text
        assert draft.what == "灯不亮"


@pytest.mark.parametrize("written", ["2024-13-05 14:20", "2月30日 14:20", "25:61", "2099-01-01 10:00"])
def test_a_time_that_no_clock_shows_or_is_still_to_come_is_none(written: str) -> None:
    assert find_time(narrow(written), NOW) is None
    assert written in only(f"3号楼停水 {written}").raw


def test_a_time_in_a_sentence_stays_in_the_sentence() -> None:
    draft = only("8号楼广场舞每天20:00开始太吵")
    assert (draft.at, draft.what) == (None, "广场舞每天20:00开始太吵")
