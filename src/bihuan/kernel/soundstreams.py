"""What lies beside the sound in MP3 and Ogg, the two that are streams of frames and pages rather than boxes.

Pure, as ``soundparts``. The libraries that write such tags carry a licence that this house cannot pass on, and there
is little to be done: to cut tags off MP3, and to empty one packet of Ogg.

Sources: ISO/IEC 11172-3 and 13818-3 (frames), ID3v2.4 §3, APEv2; RFC 3533 (Ogg), RFC 7845 (Opus), Vorbis I §5.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .soundparts import Broken, Cleaned, HasPictures

_BITRATES = {  # kbit/s by (MPEG-1?, layer)
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_OPUS_RATE = 48000
_POLYNOMIAL = 0x04C11DB7
_HEAD = 27


def clean_mp3(data: bytes) -> Cleaned:
    """Keep the frames alone: ID3 and APE tags before and behind them are cut off.

    Raises:
        Broken: fewer than two frames.
    """
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    begin, frames, seconds = at, 0, 0.0
    while frame := _frame(data, at):
        size, lasts = frame
        if at + size > len(data):
            break
        at, frames, seconds = at + size, frames + 1, seconds + lasts
    if frames < 2:
        raise Broken
    return data[begin:at], seconds


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Return a frame's length in bytes and in seconds; None where none begins."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate_index, bitrate_index = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer == 4 or rate_index == 3 or not 0 < bitrate_index < 15:
        return None
    first = version == 3
    rate, bits = _RATES[version][rate_index], _BITRATES[first, layer][bitrate_index] * 1000
    samples = 384 if layer == 1 else 1152 if layer == 2 or first else 576
    padding = head[2] >> 1 & 1
    size = (12 * bits // rate + padding) * 4 if layer == 1 else samples // 8 * bits // rate + padding
    return size, samples / rate


def clean_ogg(data: bytes) -> Cleaned:
    """Keep the pages of the one stream of sound, its packet of comments emptied and its pages summed anew.

    Another stream's pages and whatever stands behind the last whole page are left out.

    Raises:
        Broken: no stream of Opus, Vorbis or Speex. HasPictures: Theora beside it.
    """
    out = bytearray(data)
    pages = list(_pages(data))
    if not pages:
        raise Broken
    if any(data[body : body + 7] == b"\x80theora" for _start, body, _end, _lacing in pages):
        raise HasPictures
    start, body, _end, _lacing = pages[0]
    head, rate, skip = data[body : body + 48], 0, 0
    if head.startswith(b"OpusHead"):
        rate, skip = _OPUS_RATE, int.from_bytes(head[10:12], "little")
    elif head.startswith(b"\x01vorbis"):
        rate = int.from_bytes(head[12:16], "little")
    elif head.startswith(b"Speex   "):
        rate = int.from_bytes(head[36:40], "little")
    if not rate:
        raise Broken
    serial = data[start + 14 : start + 18]
    own = [page for page in pages if data[page[0] + 14 : page[0] + 18] == serial]
    _empty(out, own[1:], head)
    ends = [int.from_bytes(data[page[0] + 6 : page[0] + 14], "little", signed=True) for page in own]
    return b"".join(bytes(out[page[0] : page[2]]) for page in own), max(0, max(ends) - skip) / rate


def _pages(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield (start, body, end, lacing values) of each whole page."""
    at = 0
    while data[at : at + 4] == b"OggS" and at + _HEAD <= len(data):
        count = data[at + 26]
        lacing = data[at + _HEAD : at + _HEAD + count]
        body = at + _HEAD + count
        end = body + sum(lacing)
        if end > len(data):
            return
        yield at, body, end, lacing
        at = end


def _empty(out: bytearray, pages: list[tuple[int, int, int, bytes]], head: bytes) -> None:
    """Empty the second packet of a stream, which begins on its second page and may go on over several.

    The name of the program that wrote it goes with the comments; the packet keeps its length, with zeros behind.
    """
    places: list[int] = []
    touched: list[tuple[int, int]] = []
    for start, body, end, lacing in pages:
        touched.append((start, end))
        at, over = body, False
        for size in lacing:
            places.extend(range(at, at + size))
            at += size
            if size < 255:
                over = True
                break
        if over:
            break
    else:
        raise Broken
    magic = 8 if head.startswith(b"OpusHead") else 7 if head.startswith(b"\x01vorbis") else 0
    packet = bytes(out[place] for place in places)
    vendor = int.from_bytes(packet[magic : magic + 4], "little")
    count = magic + 4 + vendor
    if count + 4 > len(packet):
        raise Broken
    behind = b"\1" if magic == 7 and len(packet) > count + 4 else b""  # Vorbis closes its comments with one set bit
    kept = packet[:magic] + bytes(8) + behind
    for place, byte in zip(places, kept.ljust(len(packet), b"\0"), strict=True):
        out[place] = byte
    for start, end in touched:
        out[start + 22 : start + 26] = bytes(4)
        out[start + 22 : start + 26] = _sum(out[start:end]).to_bytes(4, "little")


@cache
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _bit in range(8):
            value = value << 1 ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


def _sum(page: bytes | bytearray) -> int:
    """Return a page's check sum (RFC 3533 §6): CRC-32, not reflected, from zero."""
    table, value = _table(), 0
    for byte in page:
        value = value << 8 & 0xFFFFFFFF ^ table[value >> 24 ^ byte]
    return value
