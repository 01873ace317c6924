"""Photographs as browsers send them."""

from __future__ import annotations

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(name: str = "a.jpg", colour: str = "teal") -> SimpleUploadedFile:
    """A small photograph."""
    return as_upload(Image.new("RGB", (320, 240), colour), name)


def rich_photo(name: str, seed: int) -> SimpleUploadedFile:
    """A photograph as full of detail as a street is: blurred noise at three scales."""
    made = random.Random(seed)  # noqa: S311
    picture = Image.new("RGB", (1600, 1200))
    for scale, share in ((8, 1.0), (40, 0.5), (200, 0.25)):
        noise = Image.frombytes("RGB", (scale * 4, scale * 3), made.randbytes(scale * scale * 36))
        picture = Image.blend(picture, noise.resize(picture.size, Image.Resampling.BICUBIC), share)
    return as_upload(picture, name)


def as_upload(picture: Image.Image, name: str) -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
