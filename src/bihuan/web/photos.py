"""Serves stored photos to whom may see them."""
from __future__ import annotations
from uuid import UUID
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

@login_not_required
def photo(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Serve one photo."""
    raise Http404
