"""Of a voice note only what plays it is kept: nothing hides in free space, in unknown parts, or behind the end."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime

import pytest

from bihuan.kernel.api import BadInput
from bihuan.kernel.sounds import encode_sound
from bihuan.kernel.soundstreams import _sum
from tests.kernel.sounds_made import SECRET, amr, box, ebml, m4a, mp3, ogg_page, opus, vorbis, wav, webm

INFO, CLUSTER, TRACK_CHILD = 0x1549A966, 0x1F43B675, 0xAE
TEN_YEARS = int(datetime(2024, 4, 1, tzinfo=UTC).timestamp()) + 2082844800  # of MP4's own epoch


def _in_moov(extra: bytes) -> bytes:
    """Return M4A with one more box within ``moov``."""
    data = m4a()
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4])
    return data[:at] + struct.pack(">I", size + len(extra)) + data[at + 4 : at + size] + extra + data[at + size :]


def _dated() -> bytes:
    mdhd = struct.pack(">IIIII", 0, TEN_YEARS, TEN_YEARS, 44100, 88200) + bytes(4)
    hdlr = bytes(8) + b"soun" + bytes(12) + SECRET + b"\0"
    tkhd = struct.pack(">III", 7, TEN_YEARS, TEN_YEARS) + bytes(72)
    dref = struct.pack(">III4sI", 0, 1, 12 + len(SECRET), b"url ", 0) + SECRET
    minf = box(b"minf", box(b"smhd", bytes(8)) + box(b"dinf", box(b"dref", dref)))
    trak = box(b"trak", box(b"tkhd", tkhd) + box(b"mdia", box(b"mdhd", mdhd) + box(b"hdlr", hdlr) + minf))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", trak) + box(b"mdat", b"\x21" * 40)


def _webm_with(element: bytes, *, inside: int = 0) -> bytes:
    """Return WebM with one more element before its first cluster."""
    data = webm()
    at = data.index(CLUSTER.to_bytes(4)) + (12 if inside else 0)
    return data[:at] + element + data[at:]


def _segment(data: bytes) -> bytes:
    return data[data.index(b"\x18\x53\x80\x67") :]


def _other_stream() -> bytes:
    page = bytearray(ogg_page(SECRET, 5, 0))
    page[14:18] = b"\x09\0\0\0"
    page[22:26] = bytes(4)
    page[22:26] = _sum(page).to_bytes(4, "little")
    return bytes(page)


def _vendor(magic: bytes) -> bytes:
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", len(SECRET)) + SECRET + struct.pack("<I", 0)
    return ogg_page(head, 0, 0) + ogg_page(tags, 1, 0) + ogg_page(b"\xfc\xff\xfe", 2, 96312)


HIDDEN = {
    "mp4 free": m4a() + box(b"free", SECRET),
    "mp4 free within": _in_moov(box(b"free", SECRET)),
    "mp4 unknown": m4a() + box(b"xyzz", SECRET),
    "mp4 unknown within": _in_moov(box(b"xyzz", SECRET)),
    "mp4 known, where it does not belong": m4a() + box(b"stts", SECRET),
    "mp4 behind the end": m4a() + b"\0\0\0",
    "mp4 handler, reference": _dated(),
    "webm void": _webm_with(ebml(0xEC, SECRET)),
    "webm void within a cluster": _webm_with(ebml(0xEC, SECRET), inside=1),
    "webm unknown": _webm_with(ebml(0x4FFF, SECRET)),
    "webm unknown within a cluster": _webm_with(ebml(0x4FFF, SECRET), inside=1),
    "webm date and program": _webm_with(ebml(INFO, ebml(0x4461, SECRET) + ebml(0x5741, SECRET) + ebml(0x4D80, SECRET))),
    "webm header": ebml(0x1A45DFA3, ebml(0x4282, b"webm") + ebml(0x4FFF, SECRET))
    + webm()[webm().index(b"\x18\x53\x80\x67") :],
    "ogg behind the end": opus() + SECRET,
    "ogg half a page behind the end": opus() + b"OggS" + SECRET,
    "ogg another stream": opus() + _other_stream(),
    "ogg program": _vendor(b"OpusTags"),
    "vorbis behind the end": vorbis() + SECRET,
    "mp3 behind the end": mp3() + SECRET,
    "amr behind the end": amr() + SECRET,
    "wav chunk": wav() + b"xyzz" + struct.pack("<I", len(SECRET)) + SECRET,
    "wav behind the end": wav() + SECRET[:7],
    "wav facts": wav() + b"fact" + struct.pack("<I", len(SECRET)) + SECRET,
}


@pytest.mark.parametrize("name", HIDDEN)
def test_nothing_hides_beside_the_sound(name: str) -> None:
    once = encode_sound(io.BytesIO(HIDDEN[name]))
    assert SECRET[5:] not in once.data
    assert SECRET[:7] not in once.data
    assert encode_sound(io.BytesIO(once.data)) == once  # and it is a voice note still
    assert once.seconds is not None


def test_when_it_was_recorded_goes_too_and_how_long_it_is_stays() -> None:
    kept = encode_sound(io.BytesIO(_dated()))
    assert struct.pack(">I", TEN_YEARS) not in kept.data
    assert kept.seconds == 2


def test_a_box_that_is_cut_within_another_is_broken() -> None:
    with pytest.raises(BadInput):
        encode_sound(io.BytesIO(_in_moov(b"\0\0\0")))


def test_the_sound_itself_is_untouched_and_stands_where_it_stood() -> None:
    data = _in_moov(box(b"free", SECRET))
    kept = encode_sound(io.BytesIO(data)).data
    assert len(kept) == len(data)
    assert kept.index(b"\x21\x10\x04" * 20) == data.index(b"\x21\x10\x04" * 20)
