"""A check as a file to keep: the proof, and in plain words how to work it out again without this site."""

from __future__ import annotations

from typing import Any

from bihuan.kernel.models import Sealed
from bihuan.reporting.models import Bulletin
from bihuan.web.portal.checked import Checked, entry_text

RULE = (
    "Merkle tree of RFC 9162 (SHA-256) over the hashes of the entries recorded on the day in Asia/Shanghai, "
    "in the order of (recorded_at, id)"
)
HOW = {
    "zh": [
        "叶子：SHA-256（一个字节 00 接 entry_hash 的 32 个字节）。",
        "令 last = count−1；从 index 开始，逐个取 path 里的值 p：index 是奇数，或 index 等于 last 时，"
        "当前值 = SHA-256（01、p、当前值），并在 index 为偶数且不为 0 时把两者都右移到 index 为奇数为止；"
        "否则当前值 = SHA-256（01、当前值、p）。每取一个，index 和 last 都右移一位。",
        "取完以后，当前值应当等于 root，last 应当等于 0。",
        "root 应当等于您自己以前存下的、或 /record/ 上公布的那一天的总指纹。",
    ],
    "en": [
        "Leaf: SHA-256 of one byte 00 followed by the 32 bytes of entry_hash.",
        "Begin with index and last = count − 1. For each value p of path: where index is odd or equals last, "
        "current = SHA-256(01, p, current), and while index is even and not 0 shift both right; "
        "otherwise current = SHA-256(01, current, p). After each p shift index and last right by one bit.",
        "At the end current must equal root, and last must be 0.",
        "root must equal the day's root that you kept earlier, or that is published at /record/.",
    ],
}  # RFC 9162, 2.1.3.2
HOW_TEXT = {
    "zh": [
        "entry 的 SHA-256 应当等于 entry_hash；entry 里 body 的 sealed.text 是正文的承诺。",
        "SHA-256（salt 的 16 个字节接 content 的 UTF-8 字节）应当等于这个承诺；content 就是发布时的标题和正文。",
    ],
    "en": [
        "SHA-256 of entry must equal entry_hash; sealed.text in the body of entry is the commitment to the text.",
        "SHA-256 of the 16 bytes of salt followed by the UTF-8 bytes of content must equal it; content is the title "
        "and the text as they were published.",
    ],
}


def proof_of(found: Checked) -> dict[str, Any]:
    """Return a check as plain JSON. It names the office that recorded, never a person.

    Of a notice or bulletin the text and the salt of its commitment come along, so that the text itself is proven;
    not of a role model's story, which may have to be forgotten, nor of what was withdrawn.
    """
    entry = found.entry
    told: dict[str, Any] = {
        "page": found.subject.url,
        "code": found.code,
        "recorded_by": found.office,
        "recorded_at": entry.recorded_at.isoformat(),
        "first_recorded_at": found.first.recorded_at.isoformat(),
        "entries": found.count,
        "unchanged": not found.wrong,
        "wrong": list(found.wrong),
        "entry_hash": found.hash,
        "rule": RULE,
        "how": HOW,
        "proof": None,
        "text": None,
    }
    if found.proof is not None:
        told["proof"] = {
            name: value
            for name, value in found.proof.as_dict().items()
            if name in {"day", "index", "count", "path", "root"}
        }
    if _gives_text(found):
        told["text"] = _text(found)
    return told


def _gives_text(found: Checked) -> bool:
    return (
        found.subject.type == "bulletin"
        and found.subject.sharable
        and found.subject.row.kind != Bulletin.Kind.MODEL
        and not found.wrong
    )


def _text(found: Checked) -> dict[str, Any] | None:
    rows = Sealed.objects.filter(entry_id=found.entry.pk, name="text", encrypted=False, erased_at__isnull=True)
    sealed = rows.first()
    if sealed is None or sealed.content is None or sealed.salt is None:
        return None
    return {
        "entry": entry_text(found.entry),
        "content": bytes(sealed.content).decode(),
        "salt": bytes(sealed.salt).hex(),
        "how": HOW_TEXT,
    }
