"""Where scripts and styles come from: gathered, hashed and compressed files, or the built folder itself."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class AssetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names once ``collectstatic`` has run (``bihuan serve`` runs it), plain names before.

    A checkout on which only ``manage.py runserver`` was called has no manifest: pages still find their files,
    WhiteNoise serving them from where the build put them (``WHITENOISE_USE_FINDERS``).
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name of a gathered file, or ``name`` itself when it was not gathered."""
        return str(super().stored_name(name)) if self.hashed_files else name
