"""The words for how a place stands and why a visit does not count: one home, for phone, desk and scenarios. Pure."""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]  # Chinese, English

NEVER: Words = ("从未去过", "never visited")
UNCOUNTED: Words = ("去过，不计入", "went, not counted")
STATES: Mapping[str, Words] = {
    "due": ("待去", "to do"),
    "done": ("已到", "done"),
    "too_soon": ("间隔未到", "too soon"),
    "off_season": ("不在季节", "off season"),
    "after_level": ("等上一级", "after the level before"),
}
WHY: Mapping[str, Words] = {
    "role": ("这一轮由别的岗位走", "others go on this round"),
    "off_season": ("不在季节", "off season"),
    "nobody": ("家中无人", "nobody at home"),
    "alone": ("同去的人没有来", "without those who must come along"),
    "after_level": ("上一级还没有走过", "the level before has not been there"),
    "too_soon": ("间隔未到", "too soon"),
    "elsewhere": ("这里不是这一轮要走的地方", "this round does not go there"),
    "no_round": ("工作法里已没有这一轮", "the method has this round no more"),
}
WITHDRAWN: Words = ("已撤回", "taken back")


def say(words: Words, language: str = "zh") -> str:
    """Return words in a language."""
    return words[1] if language.startswith("en") else words[0]


def state_words(state: str, language: str = "zh") -> str:
    """Return how a place stands, in words; the key itself for a state that is not known."""
    return say(STATES[state], language) if state in STATES else state


def why_words(why: str, language: str = "zh") -> str:
    """Return why a visit does not count, in words, without saying that it does not; "" where it does."""
    return say(WHY[why], language) if why in WHY else why


def uncounted_words(why: str, language: str = "zh") -> str:
    """Return that somebody went and it does not count, and why; "" where it counts."""
    if why == "withdrawn":
        return say(WITHDRAWN, language)
    if not why:
        return ""
    mark = ": " if language.startswith("en") else "："
    return f"{say(UNCOUNTED, language)}{mark}{why_words(why, language)}"
