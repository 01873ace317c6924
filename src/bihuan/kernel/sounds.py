"""Voice notes: known by their content, kept as they were recorded but for what their device wrote beside the sound.

Titles, dates, places and names of devices go; the sound is not encoded anew. A file that shows pictures, lasts too
long or is no sound at all is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from . import soundparts, soundstreams
from .errors import BadInput, Problem
from .filestore import sound_path
from .models import StoredFile
from .soundparts import Cleaned, HasPictures

MAX_BYTES = 2 * 1024 * 1024
MAX_SECONDS = 180
_GRACE = 5  # recorders stop a little late
TAG = "note"


@dataclass(frozen=True, slots=True)
class EncodedSound:
    """A voice note as it is kept; ``seconds`` rounded up, None where its container does not say."""

    data: bytes
    mime: str
    seconds: int | None

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the kept bytes: the file's name."""
        return hashlib.sha256(self.data).hexdigest()


def sound_limits() -> str:
    """Return what may be sent, told before anything is recorded."""
    return _("语音最长 %(minutes)s 分钟，不超过 %(size)s MB；格式：WebM / Ogg / M4A / MP3 / AMR / WAV。") % {
        "minutes": MAX_SECONDS // 60,
        "size": MAX_BYTES // (1024 * 1024),
    }


def encode_sound(upload: IO[bytes], *, name: str = "", field: str = "sounds") -> EncodedSound:
    """Read, check and clean one voice note.

    Args:
        upload: a file object; its name and its claimed type are not believed.
        name: as the person knows the file, for the error.
        field: the input that an error stands beside.

    Raises:
        BadInput: empty, too big, too long, not a sound of a known kind, or broken.
    """
    data = upload.read(MAX_BYTES + 1)
    if not data:
        raise _bad(field, name, _("文件是空的。"), _("请重新录音。"))
    if len(data) > MAX_BYTES:
        raise _bad(field, name, _("语音太大。"), sound_limits())
    kind = _kind_of(data)
    if kind is None:
        raise _bad(field, name, _("这不是语音文件。"), sound_limits())
    mime, clean = kind
    try:
        kept, seconds = clean(data)
    except HasPictures as error:
        raise _bad(field, name, _("这是视频，不是语音。"), sound_limits()) from error
    except Exception as error:  # whatever a parser meets in bytes from anywhere
        raise _bad(field, name, _("语音已损坏，无法播放。"), _("请重新录音。")) from error
    if seconds is not None and seconds > MAX_SECONDS + _GRACE:
        raise _bad(field, name, _("语音太长。"), sound_limits())
    return EncodedSound(kept, mime, None if seconds is None else max(1, round(seconds)))


def _kind_of(data: bytes) -> tuple[str, Callable[[bytes], Cleaned]] | None:
    """Return the type and the cleaner of what the first bytes say it is."""
    head = data[:16]
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm", soundparts.clean_webm
    if head.startswith(b"OggS"):
        return "audio/ogg", soundstreams.clean_ogg
    if head[4:8] == b"ftyp":
        return "audio/mp4", soundparts.clean_mp4
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr-wb" if head.startswith(b"#!AMR-WB") else "audio/amr", soundparts.clean_amr
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav", soundparts.clean_wav
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1] & 0xE0 == 0xE0):
        return "audio/mpeg", soundstreams.clean_mp3
    return None


def _bad(field: str, name: str, why: str, how: str) -> BadInput:
    return BadInput(Problem(field, _("%(name)s：%(why)s") % {"name": name, "why": why} if name else why, how))


def open_sound(stored: StoredFile) -> IO[bytes]:
    """Open a kept voice note for reading. The caller has checked who may hear it."""
    return default_storage.open(sound_path(stored.sha256), "rb")
