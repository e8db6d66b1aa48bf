"""Who took part, and the effect on those who took part because they were offered it (TOT). The verdict never uses it.

The effect of the offer over the share it brought in (J. Angrist, G. Imbens, D. Rubin 1996, JASA 91, 444-455), which
without covariates is two-stage least squares. It holds if the offer works through taking part alone.
"""

from dataclasses import dataclass, replace

import numpy as np

from engagements.pilots.rules.data import PilotData, Rows
from engagements.pilots.rules.estimates import Answer, Refused
from engagements.pilots.rules.estimators.blocked_ratio import ratio_within_blocks
from engagements.pilots.rules.estimators.contrast import Contrast, contrast_of, put
from engagements.pilots.rules.estimators.instrument import two_stages
from engagements.pilots.rules.estimators.means import Difference
from engagements.pilots.rules.estimators.ratio import ratio_of_differences
from engagements.pilots.rules.registration import DesignKind, Estimator, Registration
from engagements.pilots.rules.tallies import as_cells, by_arm, part_of

METHOD = "on_takers"
NO_SPREAD = 1e-7  # an error this small beside the effect is rounding of the sums
LEAST_F = 10.0  # D. Staiger and J. Stock (1997), Econometrica 65, 557-586
_WIDEST = "The counts do not tell outcomes of people who took part from others: the interval is the widest that fits."


@dataclass(frozen=True)
class TakeUp:
    """Percent of those measured who took part; None where the data do not say."""

    treated: float | None
    comparison: float | None


def take_up(registration: Registration, data: PilotData, treated: str) -> TakeUp:
    comparison, offered = by_arm(data, [registration.arms[0].key, treated])
    shares = [
        None if arm.n == 0 or np.isnan(arm.took_part) else 100 * arm.took_part / arm.n for arm in (offered, comparison)
    ]
    return TakeUp(*shares)


def on_takers(registration: Registration, data: PilotData, treated: str) -> Answer:
    """TOT for people drawn one by one, by the registered covariates and blocks; refused under an F of 10, and where
    the outcome is nothing but taking part.

    From cells the value is exact but for covariates, which need rows. Its error is exact where each cell holds only
    people who took part or only people who did not; else it is the largest that fits the sums, and a note says so.
    """
    if registration.design != DesignKind.PEOPLE:
        return Refused(
            METHOD,
            "The effect on those who took part is worked out only where people are drawn one by one.",
            "Read the effect of the offer beside the share who took part.",
        )
    contrast = contrast_of(registration, data, treated, METHOD)
    if isinstance(contrast, Refused):
        return contrast
    if np.isnan(contrast.treated.took_part) or np.isnan(contrast.comparison.took_part):
        return Refused(METHOD, "The data do not say who took part.", "Who took part, for everyone measured.")
    if registration.estimator != Estimator.ADJUSTED:
        return _from_sums(contrast, within=registration.estimator == Estimator.BLOCKED)
    if not isinstance(data, Rows):
        return Refused(
            METHOD,
            "With covariates the effect on those who took part cannot be had from counts and sums.",
            "One row for each person.",
        )
    return _with_rows(registration, contrast)


def _from_sums(contrast: Contrast, *, within: bool) -> Answer:
    data = contrast.data
    if isinstance(data, Rows):  # one more key, so that every cell holds people of one kind
        known = part_of(data, np.isfinite(data.outcome))
        kind = np.where(known.took_part > 0, "1", "0").astype(object)
        cells = as_cells(replace(known, period=kind))
    else:
        cells = part_of(data, data.n > 0)
    ratio = ratio_within_blocks if within else ratio_of_differences
    found = ratio(cells, contrast.comparison.key, contrast.treated.key)
    return _put(contrast, found.difference, found.f, () if found.exact else (_WIDEST,))


def _with_rows(registration: Registration, contrast: Contrast) -> Answer:
    rows = contrast.data
    assert isinstance(rows, Rows)
    rows = part_of(rows, np.isfinite(rows.outcome))
    names = registration.covariates
    missing = [name for name in names if name not in rows.covariates]
    if missing:
        return Refused(METHOD, f"The registered covariate “{missing[0]}” is not in the data.", "A column for it.")
    offered = rows.arm == contrast.treated.key
    found = two_stages(rows, names, offered)
    return _put(contrast, found.difference, found.f)


def _put(contrast: Contrast, found: Difference, f: float, notes: tuple[str, ...] = ()) -> Answer:
    """Refused under an F of 10, and where nothing varies beside taking part: no interval and no p can be had then."""
    if f < LEAST_F:
        return _too_few(f)
    if not float(found.standard_error) > NO_SPREAD * abs(float(found.value)):
        return Refused(
            METHOD,
            "Taking part tells every outcome exactly.",
            "Outcomes that differ between people who took part alike. Check that the right column was read.",
        )
    return put(METHOD, contrast, found, contrast.level, notes=notes, details={"first_stage_f": f})


def _too_few(f: float) -> Refused:
    return Refused(
        METHOD,
        f"The offer brought too few people to take part (F of {f:.1f}).",
        f"An offer that moves more people to take part, or more people (F of at least {LEAST_F:.0f}).",
    )
