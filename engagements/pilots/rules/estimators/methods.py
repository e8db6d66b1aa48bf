"""Which function computes each registered method. Imported only when asked for: some bring large libraries."""

from collections.abc import Callable
from importlib import import_module

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Answer
from engagements.pilots.rules.registration import Estimator, Registration

Method = Callable[[Registration, PilotData, str], Answer]

# Module of this package, and its function: (registration, data, key of the treated arm) -> Answer.
FUNCTIONS: dict[Estimator, tuple[str, str]] = {
    Estimator.DIFFERENCE: ("people", "difference"),
    Estimator.BLOCKED: ("people", "blocked"),
    Estimator.ADJUSTED: ("people", "adjusted"),
    Estimator.PAIRED: ("pairs", "paired"),
    Estimator.CLUSTERED: ("clusters", "clustered"),
    Estimator.DIFFERENCES: ("differences", "differences"),
    Estimator.SERIES: ("series", "series"),
    Estimator.STAGGERED: ("staggered", "staggered"),
    Estimator.SYNTHETIC: ("synthetic", "synthetic"),
    Estimator.PHASED: ("phased", "phased"),
}


def method_of(estimator: Estimator) -> Method:
    module, name = FUNCTIONS[estimator]
    function: Method = getattr(import_module(f"{__package__}.{module}"), name)
    return function
