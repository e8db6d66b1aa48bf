"""The children a tract's outcome stands for: published counts, or the modelled weight where a file has none."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import RACES, count_slugs, describe
from atlas.queries.live import Catalogue, LiveMeasure, catalogue
from atlas.records import Source
from atlas.statistics.weights import NoFit, ShareModel, fit_share_model
from atlas.vectors import Vector

CHILDREN = "kid_pooled_pooled_n"
INCOME = "hhinc_mean2000"
COUNT = "pooled_pooled_count"


@dataclass(frozen=True)
class Weights:
    """Children per tract of the nation; `rule` in words. `reason` when there are none."""

    vector: Vector | None
    rule: str
    sources: tuple[Source, ...]
    reason: str = ""
    model: ShareModel | None = None
    race: str = "pooled"  # whose children these are

    def at(self, geoids: np.ndarray) -> np.ndarray:
        return self.vector.at(geoids)[0].astype(float)


def weights_for(measure: LiveMeasure | None, slug: str) -> Weights:
    """Weights of a tract outcome: the count column of its own release, else modelled."""
    live = catalogue()
    race = describe(slug).race or "pooled"
    if measure is not None and (count := live.beside(measure, count_slugs(slug))):
        rule = f"children below the national median by the publisher's count ({count.slug})"
        return Weights(vectors.national(count.release_id, count.slug), rule, (count.source,), race=race)
    if race != "pooled" and (own := modelled(live, race)).vector is not None:
        return own
    found = modelled(live)
    if race == "pooled" or found.vector is None:
        return found
    return replace(
        found, rule=f"{found.rule}; children of all races, since those of {RACES[race]} children are not live"
    )


def modelled(live: Catalogue, race: str = "pooled") -> Weights:
    """Modelled weight of a race's children (see atlas.statistics.weights); a reason when an ingredient is not live.

    Boys and girls share one weight: the files have no under-18 counts by gender, and they live in the same tracts.
    """
    children_slug, count_slug = CHILDREN.replace("pooled", race, 1), COUNT.replace("pooled", race, 1)
    needed = {
        "children under 18 in 2000 (tract_collapse)": live.find("tract", children_slug),
        "mean household income 2000 (tract_covariates)": live.find("tract", INCOME),
        "counts by county (county_outcomes_simple)": live.find("county", count_slug),
    }
    if missing := [name for name, found in needed.items() if found is None]:
        return Weights(None, "", (), f"the modelled weight waits for: {'; '.join(missing)}")
    children, income, count = needed.values()
    try:
        vector, model = _modelled(children.release_id, income.release_id, count.release_id, race)
    except NoFit as error:
        return Weights(None, "", (), f"the modelled weight could not be fitted: {error}")
    whose = "children" if race == "pooled" else f"{RACES[race]} children"
    rule = (
        f"modelled weight: Census 2000 {whose} under 18 x share below the national median, that share modelled on "
        f"mean household income 2000 by a logit fitted to the counts of {model.counties:,} counties"
    )
    return Weights(vector, rule, (children.source, income.source, count.source), model=model, race=race)


@lru_cache(maxsize=16)
def _modelled(children_id: int, income_id: int, count_id: int, race: str) -> tuple[Vector, ShareModel]:
    children = vectors.national(children_id, CHILDREN.replace("pooled", race, 1))
    income, _ = vectors.national(income_id, INCOME).at(children.geoids)
    counts = vectors.national(count_id, COUNT.replace("pooled", race, 1))
    model = fit_share_model(
        children.value.astype(float),
        income.astype(float),
        children.geoids // 10**6,
        counts.geoids,
        counts.value.astype(float),
    )
    weight = children.value.astype(float) * model.share(income.astype(float))
    return Vector(children.geoids, weight.astype(np.float32), None), model
