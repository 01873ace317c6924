"""The WSGI entry point that Granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
application = get_wsgi_application()

# All pages are loaded before the first request; what is loaded stays, so the collector need not walk it again and
# again. A batch of 500 reports makes some ten thousand short-lived objects: a collection for every 700 of them
# cost a tenth of its time.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
