"""Registered methods where each person or household is drawn by itself: difference, within blocks, adjusted (Lin)."""

import numpy as np
from scipy.special import chdtrc

from engagements.pilots.rules.data import PilotData, Rows
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators import blocks, means, missing
from engagements.pilots.rules.estimators.adjustment import adjust
from engagements.pilots.rules.estimators.caution import caution_for
from engagements.pilots.rules.estimators.contrast import FEWEST_PEOPLE, Contrast, contrast_of, put
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.estimators.proportions import newcombe, quantile_for, share_p
from engagements.pilots.rules.registration import Estimator, Registration
from engagements.pilots.rules.tallies import by_block

_UNEQUAL_BLOCKS = (
    "The draw was within blocks and the share with the program differs between them, but the registered method "
    "ignores blocks."
)


def difference(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Difference of means (Welch) or of shares (Newcombe's interval and the p that agrees with it)."""
    method = Estimator.DIFFERENCE

    def compute(known: PilotData) -> Answer:
        contrast = contrast_of(registration, known, treated, method)
        if isinstance(contrast, Refused):
            return contrast
        caps = (_UNEQUAL_BLOCKS,) if _ignores_blocks(registration, contrast) else ()
        return _of_shares(contrast, caps) if contrast.is_share else _of_means(contrast, caps)

    return missing.answer(registration, data, treated, method, compute)


def _of_means(contrast: Contrast, caps: tuple[str, ...]) -> Estimate:
    arms = (contrast.comparison, contrast.treated)
    found = means.welch(*(np.array([getattr(arm, name) for arm in arms]) for name in ("n", "total", "squares")))
    care = caution_for(*arms, contrast.level, is_share=False)
    return put(Estimator.DIFFERENCE, contrast, found, care.level, caps=(*caps, *care.caps), notes=care.notes)


def _of_shares(contrast: Contrast, caps: tuple[str, ...]) -> Estimate:
    """The error beside it is that of the difference of shares; interval and p are Newcombe's and don't use it."""
    ours, theirs, scale = contrast.treated, contrast.comparison, contrast.scale
    counts = (ours.total, ours.n, theirs.total, theirs.n)
    factor = float(quantile_for(contrast.level, ours.n, theirs.n))
    low, high = newcombe(*counts, factor)
    value = ours.mean - theirs.mean
    error = np.sqrt(sum(arm.mean * (1 - arm.mean) / arm.n for arm in (ours, theirs)))
    return Estimate(
        method=Estimator.DIFFERENCE,
        value=scale * value,
        standard_error=scale * float(error),
        low=scale * float(low),
        high=scale * float(high),
        level=contrast.level,
        df=None,
        p=float(share_p(*counts)),
        people=contrast.people,
        units=contrast.people,
        caps=caps,
        details={"treated": scale * ours.mean, "comparison": scale * theirs.mean, "quantile": factor},
    )


def _ignores_blocks(registration: Registration, contrast: Contrast) -> bool:
    """The draw was within blocks, and the arms' shares differ between them by more than chance would do (p < .10)."""
    if not registration.draw.block_by and len(registration.cities) < 2:
        return False
    n = by_block(contrast.data, _keys(contrast))[0]
    n = n[n.sum(axis=1) > 0]
    expected = n.sum(axis=1, keepdims=True) * n.sum(axis=0, keepdims=True) / n.sum()
    return bool(chdtrc(len(n) - 1, ((n - expected) ** 2 / expected).sum()) < 0.10) if len(n) > 1 else False


def _keys(contrast: Contrast) -> tuple[str, str]:
    return contrast.comparison.key, contrast.treated.key


def blocked(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Indicators of blocks (in several cities also of the city), HC2: exact from cells."""
    method = Estimator.BLOCKED

    def compute(known: PilotData) -> Answer:
        contrast = contrast_of(registration, known, treated, method)
        if isinstance(contrast, Refused):
            return contrast
        n, total, squares = by_block(contrast.data, _keys(contrast))
        both = (n > 0).all(axis=1)
        if not both.any():
            return Refused(
                method, "No block has people of both groups.", "At least one block with people of both groups."
            )
        found = blocks.within_blocks(n[both], total[both], squares[both])
        if not found.standard_error > 0 or found.df < 1:
            return Refused(
                method,
                "There are too few people in the blocks to tell the program from chance.",
                "Blocks of at least two people in each group.",
            )
        care = caution_for(contrast.comparison, contrast.treated, contrast.level, is_share=contrast.is_share)
        alone, limit = int(n[~both].sum()), max(FEWEST_PEOPLE, registration.limits.smallest_cell)
        notes = list(care.notes)
        if alone:
            notes.append(
                f"Measured in blocks with one group alone, which tell nothing: {not_few(alone, 'person', limit)}."
            )
        people = round(float(n[both].sum()))
        return put(
            method,
            contrast,
            found,
            care.level,
            caps=care.caps,
            notes=notes,
            details={
                "blocks": float(both.sum()),
                "people_in_one_group_blocks": None if 0 < alone < limit else float(alone),
            },
            units=people,
        )

    return missing.answer(registration, data, treated, method, compute)


def adjusted(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Lin's adjustment for the registered covariates and blocks: HC2, or HC3 with few people for each covariate."""
    method = Estimator.ADJUSTED
    if not isinstance(data, Rows):
        return Refused(
            method,
            "Covariates cannot be used with counts and sums alone.",
            "One row for each person, with the registered covariates.",
        )

    def compute(known: PilotData) -> Answer:
        contrast = contrast_of(registration, known, treated, method)
        if isinstance(contrast, Refused):
            return contrast
        return adjust(registration, contrast, method)

    return missing.answer(registration, data, treated, method, compute)
