"""The site's settings with what tests need: a folder of their own, quick hashing, loud templates."""

from __future__ import annotations

import os

from tests.folders import own_folder

if "BIHUAN_DATA" not in os.environ:
    os.environ["BIHUAN_DATA"] = own_folder()

from bihuan.settings import *  # noqa: E402, F403
from bihuan.settings import DATABASES, STORAGES, TEMPLATES


class UndefinedVariable(str):
    """Fails the page that shows a variable nobody defined, instead of leaving a hole in it."""

    def __contains__(self, key: object) -> bool:
        """Claim to hold ``%s`` so that Django formats with the variable's name."""
        return key == "%s"

    def __mod__(self, name: object) -> str:
        """Raise with the name."""
        raise AssertionError(f"undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A file, not shared memory: concurrent writers then wait for each other as they do in real use.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # type: ignore[attr-defined]
    DATABASES["default"]["TEST"] = {"NAME": f"{own_folder()}/test.sqlite3"}
