"""Libraries that take more than a second to import, brought in beside the first requests and not within them."""

import importlib
from threading import Thread

HEAVY = ("statsmodels.regression.linear_model", "statsmodels.stats.multitest", "libpysal.weights", "esda.moran")


def import_early() -> Thread:
    """Starts at once and returns; who needs one of them meanwhile waits for that one only."""
    thread = Thread(target=_import_all, name="early-imports", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in HEAVY:
        importlib.import_module(name)
