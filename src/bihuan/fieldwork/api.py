"""What other packages may use of this package."""

from __future__ import annotations

__all__: list[str] = []
