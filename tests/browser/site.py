"""The site that the browser journeys use: the sample district, served as people would serve it.

Run as ``python -m tests.browser.site PORT``; prints one JSON line with the ways in, then serves.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Make the sample in the database that the environment names, tell the ways in, serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    port = int(sys.argv[1])
    os.environ["BIHUAN_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    import django

    django.setup()
    from django.core.management import call_command

    from bihuan.cli.serve import serve_site
    from bihuan.demo import database
    from bihuan.demo.load import load

    database.make_room()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["*.map"])
    database.mark()
    loaded = load()
    ways = {
        "accounts": {account.username: account.password for account in loaded.accounts},
        "door": loaded.door_path,
        "follow": loaded.follow_path,
    }
    sys.stdout.write(json.dumps(ways) + "\n")
    sys.stdout.flush()
    serve_site(host="127.0.0.1", port=port, worker=True)


if __name__ == "__main__":
    main()
