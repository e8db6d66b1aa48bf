"""The WSGI entry point."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from mobility_portal.embedded import bootstrap
from mobility_portal.observing.metrics_folder import make_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
bootstrap()
make_folder()  # before anything counts

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every page and its libraries now, not within the first request
