"""An outcome over a place's own tracts with the children they stand for: what every analysis starts from."""

import numpy as np

from atlas.queries.headlines import MeanInputs, mean_inputs, sources_of_inputs
from atlas.queries.measures import DERIVATION
from atlas.queries.members import members
from atlas.queries.surroundings import surroundings
from atlas.queries.tracts import MeasureNotLive, tract_names
from atlas.records.analysis import OutcomeTracts, TractGroup
from atlas.records.places import Place, any_sample

SAMPLE_TRACTS_MISMATCH = "The sample's tracts are not those of the published outline, so nothing is said of them."


def outcome_tracts(place: Place, slug: str) -> OutcomeTracts:
    """Tracts that belong to the place, sorted by GEOID, and those of its county, commuting zone and nation.

    Raises MeasureNotLive while the measure is not live and NoMean for what is no outcome in ranks or shares.
    """
    ground = mean_inputs(slug)
    if ground is None:
        raise MeasureNotLive(slug)
    mine, reason = members(place).own, ""
    generated = any_sample(ground.ranks.sources)
    if not mine.size:
        reason = f"Which tracts {place.name} is made of is not known yet: their boundaries have not been imported."
    elif generated and not place.geometry_is_sample:
        mine, reason = mine[:0], SAMPLE_TRACTS_MISMATCH
    elif ground.weights.vector is None:
        reason = f"Children cannot be counted tract by tract yet: {ground.weights.reason}."
    values, errors = ground.ranks.vector.at(mine)
    weights = np.full(mine.size, np.nan)
    if ground.weights.vector is not None:
        weights = ground.weights.at(mine) * ground.weights.place_scale(mine)
    geoids = tuple(f"{code:011d}" for code in mine.tolist())
    if not reason and not np.any(np.isfinite(values) & (weights > 0)):
        reason = f"No value of this outcome is published for the tracts of {place.name}."
    return OutcomeTracts(
        place=place,
        measure=ground.ranks.measure,
        geoids=geoids,
        names=tract_names(geoids, generated=place.geometry_is_sample or generated),
        values=values.astype(float),
        standard_errors=None if errors is None else errors.astype(float),
        weights=weights,
        weight_rule=ground.weights.rule,
        derivation=DERIVATION if ground.ranks.measure.derived_from else "",
        around=() if reason else _surrounding_tracts(mine, weights, ground),
        sources=sources_of_inputs(ground),
        reason=reason,
    )


def _surrounding_tracts(mine: np.ndarray, weights: np.ndarray, ground: MeanInputs) -> tuple[TractGroup, ...]:
    vector = ground.ranks.vector
    errors = vector.standard_error
    return tuple(
        TractGroup(
            found.kind,
            found.name,
            vector.value[found.inside].astype(float),
            None if errors is None else errors[found.inside].astype(float),
            ground.weight[found.inside],
        )
        for found in surroundings(mine, weights, vector.geoids)
    )
