"""The use cases of bulletins, one function each."""

from __future__ import annotations

from bihuan.reporting.bulletins.actions.checking import Difference, check, differences, refill
from bihuan.reporting.bulletins.actions.drafting import draft, edit, preview, reader_of
from bihuan.reporting.bulletins.actions.notices import Objected, answer, conclude, object_to, read_contact
from bihuan.reporting.bulletins.actions.role_models import COVERS, HOW, consent, forget, no_picture, pictures_agreed
from bihuan.reporting.bulletins.actions.signing import publish, send_back, sign, withdraw

__all__ = [
    "COVERS",
    "HOW",
    "Difference",
    "Objected",
    "answer",
    "check",
    "conclude",
    "consent",
    "differences",
    "draft",
    "edit",
    "forget",
    "no_picture",
    "object_to",
    "pictures_agreed",
    "preview",
    "publish",
    "read_contact",
    "reader_of",
    "refill",
    "send_back",
    "sign",
    "withdraw",
]
