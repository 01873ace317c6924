"""Voice notes made by hand: each container with a sound of silence and a secret that its device wrote beside it."""

from __future__ import annotations

import struct

from bihuan.kernel.soundstreams import _sum

SECRET = b"+35.2390+113.2250/ Zhang's phone"


def ebml(name: int, body: bytes, *, unknown: bool = False) -> bytes:
    """Return one EBML element; ``unknown``: of the length that a stream says."""
    head = name.to_bytes((name.bit_length() + 7) // 8)
    return head + (b"\x01" + b"\xff" * 7 if unknown else (len(body) | 1 << 56).to_bytes(8)) + body


def webm(seconds: float = 2, *, film: bool = False) -> bytes:
    """Return WebM as a browser streams it: segment and clusters of unknown length, tags between them."""
    track = ebml(0xAE, ebml(0xD7, b"\1") + ebml(0x83, b"\1" if film else b"\2") + ebml(0x536E, SECRET))
    info = ebml(0x1549A966, ebml(0x2AD7B1, (1_000_000).to_bytes(3)) + ebml(0x7BA9, SECRET))
    tags = ebml(0x1254C367, ebml(0x7373, ebml(0x67C8, SECRET)))
    blocks = b""
    for second in range(int(seconds) + 1):
        block = b"\x81" + struct.pack(">h", round((seconds - int(seconds)) * 1000)) + b"\x80" + b"\xfc\xff\xfe"
        blocks += ebml(0x1F43B675, ebml(0xE7, (second * 1000).to_bytes(4)) + ebml(0xA3, block), unknown=True)
    segment = ebml(0x18538067, info + ebml(0x1654AE6B, track) + tags + blocks, unknown=True)
    return ebml(0x1A45DFA3, ebml(0x4282, b"webm")) + segment


def ogg_page(body: bytes, number: int, granule: int, lacing: bytes | None = None) -> bytes:
    """Return one page, with its check sum."""
    if lacing is None:
        lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS" + struct.pack("<BBqIII", 0, 2 if number == 0 else 0, granule, 7, number, 0)
    page = bytearray(head + bytes([len(lacing)]) + lacing + body)
    page[22:26] = _sum(page).to_bytes(4, "little")
    return bytes(page)


def opus(seconds: float = 2, comments: int = 1) -> bytes:
    """Return Ogg Opus; with many comments their packet goes on over several pages."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    listed = b"".join(struct.pack("<I", len(SECRET)) + SECRET for _ in range(comments))
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", comments) + listed
    pages, number = ogg_page(head, 0, 0), 1
    while len(tags) >= 255 * 255:  # a full page, which the packet leaves unfinished
        pages += ogg_page(tags[: 255 * 255], number, -1, bytes([255] * 255))
        tags, number = tags[255 * 255 :], number + 1
    pages += ogg_page(tags, number, 0)
    return pages + ogg_page(b"\xfc\xff\xfe", number + 1, round(seconds * 48000) + 312)


def vorbis(seconds: float = 2) -> bytes:
    """Return the headers of Ogg Vorbis and one packet of sound."""
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44100, 0, 64000, 0, 0xB8, 1)
    tags = b"\x03vorbis" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(SECRET)) + SECRET + b"\1"
    return ogg_page(head, 0, 0) + ogg_page(tags, 1, 0) + ogg_page(b"\0" * 40, 2, round(seconds * 44100))


def box(name: bytes, body: bytes) -> bytes:
    """Return one box of MP4."""
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(seconds: float = 2, *, film: bool = False, sound: bool = True) -> bytes:
    """Return M4A as a phone writes it, the place in its user data."""
    hdlr = box(b"hdlr", bytes(8) + (b"vide" if film else b"soun" if sound else b"text") + bytes(13))
    mdhd = box(b"mdhd", bytes(12) + struct.pack(">II", 44100, round(seconds * 44100)) + bytes(4))
    trak = box(b"trak", box(b"mdia", mdhd + hdlr) + box(b"udta", box(b"name", SECRET)))
    udta = box(b"udta", box(b"\xa9xyz", SECRET))
    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, round(seconds * 1000)) + bytes(80))
    moov = box(b"moov", mvhd + trak + udta + box(b"meta", SECRET))
    return box(b"ftyp", b"M4A \0\0\0\0M4A ") + moov + box(b"mdat", b"\x21\x10\x04" * 20)


def mp3(seconds: float = 2) -> bytes:
    """Return MP3 frames of 32 kbit/s, with ID3 before, APE and ID3v1 behind."""
    size, lasts = 144 * 32000 // 44100, 1152 / 44100
    frame = b"\xff\xfb\x10\xc4" + bytes(size - 4)
    id3 = b"ID3\x04\0\0" + bytes([0, 0, 0, len(SECRET)]) + SECRET
    ape = b"APETAGEX" + SECRET.ljust(56, b"\0")
    return id3 + frame * round(seconds / lasts) + ape + b"TAG" + SECRET.ljust(125, b"\0")


def amr(seconds: float = 2) -> bytes:
    """Return narrow-band AMR of 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds / 0.02) + SECRET


def wav(seconds: float = 2) -> bytes:
    """Return 8 kHz WAVE with a list of names before the samples."""
    fmt = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    samples = bytes(round(seconds * 16000))

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    inside = b"WAVE" + chunk(b"fmt ", fmt) + chunk(b"LIST", b"INFO" + SECRET) + chunk(b"data", samples)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside
