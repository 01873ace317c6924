"""Voice notes: known by their bytes, kept without what their device wrote beside the sound."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel import soundparts
from bihuan.kernel.api import BadInput, encode_sound
from bihuan.kernel.sounds import MAX_BYTES
from bihuan.kernel.soundstreams import _pages, _sum
from tests.kernel.sounds_made import SECRET, amr, ebml, m4a, mp3, ogg_page, opus, vorbis, wav, webm

MADE: dict[str, tuple[Callable[[float], bytes], str]] = {
    "webm": (webm, "audio/webm"),
    "opus": (opus, "audio/ogg"),
    "vorbis": (vorbis, "audio/ogg"),
    "m4a": (m4a, "audio/mp4"),
    "mp3": (mp3, "audio/mpeg"),
    "amr": (amr, "audio/amr"),
    "wav": (wav, "audio/wav"),
}
KINDS = pytest.mark.parametrize(("make", "mime"), MADE.values(), ids=MADE)


@KINDS
def test_each_kind_is_known_by_its_bytes_loses_its_secret_and_says_how_long_it_is(
    make: Callable[[float], bytes], mime: str
) -> None:
    data = make(7)
    assert SECRET in data
    kept = encode_sound(io.BytesIO(data))
    assert SECRET not in kept.data
    assert (kept.mime, kept.seconds) == (mime, 7)


@KINDS
def test_what_was_cleaned_is_clean(make: Callable[[float], bytes], mime: str) -> None:
    once = encode_sound(io.BytesIO(make(3)))
    assert encode_sound(io.BytesIO(once.data)) == once


@KINDS
def test_what_lasts_longer_than_three_minutes_is_refused(make: Callable[[float], bytes], mime: str) -> None:
    data = make(190)
    if len(data) > MAX_BYTES:  # then that is why
        data = data[:0]
    with pytest.raises(BadInput):
        encode_sound(io.BytesIO(data))
    assert encode_sound(io.BytesIO(make(60))).seconds == 60


@KINDS
def test_no_broken_file_does_more_than_be_refused(make: Callable[[float], bytes], mime: str) -> None:
    data, chance = make(1), random.Random(7)  # noqa: S311
    for _ in range(300):
        bad = bytearray(data[: chance.randrange(len(data)) + 1])
        for _change in range(chance.randrange(4)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            encode_sound(io.BytesIO(bytes(bad)))
        except BadInput as error:
            assert error.problems[0].why  # noqa: PT017


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([webm()[:20], opus()[:28], m4a()[:12], b"ID3\x04\0\0", b"\xff\xfb", b"#!AMR\n", wav()[:12]]),
       st.binary(max_size=200))  # fmt: skip
def test_no_bytes_behind_a_known_beginning_do_more_than_be_refused(head: bytes, tail: bytes) -> None:
    try:
        encode_sound(io.BytesIO(head + tail))
    except BadInput as error:
        assert error.problems[0].how  # noqa: PT017


@pytest.mark.parametrize("film", [webm(film=True), m4a(film=True), ogg_page(b"\x80theora", 0, 0) + opus()])
def test_a_film_is_no_voice_note(film: bytes) -> None:
    with pytest.raises(BadInput, match="视频"):
        encode_sound(io.BytesIO(film))


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0", b"<html>", b"\xff\xd8\xff\xe0JFIF", bytes(MAX_BYTES + 1),
                                  m4a(sound=False)])  # fmt: skip
def test_what_is_no_sound_or_too_big_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        encode_sound(io.BytesIO(data))


def test_comments_that_go_on_over_many_pages_are_emptied_and_every_page_still_adds_up() -> None:
    data = opus(comments=6000)
    kept = encode_sound(io.BytesIO(data)).data
    assert SECRET not in kept
    assert len(kept) == len(data)
    pages = list(_pages(kept))
    assert len(pages) == len(list(_pages(data))) > 4
    for start, _body, end, _lacing in pages:
        page = bytearray(kept[start:end])
        told, page[22:26] = int.from_bytes(page[22:26], "little"), bytes(4)
        assert _sum(page) == told


def test_the_check_sum_is_oggs() -> None:
    assert _sum(b"123456789") == 0x89A1897F  # CRC-32/MPEG-2's polynomial from zero, as RFC 3533 has it


def test_a_number_as_long_as_the_file_is_broken_at_once_and_not_summed_for_each_block() -> None:
    long = ebml(0xE7, b"\xff" * 200_000)
    blocks = b"\xa3\x80" * 100_000
    segment = ebml(0x18538067, ebml(0x1F43B675, long + blocks, unknown=True), unknown=True)
    with pytest.raises(soundparts.Broken):
        soundparts.clean_webm(ebml(0x1A45DFA3, ebml(0x4282, b"webm")) + segment)


def test_a_recording_that_was_broken_off_anywhere_is_kept_up_to_there() -> None:
    data = webm(7)
    first = data.index(b"\xfc\xff\xfe") + 3  # the end of the first block: from there on a second is recorded
    kept = [encode_sound(io.BytesIO(data[:cut])) for cut in range(first, len(data))]
    lengths = [one.seconds for one in kept]
    assert lengths == sorted(lengths, key=lambda seconds: seconds or 0)
    assert (lengths[0], lengths[-1]) == (1, 6)


def test_what_is_cut_within_its_tags_is_broken() -> None:
    data = webm(7)
    with pytest.raises(BadInput, match="已损坏"):
        encode_sound(io.BytesIO(data[: data.index(SECRET) + 4]))
