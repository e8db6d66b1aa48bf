"""The five tracts of the methods text ("oracle A"), and generated cities."""

import numpy as np
from hypothesis import strategies as st

Y = np.array([0.30, 0.35, 0.40, 0.45, 0.38])
S = np.array([0.02, 0.015, 0.025, 0.03, 0.01])
W = np.array([400.0, 900, 250, 150, 1300])


def draw_city(rng: np.random.Generator, tracts: int, reliability: float):
    """(true values, estimates, standard errors): truth leans on log SE, spread around that as asked."""
    errors = 0.05 * np.exp(rng.normal(0, 0.4, tracts))
    spread = np.sqrt(reliability / (1 - reliability) * np.mean(errors**2))
    truth = 0.4 + 0.02 * np.log(errors / 0.05) + rng.normal(0, spread, tracts)
    return truth, truth + rng.normal(0, errors), errors


_value = st.floats(-0.2, 1.2, allow_subnormal=False)
_weight = st.floats(0.5, 5000)
_error = st.floats(0.001, 0.3)
missing = st.just(float("nan"))
# (value, weight, standard error) per tract, any of them missing
cities = st.lists(
    st.tuples(st.one_of(_value, missing), st.one_of(_weight, missing), st.one_of(_error, missing)),
    min_size=1,
    max_size=25,
)
full_cities = st.lists(st.tuples(_value, _weight, _error), min_size=2, max_size=25)


def columns(rows) -> list[np.ndarray]:
    return [np.array(column, float) for column in zip(*rows, strict=True)]
