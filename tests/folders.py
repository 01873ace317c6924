"""Folders for the time a test process runs."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile


def own_folder() -> str:
    """Return a new folder, gone when the process that asked for it ends; processes it forks leave it alone."""
    folder, owner = tempfile.mkdtemp(prefix="bihuan-test-"), os.getpid()

    def tidy() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(tidy)
    return folder
