"""The children a tract's outcome stands for: published counts, or the modeled weight where a file has none."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.measures import RACES, count_slugs, describe
from atlas.queries.live import Catalog, LiveMeasure, live_catalog
from atlas.records.analysis import MODELED, PUBLISHED
from atlas.records.places import Source
from atlas.statistics.weights import FitError, ShareModel, fit_share_model
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
    stand_in: Vector | None = None  # of blank counts, in coverage only
    stand_in_share: float = 1.0  # of these children: half where boys or girls are counted and the stand-in has both

    def at(self, geoids: np.ndarray) -> np.ndarray:
        """Children of these tracts, NaN where unknown; only where there is a vector."""
        assert self.vector is not None, self.reason
        children: np.ndarray = self.vector.at(geoids)[0].astype(float)
        return children

    def everybody(self, geoids: np.ndarray) -> np.ndarray | None:
        """Children of every tract for coverage, NaN where a count is blank and nothing stands in; None if modeled.

        A tract that the Census 2000 list of children does not name had none.
        """
        if self.vector is None or self.model is not None:
            return None
        counts = self.at(geoids)
        if self.stand_in is None:
            return counts
        found, position = vectors.locate(self.stand_in.geoids, geoids)
        other = np.where(found, self.stand_in.value[position].astype(float), 0.0) * self.stand_in_share
        return np.where(np.isfinite(counts), counts, other)

    def place_scale(self, geoids: np.ndarray) -> float:
        """What modeled children of these tracts are multiplied by where their number is printed.

        Every race has a fit of its own, so parts could outgrow the whole. Each county's tracts are scaled by the
        publisher's count of the county over the model's, and the place by one factor: no mean changes.
        """
        if self.model is None or self.vector is None:
            return 1.0
        children = self.at(geoids)
        total = float(np.nansum(children))
        count = live_catalog().find("county", COUNT.replace("pooled", self.race, 1))
        if count is None or not total:
            return 1.0
        counties, codes = np.unique(geoids // 10**6, return_inverse=True)
        published = vectors.national(count.release_id, count.slug).at(counties)[0].astype(float)
        tracts = [vectors.rows_of_counties(self.vector.geoids, [county]) for county in counties]
        whole = np.array([np.nansum(self.vector.value[rows]) for rows in tracts], np.float64)
        ratio = np.divide(published, whole, out=np.ones(len(counties)), where=np.isfinite(published) & (whole > 0))
        return float(np.nansum(children * ratio[codes])) / total


def weights_for(measure: LiveMeasure | None, slug: str) -> Weights:
    """Weights of a tract outcome: the count column of its own release, else modeled."""
    live = live_catalog()
    race = describe(slug).race or "pooled"
    if measure is not None and (count := live.find_in_release_of(measure, count_slugs(slug))):
        rule = f"children below the national median by {PUBLISHED} ({count.slug})"
        share = 1.0 if describe(slug).gender in ("", "pooled") else 0.5
        counted = vectors.national(count.release_id, count.slug)
        return Weights(
            counted, rule, (count.source,), race=race, stand_in=_substitute_counts(live, race), stand_in_share=share
        )
    if race != "pooled" and (own := modelled(live, race)).vector is not None:
        return own
    found = modelled(live)
    if race == "pooled" or found.vector is None:
        return found
    return replace(
        found, rule=f"{found.rule}; children of all races, since those of {RACES[race]} children are not live"
    )


def modelled(live: Catalog, race: str = "pooled") -> Weights:
    """Modeled weight of a race's children (see atlas.statistics.weights); a reason when an ingredient is not live.

    Boys and girls share one weight: the files have no under-18 counts by gender, and they live in the same tracts.
    """
    children_slug, count_slug = CHILDREN.replace("pooled", race, 1), COUNT.replace("pooled", race, 1)
    needed = {
        "children under 18 in 2000 (tract_collapse)": live.find("tract", children_slug),
        "average household income 2000 (tract_covariates)": live.find("tract", INCOME),
        "counts by county (county_outcomes_simple)": live.find("county", count_slug),
    }
    held = [found for found in needed.values() if found is not None]
    if len(held) < len(needed):
        missing = [name for name, found in needed.items() if found is None]
        return Weights(None, "", (), f"the modeled weight needs: {'; '.join(missing)}")
    children, income, count = held
    try:
        vector, model = _modelled(children.release_id, income.release_id, count.release_id, race)
    except FitError as error:
        return Weights(None, "", (), f"the modeled weight could not be fitted: {error}")
    whose = "children" if race == "pooled" else f"{RACES[race]} children"
    rule = (
        f"{MODELED}: Census 2000 {whose} under 18 x share below the national median, that share modeled on "
        f"average household income 2000 by a logit fitted to the counts of {model.counties:,} counties"
    )
    return Weights(vector, rule, (children.source, income.source, count.source), model=model, race=race)


def _substitute_counts(live: Catalog, race: str) -> Vector | None:
    """The modeled weight where it can be had; every child under 18 where a tract's income is not known."""
    own = modelled(live, race)
    if own.vector is None:
        return None
    found = live.get("tract", CHILDREN.replace("pooled", race, 1))
    children = vectors.national(found.release_id, found.slug).at(own.vector.geoids)[0]
    return Vector(own.vector.geoids, np.where(np.isfinite(own.vector.value), own.vector.value, children), None)


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
