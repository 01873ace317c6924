"""Likeness of reports against pairs labelled by hand: the same thing said otherwise, and other things said alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.matters.alike import ELSEWHERE, SAME_PLACE, alike

SAME = [
    ("三楼的楼道灯坏了不亮", "三楼楼道的灯不亮，已经一个星期了"),
    ("楼道灯不亮", "12号楼1单元三楼楼道灯不亮，晚上要用手机照着走。"),
    ("楼道里没灯，黑漆漆的", "楼道灯不亮，晚上看不见"),
    ("单元门关不严", "14号楼单元门闭门器坏了，门关不上，晚上有人随意进出。"),
    ("门禁刷卡打不开门", "2单元门禁刷卡没反应，进不了门"),
    ("垃圾桶满了没人收", "22号楼垃圾桶满溢，周末没有清运，味道大。"),
    ("垃圾好几天没清理，臭得很", "22号楼垃圾桶满溢，周末没有清运，味道大。"),
    ("共享单车乱停挡路", "8号楼门前共享单车停得到处都是，轮椅过不去。"),
    ("下水道堵了，污水往外冒", "一楼下水堵塞，污水反上来"),
    ("楼后面一下雨就积水", "6号楼后面雨水篦子堵了，下雨积水到小腿，老人绕路走。"),
    ("雨水口堵了积水", "6号楼后面雨水篦子堵了，下雨积水到小腿，老人绕路走。"),
    ("顶楼漏水", "31号楼3单元顶层两户下雨漏水，屋面防水层起鼓"),
    ("有人拉电线给电动车充电", "19号楼有人飞线充电，从三楼拉下来一根线"),
    ("电动车堵住门口", "33号楼前电动车堵住楼道口"),
    ("围墙裂了大口子", "41号楼西侧围墙开裂，裂缝能伸进手"),
    ("两盏路灯都不亮了", "12号楼东侧人行道两盏路灯从周六晚上开始不亮"),
    ("路灯坏了晚上走路看不见", "12号楼东侧人行道两盏路灯从周六晚上开始不亮，楼里老人多，晚上走路看不清台阶。"),
    ("厨房下水返水", "一楼住户反映，厨房下水返水，每到傍晚用水多时漫到地面"),
    ("晾衣杆晃得厉害要倒了", "12号楼东侧公共晾衣杆底座松了，风一吹就晃"),
    ("楼上装修太吵，中午也不停", "装修噪音大，午休时间还在施工"),
    ("井盖坏了", "楼前井盖破损，踩上去会翻"),
    ("树枝挡住窗户", "门前大树树枝太长，遮挡窗户采光"),
]
OTHER = [
    ("三楼的楼道灯坏了不亮", "楼道里堆满杂物"),
    ("楼道灯不亮", "楼道墙皮脱落"),
    ("单元门关不严", "2单元三楼楼道灯不亮"),
    ("垃圾桶满了没人收", "共享单车乱停挡路"),
    ("下水道堵了，污水往外冒", "电动车堵住楼道口"),
    ("楼后面一下雨就积水", "顶楼下雨漏水"),
    ("路灯坏了晚上走路看不见", "晚上有人跳广场舞太吵"),
    ("井盖坏了", "单元门坏了"),
    ("有人拉电线给电动车充电", "电动车乱停堵住门口"),
    ("楼上装修太吵，中午也不停", "楼上漏水，中午也在滴"),
    ("厨房下水返水", "厨房窗户玻璃掉下来"),
    ("围墙裂了大口子", "围墙边有人乱倒垃圾"),
    ("老人反映健身器材坏了", "老人反映没有地方晒太阳"),
    ("12号楼东侧人行道地砖翘起来了", "12号楼东侧公共晾衣杆底座松了，风一吹就晃"),
    ("门口停车把路堵了", "下水堵了，水流到路上"),
    ("三楼住户养狗夜里叫", "三楼楼道灯不亮，夜里看不见"),
    ("快递柜占了通道", "消防通道停了车"),
    ("暖气不热", "热水停了"),
    ("单元门禁刷卡没反应", "单元门闭门器坏了，门关不上"),
    ("周末没有清运垃圾", "周末有人占车位"),
    ("楼道有人吸烟", "楼道有人堆杂物"),
    ("2单元门口路面坑洼", "2单元门口的灯罩掉了"),
    ("已经一个星期没有人管，灯不亮", "已经一个星期没有人管，垃圾成堆"),
]


def count(pairs: list[tuple[str, str]], least: float) -> int:
    return sum(alike(one, other) >= least for one, other in pairs)


def test_in_the_same_place_nine_of_ten_paraphrases_are_found() -> None:
    assert count(SAME, SAME_PLACE) >= 0.9 * len(SAME)


def test_in_the_same_place_fewer_than_one_in_twenty_other_things_is_offered() -> None:
    assert count(OTHER, SAME_PLACE) <= 0.05 * len(OTHER)


def test_elsewhere_no_other_thing_is_offered_and_most_paraphrases_still_are() -> None:
    assert count(OTHER, ELSEWHERE) == 0
    assert count(SAME, ELSEWHERE) >= 0.6 * len(SAME)


@pytest.mark.parametrize("text", ["已经一个星期了", "12号楼3单元", "有人反映", "", "……"])
def test_words_of_place_and_time_alone_are_like_nothing(text: str) -> None:
    assert alike(text, text) == 0.0


def test_words_in_latin_letters_count_as_words() -> None:
    assert alike("wifi broken", "wifi gone") > 0
    assert alike("lamp broken", "plam kenbro") == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_has_no_direction_and_stays_between_0_and_1(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0.0 <= alike(one, other) <= 1.0 + 1e-9
