"""Words around a pairing: titles of its states and reasons, and whether a text names the household.

What becomes a matter may be read by many, so its text may not say whose home it is about. Name and phone are found
without being decrypted: by the keyed hash under which they are kept. What only may name somebody (张大爷, the door) is
asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.fieldwork.models import Pairing
from bihuan.kernel.api import Problem, lookup_hash
from bihuan.kernel.models import Sealed

SUBJECT = "pairing"
NAME, PHONE, DOOR, NEEDS, WITNESS, NOTE = "name", "phone", "door", "needs", "witness", "note"
WITHDRAWN, LAPSED = "withdrawn", "lapsed"
_NAME_LENGTHS = range(2, 5)  # 张三 … 欧阳小明; longer names are looked for whole, as they are written
_HAN = re.compile(r"[\u3400-\u9fff·]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z' .\-]{1,38}[A-Za-z]")
_DIGITS = re.compile(r"\+?\d[\d\s\-()]{5,18}\d")
_CALLED = "大爷|大妈|大娘|大叔|大婶|大姐|大哥|爷爷|奶奶|阿姨|叔叔|先生|女士|师傅|老师|老人|老太|婆婆|家|某"


@dataclass(frozen=True, slots=True)
class Named:
    """What of a household a text names: ``surely`` (name, phone), and what ``maybe`` does (张大爷, the door)."""

    surely: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


def named_in(pairing: Pairing, *texts: str) -> Named:
    """Say what of a household's identity some texts name, in the reader's words. At most two statements."""
    text = unicodedata.normalize("NFKC", "\n".join(texts)).replace("\x00", "")
    if not text.strip():
        return Named()
    kept = Sealed.objects.filter(subject_type=SUBJECT, subject_id=pairing.pk, erased_at=None, lookup__isnull=False)
    hashes = {name: bytes(lookup) for name, lookup in kept.values_list("name", "lookup") if lookup is not None}
    surely = []
    if NAME in hashes and any(lookup_hash(part) == hashes[NAME] for part in _name_like(text, pairing.masked_name[:1])):
        surely.append(_("姓名"))
    if PHONE in hashes and any(lookup_hash(part) == hashes[PHONE] for part in _phone_like(text)):
        surely.append(_("电话"))
    maybe = []
    surname = pairing.masked_name[:1]
    if surname and not surely and (found := re.search(f"{re.escape(surname)}(?:{_CALLED})", text)):
        maybe.append(found[0])
    if pairing.door and pairing.door in re.sub(r"\s", "", text):
        maybe.append(pairing.door)
    return Named(tuple(surely), tuple(maybe))


def _name_like(text: str, first: str) -> Iterator[str]:
    """Yield what may be the name: runs of characters that begin with its first one."""
    for run in _HAN.findall(text):
        for start, char in enumerate(run):
            if char == first:
                for length in range(1, min(len(run) - start, 12) + 1):
                    yield run[start : start + length]
    for run in _LATIN.findall(text):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + 5) + 1):
                yield " ".join(words[start:end])


def _phone_like(text: str) -> Iterator[str]:
    for run in _DIGITS.findall(text):
        yield run
        digits = re.sub(r"\D", "", run)
        for start in range(len(digits) - 10):
            yield digits[start : start + 11]  # 11 digits within a longer row of them


def must_not_name(pairing: Pairing, *texts: str, checked: bool, field: str = "text") -> Problem | None:
    """Return why a text may not become public: it names the household, or may do so and nobody has looked yet."""
    named = named_in(pairing, *texts)
    if named.surely:
        return Problem(
            field,
            _("这段文字写到了这户的%(what)s，登记成事项后会有更多人看到。") % {"what": _("、").join(named.surely)},
            _("请改成“一户居民”，不写姓名和电话。"),
        )
    if named.maybe and not checked:
        return Problem(
            field,
            _("“%(what)s”可能让人认出是哪一户。") % {"what": _("”“").join(named.maybe)},
            _("请改写；确实认不出来的，勾选“已核对”再提交。"),
        )
    return None


def end_reasons() -> dict[str, str]:
    """Return the reasons for which staff end a pairing, in the reader's language."""
    return {
        "solved": _("困难已经解决"),
        "moved": _("这户已搬离"),
        "unit": _("联建单位调整"),
        "died": _("本人去世"),
        "other": _("其他"),
    }


def reason_title(reason: str) -> str:
    """Return why a pairing ended, in words."""
    more = {WITHDRAWN: _("本人收回同意"), LAPSED: _("一直没有同意")}
    return (end_reasons() | more).get(reason, reason)


def consent_title(how: str) -> str:
    """Return how somebody agreed, in words; a way that the method added stands as it is."""
    return {"signed": _("书面签字"), "spoken": _("口头同意")}.get(how, how)


def state_title(pairing: Pairing) -> str:
    """Return a pairing's state in words."""
    return {
        Pairing.State.PROPOSED: _("待本人同意"),
        Pairing.State.ACTIVE: _("结对中"),
        Pairing.State.ENDED: _("已结束"),
    }[Pairing.State(pairing.state)]


def value_title(name: str) -> str:
    """Return what a sealed value of a pairing is called."""
    return {NAME: _("姓名"), PHONE: _("电话"), DOOR: _("门牌"), WITNESS: _("见证人"), NOTE: _("结束说明")}.get(
        name, name
    )


def purpose_title(purpose: str) -> str:
    """Return a purpose as it was told, in the reader's language; kept in Chinese."""
    return _(purpose)
