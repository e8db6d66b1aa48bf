"""Rows that left the portal beside rows from the publishers' files."""

import numpy as np
import pandas as pd

ATOL = 1e-6  # of ranks and shares: what a float32 holds
WIDER = {  # in each column's own unit
    "usd_2015": 0.01,
    "usd": 0.01,
    "adjustment_in_errors": 1e-4,
    "children": 1.0,
    "national_percentile": 0.0051,  # given to two digits
    # The overlay of the folder has four digits.
    "share_in_city": 6e-5,
    "area_rule_coverage": 6e-5,
    "outside_share": 6e-5,
}


def assert_rows(found: pd.DataFrame, wanted: pd.DataFrame, unchecked: set[str] = frozenset()) -> None:
    """Same rows in the same order; every column of `found` is in `wanted` or named in `unchecked`."""
    assert set(found) - set(wanted) <= unchecked, set(found) - set(wanted)
    assert len(found) == len(wanted) > 0
    for column in wanted:
        if pd.api.types.is_numeric_dtype(wanted[column]):
            np.testing.assert_allclose(
                found[column].to_numpy(dtype=float, na_value=np.nan),
                wanted[column].to_numpy(dtype=float),
                rtol=0,
                atol=WIDER.get(column, ATOL),
                equal_nan=True,
                err_msg=column,
            )
        else:
            assert found[column].tolist() == wanted[column].tolist(), column


def assert_facts(found: dict, wanted: dict[str, float]) -> set[str]:
    """Numbers of one JSON object by name, null where there is none; the names that were compared."""
    known = found.keys() & wanted.keys()
    for name in known:
        assert_rows(pd.DataFrame([{name: found[name]}], dtype=float), pd.DataFrame([{name: wanted[name]}], dtype=float))
    return known
