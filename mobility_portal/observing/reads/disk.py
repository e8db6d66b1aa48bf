"""How much room is left where the portal writes."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import gigabytes

ACT_BELOW, WATCH_BELOW = 1_000_000_000, 5_000_000_000  # bytes: an import of the largest file needs about one GB


def read(now: datetime) -> tuple[Figure, ...]:
    """Free bytes where the data and where the documents lie, often the same disk."""
    places = {
        "home": (settings.MOBILITY_HOME, _("Portal folder")),
        "documents": (settings.DOCUMENTS_DIR, _("Documents")),
    }
    return tuple(_free(folder, label, place) for place, (folder, label) in places.items())


def _free(folder: Path, label: str, place: str) -> Figure:
    usage = shutil.disk_usage(_existing(folder))
    state = State.ACT if usage.free < ACT_BELOW else State.WATCH if usage.free < WATCH_BELOW else State.FINE
    return Figure(
        name="disk_free_bytes",
        labels={"place": place},
        label=label,
        value=usage.free,
        shown=_("%(free)s of %(total)s free") % {"free": gigabytes(usage.free), "total": gigabytes(usage.total)},
        state=state,
        advice=_("Free some space or move the folder to a larger disk. Below 300 MB the portal does not start."),
    )


def _existing(folder: Path) -> Path:
    """A folder that nothing was written to yet has no disk of its own to ask."""
    while not folder.exists():
        folder = folder.parent
    return folder
