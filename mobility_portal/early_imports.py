"""Libraries that take more than a second to import, brought in beside the first requests and not within them."""

import importlib
from threading import Timer

HEAVY = ("statsmodels.regression.linear_model", "statsmodels.stats.multitest", "libpysal.weights", "esda.moran")
AFTER = 4.0  # seconds: several workers that import at once would keep the portal from getting ready


def import_early(after: float = AFTER) -> Timer:
    """Returns at once; who needs one of them meanwhile waits for that one only."""
    timer = Timer(after, _import_all)
    timer.name, timer.daemon = "early-imports", True
    timer.start()
    return timer


def _import_all() -> None:
    for name in HEAVY:
        importlib.import_module(name)
