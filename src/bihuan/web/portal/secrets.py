"""Ids and secret links that follow from a form: the same form sent twice is one report with one link.

A page without JavaScript cannot make an id, so the server writes one into the form. The report's id follows
from it and from what was written: sent twice, it is one report; changed and sent again after going back, it
is another. The link's secret follows from the report's id under the server's key.
"""

from __future__ import annotations

import base64
from uuid import UUID

from bihuan.kernel.api import BadInput, keyed_hash, new_id, parse_id


def form_id(text: str) -> UUID:
    """Return the id a form was given; a fresh one where it was lost or made up."""
    try:
        return parse_id(text)
    except BadInput:
        return new_id()


def link_secret(subject: UUID) -> str:
    """Return the secret of a follow link (24 characters): only the server can make it, and always the same."""
    return base64.urlsafe_b64encode(keyed_hash("portal-follow", subject.bytes)[:18]).decode()
