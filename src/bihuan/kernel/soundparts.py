"""What lies beside the sound in a voice note's container: blanked or left out, the sound itself untouched.

Pure. Each function takes the bytes of a file and returns of them what is needed to play it: what is not known to be
so is kept of none (titles, dates, names, places, free space with something in it, whatever a maker invents). And how
long it lasts in seconds, or None where the container does not say.

Sources: RFC 8794 and RFC 9559 (EBML, Matroska/WebM), ISO/IEC 14496-12 (MP4), RFC 4867 §5 (AMR), RIFF/WAVE.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

Cleaned = tuple[bytes, float | None]

_FREE = b"free"
_TOP = b""
_PARTS: dict[bytes, frozenset[bytes]] = {  # box → what of it is kept; the boxes that have no line of their own whole
    _TOP: frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"mfra"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"smhd", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sgpd", b"sbgp"}
    ),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sgpd", b"sbgp"}),
    b"mfra": frozenset({b"tfra", b"mfro"}),
}
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})  # when it was made and changed
_HANDLER, _REFERENCE = 24, 20  # bytes of hdlr before its name; of dref with one reference to the file itself

_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_SCALE, _TIMECODE, _SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0x2AD7B1, 0xE7, 0xA3, 0xA0, 0xA1
_TRACK, _TRACK_TYPE, _VIDEO = 0xAE, 0x83, 1
_HEADER, _SEEKS, _SEEK, _CUES, _CUE, _CUE_PLACE, _AUDIO = (
    0x1A45DFA3, 0x114D9B74, 0x4DBB, 0x1C53BB6B, 0xBB, 0xB7, 0xE1,
)  # fmt: skip
_ENTERED = frozenset(
    {_HEADER, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK, _AUDIO, _BLOCK_GROUP, _SEEKS, _SEEK, _CUES, _CUE, _CUE_PLACE}
)
_KEPT = frozenset({
    0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285,  # versions and lengths of the header, its type
    _SCALE, 0x4489,  # how long
    0xD7, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x23E383, 0x86, 0x63A2, 0x56AA, 0x56BB,  # a track
    0xB5, 0x78B5, 0x9F, 0x6264,  # its sound
    _TIMECODE, 0xA7, 0xAB, _SIMPLE_BLOCK, _BLOCK, 0x9B, 0xFB, 0x75A2,  # a cluster
    0x53AB, 0x53AC, 0xB3, 0xF7, 0xF1, 0xF0, 0xB2, 0x5378,  # where to find them
})  # fmt: skip
_SAID = frozenset({0x4D80, 0x5741})  # the programs that wrote it: they have to stand there, as empty texts
_VOID = 0xEC

_AMR_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5)  # bytes of a frame behind its header, by mode
_AMR_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)
_AMR_FRAME = 0.02
_AMR_PADDING = 0x83  # bits of a frame's header that are zero in a file: any other byte begins none


_FORMAT, _FACT = 40, 4  # the longest that WAVE's chunks of format and of facts may be


class Broken(ValueError):
    """The container does not hold what it says."""


class HasPictures(ValueError):
    """It is a film, not a voice note."""


def clean_wav(data: bytes) -> Cleaned:
    """Keep a WAVE file's format and samples; every other chunk (LIST, bext, id3) is left out."""
    kept, seen, rate, samples, at = [], set(), 0, 0, 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            rate = int.from_bytes(body[8:12], "little")
        most = {b"fmt ": _FORMAT, b"fact": _FACT, b"data": len(body)}.get(name, 0)
        if most and (name == b"data" or name not in seen):
            seen.add(name)
            body = body[:most]
            kept.append(name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2))
            samples += len(body) if name == b"data" else 0
        at += 8 + size + size % 2
    if not rate or not samples:
        raise Broken
    inside = b"WAVE" + b"".join(kept)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside, samples / rate


def clean_amr(data: bytes) -> Cleaned:
    """Walk the frames of an AMR file (narrow or wide band), each of 20 ms; what follows the last whole one is cut."""
    wide = data.startswith(b"#!AMR-WB\n")
    at, sizes, frames = (9 if wide else 6), (_AMR_WIDE if wide else _AMR_NARROW), 0
    while at < len(data):
        mode = data[at] >> 3 & 0xF
        size = sizes[mode] if mode < len(sizes) else 0 if mode in {14, 15} else -1
        if data[at] & _AMR_PADDING or size < 0 or at + 1 + size > len(data):
            break
        at, frames = at + 1 + size, frames + 1
    if not frames:
        raise Broken
    return data[:at], frames * _AMR_FRAME


def clean_mp4(data: bytes) -> Cleaned:
    """Keep the boxes that say how to play the sound; turn every other into free space filled with zeros.

    So no offset moves. Dates, the names of handlers and what lies behind the last box go, too.

    Raises:
        Broken: a box that says it is longer than what holds it, or no track of sound. HasPictures: a track of video.
    """
    out, sounds, seconds, last = bytearray(data), 0, 0.0, 0
    for parent, name, start, body, end in _boxes(data, 0, len(data), _TOP):
        last = end if parent == _TOP else last
        if name not in _PARTS[parent]:
            out[start + 4 : start + 8] = _FREE
            _blank(out, body, end)
        elif name == b"hdlr":
            kind = data[body + 8 : body + 12]
            if kind == b"vide":
                raise HasPictures
            sounds += kind == b"soun"
            _blank(out, body + _HANDLER, end)
        elif name == b"dref":
            _blank(out, body + _REFERENCE, end)
        if name in _DATED and parent != _TOP:
            _blank(out, body + 4, min(end, body + (20 if data[body : body + 1] == b"\1" else 12)))
            seconds = max(seconds, _mp4_seconds(data[body:end]) if name != b"tkhd" else 0.0)
    if not sounds:
        raise Broken
    return bytes(out[:last]), seconds or None  # a stream written in fragments says 0


def _blank(out: bytearray, start: int, end: int) -> None:
    if end > start:
        out[start:end] = bytes(end - start)


def _mp4_seconds(body: bytes) -> float:
    """Return what a header box says of the length: of the film (mvhd) or of a track (mdhd), laid out alike."""
    scale, lasts = struct.unpack_from(">IQ", body, 20) if body[0] == 1 else struct.unpack_from(">II", body, 12)
    unknown = lasts in {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
    return 0.0 if unknown or not scale else float(lasts / scale)


def _boxes(data: bytes, at: int, end: int, parent: bytes) -> Iterator[tuple[bytes, bytes, int, int, int]]:
    """Yield (what holds it, name, start, body, end) of each box; of those that are kept, what is in them."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and at + 16 <= end:
            size, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        stop = end if size == 0 else at + size
        if stop < body or stop > end:
            raise Broken
        yield parent, name, at, body, stop
        if name in _PARTS and name in _PARTS[parent]:
            yield from _boxes(data, body, stop, name)
        at = stop
    if parent != _TOP and at != end:
        raise Broken


_NUMBERS = frozenset({_SCALE, _TRACK_TYPE, _TIMECODE})
_LONGEST_NUMBER = 8  # bytes of an unsigned integer (RFC 8794); of a longer one each sum would take its whole length


def clean_webm(data: bytes) -> Cleaned:
    """Void every element that is not needed to play it; see how long the last block comes after the first.

    Segments and clusters are entered whatever length they say: a recorder that streams does not know it.

    Raises:
        Broken: elements that do not fit. HasPictures: a track of video.
    """
    out = bytearray(data)
    scale, cluster, last, blocks = 1_000_000, 0, 0, 0
    for name, start, body, end in _elements(data):
        if name in _SAID:
            _blank(out, body, end)
        elif name not in _KEPT and name not in _ENTERED:
            _void(out, start, end)
        elif name in _NUMBERS and end - body > _LONGEST_NUMBER:
            raise Broken
        elif name == _SCALE:
            scale = int.from_bytes(data[body:end]) or scale
        elif name == _TRACK_TYPE and int.from_bytes(data[body:end]) == _VIDEO:
            raise HasPictures
        elif name == _TIMECODE:
            cluster = int.from_bytes(data[body:end])
        elif name in {_SIMPLE_BLOCK, _BLOCK}:
            number = _length_of(data, body)
            offset = int.from_bytes(data[body + number : body + number + 2], signed=True)
            last, blocks = max(last, cluster + offset), blocks + 1
    if not blocks:
        raise Broken
    return bytes(out), last * scale / 1e9


# What a recorder writes on and on; it writes in pieces that end anywhere, and a phone may be switched off after any.
_STREAMED = tuple(
    name.to_bytes(4 if name > 0xFF else 1) for name in (_CLUSTER, _TIMECODE, _SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK)
)


def _cut_off(rest: bytes) -> bool:
    """Whether a file ends in the head of something that is streamed: what came before stands."""
    return any(rest.startswith(name) or name.startswith(rest) for name in _STREAMED)


def _elements(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield (id, start, body, end) of every element, going into those that hold others."""
    at = 0
    while at < len(data):
        start = at
        width = _length_of(data, at)
        name = int.from_bytes(data[at : at + width])
        at += width
        if at >= len(data) or at + _length_of(data, at) > len(data):
            if _cut_off(data[start:]):
                return
            raise Broken
        width = _length_of(data, at)
        size = int.from_bytes(data[at : at + width]) & ((1 << 7 * width) - 1)
        unknown = size == (1 << 7 * width) - 1
        body = at + width
        if name in _ENTERED:
            yield name, start, body, body
            at = body
            continue
        if unknown or body + size > len(data):
            if name in {_SIMPLE_BLOCK, _BLOCK, _TIMECODE} and not unknown:
                return  # cut off in the middle of a block: the phone was switched off; what came before stands
            raise Broken
        yield name, start, body, body + size
        at = body + size


def _length_of(data: bytes, at: int) -> int:
    """Return how many bytes a number of variable length has: as many as zero bits come before its first one."""
    if at >= len(data) or not data[at]:
        raise Broken
    return 9 - data[at].bit_length()


def _void(out: bytearray, start: int, end: int) -> None:
    """Write one Void element over an element: its id of one byte, its length in as many bytes as are left to eight."""
    width = min(8, end - start - 1)
    size = end - start - 1 - width
    head = bytes([_VOID]) + (size | 1 << 7 * width).to_bytes(width)
    out[start:end] = head + bytes(size)
