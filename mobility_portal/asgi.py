"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from mobility_portal.embedded import bootstrap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
bootstrap()

application = get_asgi_application()
