"""What occupations pay in the metropolitan area of a city, from the live releases of wages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, Q

from atlas.models import City, LivePart, OccupationWage
from atlas.queries.live import Generation, live_catalog
from atlas.records.places import Source
from atlas.records.wages import NUMBERS, Metro, MetroWages, OccupationPay
from atlas.sources.occupation_wages import DATASET, EVERY_OCCUPATION, NATION, read_metro_title

MOST_FOUND = 12
_WAGE_MONTH = 5  # the estimates are of May


def wages_are_live() -> bool:
    """Whether any release of wages answers. No statement but the catalog's own."""
    return any(source.dataset == DATASET.key for source in live_catalog().sources)


def metro_of(city_name: str, state_usps: str) -> Metro | None:
    """The live metropolitan area that is called after a city: the publisher's title names its principal cities and its
    states. None where no live title has the city, which every smaller place of an area is.

    Two statements after a flip, then none but the catalog's own; none without wages.
    """
    catalog = live_catalog()
    has_wages = any(source.dataset == DATASET.key for source in catalog.sources)
    return _find_metro(_metros(catalog.generation), city_name, state_usps) if has_wages else None


def _find_metro(metros: tuple[Metro, ...], city_name: str, state_usps: str) -> Metro | None:
    """None where several are called after it: none is guessed."""
    found = [metro for metro in metros if _is_named(metro, city_name, state_usps)]
    return found[0] if len(found) == 1 else None


def _is_named(metro: Metro, city_name: str, state_usps: str) -> bool:
    title = read_metro_title(metro.title)
    if title is None or state_usps not in title.states:
        return False
    name = city_name.casefold()
    whole = metro.title.rpartition(", ")[0].casefold()
    return name in {city.casefold() for city in title.cities} or f"-{name}-" in f"-{whole}-"  # Winston-Salem


@lru_cache(maxsize=4)
def _metros(generation: Generation) -> tuple[Metro, ...]:
    answers = dict(LivePart.objects.filter(dataset=DATASET.key).values_list("part", "release_id"))
    rows = OccupationWage.objects.filter(release__in=set(answers.values()), occupation=EVERY_OCCUPATION)
    return tuple(
        Metro(area, title, release)
        for area, title, release in rows.order_by("area").values_list("area", "area_title", "release_id")
        if answers.get(area) == release
    )


def metro_wages(city_name: str, state_usps: str) -> MetroWages | None:
    """Every occupation of a city's metropolitan area, by code, each beside the nation's; None without a metro.

    Four statements after a flip, then none but the catalog's own.
    """
    catalog = live_catalog()
    metros = _metros(catalog.generation)
    metro = _find_metro(metros, city_name, state_usps)
    if metro is None:
        return None
    nation = next((one for one in metros if one.code == NATION), None)
    sources = {source.release_id: source for source in catalog.sources}
    own = sources[metro.release_id]
    return MetroWages(
        metro,
        _month(own),
        own,
        _pay(metro.release_id, metro.code),
        _pay(nation.release_id, NATION) if nation else (),
        sources[nation.release_id] if nation else None,
    )


def wages_of_city(slug: str) -> MetroWages | None:
    """The same by the slug of a city of the portal. One statement more."""
    names = City.objects.filter(slug=slug).values_list("name", "state_usps").first()
    return metro_wages(*names) if names else None


def find_occupations(text: str, most: int = MOST_FOUND) -> tuple[OccupationPay, ...]:
    """Occupations of the nation, or of any live area without it, whose title holds each word typed or whose code
    begins with it; titles that begin with the first word come first. Groups of occupations are left out. () for less
    than two characters.
    """
    words = text.casefold().split()
    if len("".join(words)) < 2:
        return ()
    found = [row for row in every_occupation() if row.group == "detailed" and all(_holds(row, word) for word in words)]
    ordered = sorted(found, key=lambda row: (not row.title.casefold().startswith(words[0]), row.title))
    return tuple(ordered[:most])


def occupation_label(row: OccupationPay) -> str:
    """ "Nursing Assistants (31-1131)": as it is suggested, and understood when it comes back."""
    return f"{row.title} ({row.code})"


def _holds(row: OccupationPay, word: str) -> bool:
    return word in row.title.casefold() or row.code.startswith(word)


def every_occupation() -> tuple[OccupationPay, ...]:
    """Each occupation that is live anywhere, once, by code: the nation's row before an area's."""
    return _every_occupation(live_catalog().generation)


@lru_cache(maxsize=2)
def _every_occupation(generation: Generation) -> tuple[OccupationPay, ...]:
    metros = sorted(_metros(generation), key=lambda metro: metro.code != NATION)
    if metros and metros[0].code == NATION:
        metros = metros[:1]  # whatever is published of an area is published of the nation
    found: dict[str, OccupationPay] = {}
    for metro in metros:
        for row in _pay(metro.release_id, metro.code):
            found.setdefault(row.code, row)
    return tuple(found[code] for code in sorted(found))


@dataclass(frozen=True)
class AreaCoverage:
    """Of one area of a release: occupations, those with a yearly or hourly median, and those with a count of jobs."""

    title: str
    code: str
    occupations: int
    with_wage: int
    with_jobs: int
    is_answering: bool


def area_coverage(releases: Iterable[int]) -> tuple[AreaCoverage, ...]:
    """Of all areas of the releases, the nation last. Two statements."""
    answers = dict(LivePart.objects.filter(dataset=DATASET.key).values_list("part", "release_id"))
    rows = (
        OccupationWage.objects.filter(release__in=list(releases), group="detailed")
        .values("area", "area_title", "release_id")
        .annotate(
            occupations=Count("pk"),
            wages=Count("pk", filter=Q(annual_median__isnull=False) | Q(hourly_median__isnull=False)),
            jobs=Count("employment"),
        )
        .order_by("area_title")
    )
    found = [
        AreaCoverage(
            row["area_title"],
            row["area"],
            row["occupations"],
            row["wages"],
            row["jobs"],
            answers.get(row["area"]) == row["release_id"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda area: area.code == NATION))


def known_codes(codes: Iterable[str]) -> frozenset[str]:
    """Those of `codes` that are live somewhere."""
    return frozenset(row.code for row in every_occupation()) & set(codes)


@lru_cache(maxsize=64)
def _pay(release: int, area: str) -> tuple[OccupationPay, ...]:
    """Rows of a release never change, so this is remembered for good. One statement."""
    rows = OccupationWage.objects.filter(release=release, area=area).order_by("occupation")
    return tuple(
        OccupationPay(code, title, group, missing=missing, **dict(zip(NUMBERS, numbers, strict=True)))
        for code, title, group, missing, *numbers in rows.values_list(
            "occupation", "title", "group", "missing", *NUMBERS
        )
    )


def _month(source: Source) -> date:
    return date(int(source.vintage.rsplit(" ", 1)[-1]), _WAGE_MONTH, 1)
