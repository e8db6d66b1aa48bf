"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from mobility_portal.early_imports import import_early
from mobility_portal.embedded import bootstrap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
bootstrap()

application = get_wsgi_application()
import_early()
