"""What a hand used to prose writes into a condition: full-width signs, one equals sign, words for operators."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """Something wrong in a condition."""

    code: str
    zh: str
    en: str
    mend: str = ""
    mend_en: str = ""


_WIDE = {"“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "，": ",", "＝": "=", "＞": ">", "＜": "<",
         "！": "!", "【": "[", "】": "]", "＆": "&", "｜": "|"}  # fmt: skip
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")
_ONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_WORDS = {"并且": "&&", "而且": "&&", "且": "&&", "或者": "||", "或": "||", "and": "&&",
          "AND": "&&", "or": "||", "OR": "||",
          "not": "!", "不等于": "!=", "等于": "==", "大于": ">", "小于": "<"}  # fmt: skip
_SAID = re.compile(
    r"(?<![\w\u4e00-\u9fff.])(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?![\w\u4e00-\u9fff])"
)


def slips(source: str) -> tuple[list[Flaw], str]:
    """Return what a hand used to prose writes into a condition, and the condition without it, to be read on."""
    found, text = [], source
    wide = "".join(dict.fromkeys(letter for letter in _STRINGS.sub("", source) if letter in _WIDE))
    if wide:
        text = "".join(_WIDE.get(letter, letter) for letter in text)
        right = " ".join(dict.fromkeys(_WIDE[letter] for letter in wide))
        found.append(Flaw(
            "full-width", f"条件里有全角的“{wide}”。", f"Full-width signs in the condition: {wide}",
            f"引号、括号和符号都用半角的 {right}，如 category == 'a'。", f"Use {right} instead.",
        ))  # fmt: skip
    bare = _STRINGS.sub(lambda match: "'" + "x" * (len(match[0]) - 2) + "'", text)
    if _ONE_EQUALS.search(bare):
        for match in reversed(list(_ONE_EQUALS.finditer(bare))):
            text = f"{text[: match.start()]}=={text[match.end() :]}"
        found.append(Flaw(
            "one-equals", "比较是否相等要写两个等号，这里只有一个“=”。",

            "Comparing takes two equals signs; here is one.",
            "改成“==”。", "Write '=='.",
        ))  # fmt: skip
    bare = _STRINGS.sub(lambda match: "'" + "x" * (len(match[0]) - 2) + "'", text)
    said = list(_SAID.finditer(bare))
    for match in reversed(said):
        text = f"{text[: match.start()]}{_WORDS[match[1]]}{text[match.end() :]}"
    if said:
        word = said[0][1]
        found.append(Flaw(
            "word", f"条件里不能写“{word}”。", f"'{word}' cannot be written in a condition.",
            f"改成“{_WORDS[word]}”。", f"Write '{_WORDS[word]}'.",
        ))  # fmt: skip
    return found, text
