"""Lin's adjustment of a contrast in rows: covariates made ready, HC2 or HC3, and what a reader is told of them."""

import numpy as np

from engagements.pilots.rules.data import Rows
from engagements.pilots.rules.estimates import Answer, Refused
from engagements.pilots.rules.estimators import covariates, lin
from engagements.pilots.rules.estimators.caution import caution_for
from engagements.pilots.rules.estimators.contrast import Contrast, put
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.tallies import part_of

PEOPLE_FOR_EACH_COVARIATE = 20  # fewer in an arm: HC3, which is a little too wide where HC2 is too narrow
ROOM = 6  # people in an arm beyond its covariates


def adjust(registration: Registration, contrast: Contrast, method: str) -> Answer:
    """Rows only. Everybody measured; each registered covariate, and each block but one, by arm."""
    rows = contrast.data
    assert isinstance(rows, Rows)
    rows = part_of(rows, np.isfinite(rows.outcome))
    is_treated = rows.arm == contrast.treated.key
    try:
        found = covariates.covariates_of(rows, registration.covariates, is_treated)
    except covariates.NoCovariate as error:
        return Refused(method, f"The registered covariate “{error}” is not in the data.", "A column for it.")
    count = len(found.names)
    fewest = min(contrast.comparison.n, contrast.treated.n)
    if fewest < count + ROOM:
        return Refused(
            method,
            f"The smaller group has {fewest:,.0f} people, for {count} covariates and blocks.",
            f"At least {count + ROOM} people in each group, or fewer registered covariates.",
        )
    hc3 = count > 0 and fewest < PEOPLE_FOR_EACH_COVARIATE * count
    estimate = lin.adjusted(
        rows.outcome[is_treated],
        found.centered[is_treated],
        rows.outcome[~is_treated],
        found.centered[~is_treated],
        hc3=hc3,
    )
    if not estimate.standard_error > 0:
        return Refused(method, "The covariates explain every outcome exactly.", "Covariates known before the draw.")
    care = caution_for(contrast.comparison, contrast.treated, contrast.level, is_share=contrast.is_share)
    return put(
        method,
        contrast,
        estimate,
        care.level,
        caps=care.caps,
        notes=(*care.notes, *_said(found)),
        details={"covariates": float(count), "errors": "HC3" if hc3 else "HC2"},
    )


def _said(found: covariates.Covariates) -> list[str]:
    notes = [
        f"{not_few(many, 'missing value')} of “{name}”: filled with the mean and flagged."
        for name, many in found.filled.items()
        if many
    ]
    if found.dropped:
        notes.append(f"Left out, because they say nothing beside the others: {', '.join(found.dropped)}.")
    return notes
