"""Stops a flood of bytes while it comes in: what is too big is dropped, what was typed is kept.

Django refuses a whole request when the *text* of a form is too long, but takes files of any size. Raising an
error in the middle would lose the form; so a file that goes past its limit is left out, and the page says which.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_META = "bihuan.dropped_uploads"


class CappedUpload(FileUploadHandler):
    """The first handler of every upload; keeps nothing itself."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._all = 0
        self._one = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count a file."""
        super().new_file(*args, **kwargs)
        self._one = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the bytes on, or leave the file out.

        Raises:
            SkipFile: past the limit of a file or of the whole request.
        """
        self._one += len(raw_data)
        self._all += len(raw_data)
        if self._one > settings.UPLOAD_MAX_BYTES or self._all > settings.UPLOAD_MAX_TOTAL_BYTES:
            if self.request is not None:
                self.request.META.setdefault(_META, []).append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""


def dropped(request: HttpRequest) -> list[str]:
    """Return the names of the files that were left out of this request."""
    return list(request.META.get(_META, ()))
