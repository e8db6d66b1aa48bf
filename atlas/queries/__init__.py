"""Reading what is live. Everything handed out is a frozen record of `atlas.records`, fully loaded."""

from atlas.queries.areas import area, area_about, area_upload, areas_of, covering, sort_codes
from atlas.queries.changes import changes_by_city, city_change_map, measure_changes
from atlas.queries.changing import UnknownSeries, changing_series
from atlas.queries.characteristics import characteristics
from atlas.queries.child_groups import child_groups
from atlas.queries.cities import cities, city, geometry
from atlas.queries.coverage import quality
from atlas.queries.datasets import live_datasets
from atlas.queries.fetches import FetchRecord, fetch, fetch_version
from atlas.queries.groups import groups
from atlas.queries.headlines import headline, headlines
from atlas.queries.jobs import job, job_counts, jobs
from atlas.queries.live import Token, live_sample, live_sources, live_token, one_moment
from atlas.queries.measures import available_measures, measure
from atlas.queries.members import city_members
from atlas.queries.observations import available_metrics, series
from atlas.queries.one_tract import find_tract, shown_measures, tract_values
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.queries.outlines import tract_outlines
from atlas.queries.rank_sets import rank_set
from atlas.queries.releases import events, polygons, release, release_slugs, releases, staged_releases
from atlas.queries.search import search
from atlas.queries.tract_draws import tract_draws
from atlas.queries.tract_places import tracts_as_place, tracts_of_city
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.tracts import national_histogram, place_tracts, tract_names

__all__ = [
    "FetchRecord",
    "Token",
    "UnknownSeries",
    "available_measures",
    "available_metrics",
    "area",
    "area_about",
    "area_upload",
    "areas_of",
    "changes_by_city",
    "changing_series",
    "characteristics",
    "child_groups",
    "cities",
    "covering",
    "sort_codes",
    "city",
    "city_change_map",
    "city_members",
    "place_tracts",
    "fetch",
    "fetch_version",
    "events",
    "geometry",
    "groups",
    "headline",
    "headlines",
    "job",
    "job_counts",
    "jobs",
    "live_datasets",
    "live_sample",
    "live_sources",
    "live_token",
    "measure",
    "measure_changes",
    "national_histogram",
    "find_tract",
    "one_moment",
    "outcome_tracts",
    "search",
    "shown_measures",
    "tract_values",
    "series",
    "polygons",
    "quality",
    "rank_set",
    "release",
    "release_slugs",
    "releases",
    "staged_releases",
    "tract_draws",
    "tract_names",
    "tract_outlines",
    "tracts_as_place",
    "tracts_of_city",
    "tract_statistics",
]
