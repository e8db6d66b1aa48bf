"""Which code runs."""

import platform
from datetime import datetime

import django
from django.conf import settings
from django.utils.translation import gettext as _

from mobility_portal.observing.figures import Figure


def read(now: datetime) -> tuple[Figure, ...]:
    python = platform.python_version()
    return (
        Figure(
            "build_info", _("Build"), settings.CODE_VERSION, 1.0, {"build": settings.CODE_VERSION, "python": python}
        ),
        Figure("python", _("Python and Django"), f"{python}, {django.get_version()}"),
    )
