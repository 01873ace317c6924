"""People's names as they stand in a chat, told from words that only begin like one. Pure.

A doubtful word stays in the text: the draft is confirmed by a person, who sees it there.
"""

from __future__ import annotations

import re

from bihuan.fieldwork.paste_words import Span


def _words(*rows: str) -> tuple[str, ...]:
    return tuple("".join(rows).split())


_SURNAMES = (
    "丁万严丰乌乔乜习亓仇付仝代仰仲任伊伍何余佟侯俞倪傅储元党冀冉冯冷凌凤刁刘劳勾匡华卓卜卞卢卫印厉厍古史叶司吉吕"
    "吴周咸唐喻堵墨夏夔奚姚姜姬孔孙孟季宁安宋宗宦宫宰容宿寇富寿封尚尤尹居屈屠岑崔嵇巢左巩巫师席常干幸广庄庞康庾廉"
    "廖弘张彭徐怀惠慎慕戈戎戚戴扈扶支敖施昌易昝晁晏景暨曲曹曾朱李杜束杨杭松林柏柯柳柴栾桂桑桓梁梅樊欧武殳段殷毋毕"
    "毛江池汤汪沃沈沙洪浦涂温游湛滑滕潘焦熊燕牛牧狄王班璩甄甘田申白皮盛瞿祁祖祝禄禹秋秦程穆窦章童竺符简籍米索纪缪"
    "罗羊翁翟耿聂肖胡胥臧舒艾苍苏苑苗范茹荀荆荣莘莫萧葛董蒋蒙蒯蒲蓝蓟蔚蔡蔺薄薛虞融衡袁裘裴褚解訾詹计许诸谈谢谭谷"
    "贝贡费贺贾赖赵辛连逯邓邢邬邰邱邵邹郁郎郏郑郜郝郦郭鄂酆钟钦钭钮钱闫闵闻阎阙阚阮阴陆陈陶隆隗雍雷霍靳鞠韦韩韶项"
    "顾颜饶马骆高魏鱼鲁鲍黄黎齐龙龚"
)
_RARE = "于和平明成关应房单方石边海向文查包花乐全"  # words as often as surnames: only before a title, or with two signs
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|闻人|端木|夏侯|南宫|澹台"
_TITLE = (
    r"阿姨|大爷|大妈|大姐|大哥|大叔|大娘|大嫂|叔叔|叔|伯伯|伯|婶|奶奶|爷爷|姐|"
    r"哥|嫂|姨|女士|先生|师傅|老师|医生|经理|主任|老太太|老太|某某|某|\*{1,2}|[xX×]{1,2}"
)
_TITLED = rf"(?:{_DOUBLE}|[{_SURNAMES}{_RARE}])(?:{_TITLE})"
_NEVER = frozenset("不么了什他们你吗吧吵呢味哪啊噪圾坏垃堵墙太她它室层幢很您我户拆掉栋桶梯棚楼没漏灯的脏臭裂请这")
_NOT_NAMES = _words(
    "高空 高层 常年 安全 安装 黄色 黄土 白天 白色 金属 万一 连续 连接 温度 温馨 景观 时间 ",
    "解决 曾经 毛病 花坛 花园 古树 何时 任何 许多 路面 方便 方向 单元 单车 房顶 房屋 石头 ",
    "石板 应该 应急 平台 平时 平房 明天 明显 成人 关门 关于 于是 和谐 边上 边沿 海报 向上 ",
    "向东 文明 文化 查看 包括 包装 全部 全家 全楼 项目 计划 封闭 冷风 冷水 热水 满溢 充电 ",
    "雷雨 柴火 秋天 夏天 夏季 广场 广告 东侧 师傅 能否 尚未 易燃 华灯 林带 池塘 段路 康乐 ",
    "经常 季度 左侧 左边 左右 双方 谢谢 施工 章程 童车 江边 武装 党员 司机 居委 居民 师生 ",
    "那边 松动 松了 纪念 毕竟 陆续 元宵 连廊 路灯 井盖 水管",
)
_SHORT = rf"(?:{_DOUBLE})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,2}}|[{_RARE}][一-鿿]{{2}}"
_NAME = re.compile(rf"(?:{_TITLED}|[小老阿](?:{_DOUBLE}|[{_SURNAMES}])|{_SHORT})\Z")
_SAID = re.compile(rf"({_TITLED})(?=反映|反应|来电|打电话|说|家|报|称|问)")
_ASKS = re.compile(r"我(?:叫|是)\s?([一-鿿]{2,4})(?=[,，。.;；\s]|$)")


def is_name(text: str) -> bool:
    """Return whether a piece between two signs is a person's name as people write it: 张三, 王阿姨, 小高, 李**."""
    if not _NAME.match(text):
        return False
    return not (_NEVER & set(text)) and not any(text.startswith(word) for word in _NOT_NAMES)


def find_said(text: str) -> Span | None:
    """Return who is named in a sentence: 王阿姨反映…, 我叫张三."""
    for pattern in (_SAID, _ASKS):
        for found in pattern.finditer(text):
            if is_name(found[1]):
                return Span(found.start(1), found.end(1), value=found[1])
    return None
