"""What a link to a city or a tract says of itself where it is posted: a sentence, a number, years and limits."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from atlas.queries.headlines import headline
from atlas.queries.one_tract import find_tract
from atlas.records.places import CityRecord
from dashboards.base.place_lookup import find_place
from dashboards.formatting.shown_dollars import INCOME_UNIT, shown_dollars
from dashboards.panels.catalog import chosen_measure
from dashboards.panels.options import Options
from dashboards.places.city_finding import Figure, city_finding, limits
from dashboards.places.city_map import ShownMap, shown_map, tract_card

NOT_TODAY = "These are people born 1978–83, not today’s neighbors."


@dataclass(frozen=True)
class ShareCard:
    """`path` and `picture_path` are ours, without a host; `footnotes` stand inside the picture."""

    title: str  # "Detroit, Michigan"
    sentence: str
    about: str  # whose number it is
    figures: tuple[Figure, ...]
    footnotes: tuple[str, ...]
    path: str
    picture_path: str
    map: ShownMap
    selected: str = ""  # GEOID of the tract with the ring
    is_sample: bool = False


def city_card(slug: str) -> ShareCard:
    """Raises Http404 for what is no city, and while it has no map or no numbers: there is nothing to show yet."""
    place = find_place("city", slug)
    assert isinstance(place, CityRecord)
    shown = _map(place)
    found = city_finding(place, headline(place), shown.tracts)
    return ShareCard(
        f"{place.name}, {place.state_name}",
        found.sentence,
        f"{found.about} {_priced(shown)}".strip(),
        found.figures,
        found.limits,
        reverse("city", args=[slug]),
        reverse("share_city", args=[slug]),
        shown,
        is_sample=shown.tracts.is_sample,
    )


def tract_share_card(geoid: str) -> ShareCard:
    """Raises Http404 for a tract of no city here, and while its city has no map or no numbers."""
    record = find_tract(geoid)
    if record is None or record.home is None:
        raise Http404(_("There is no picture of this tract: it lies in none of the portal’s cities."))
    place = find_place("city", record.home.slug)
    shown = _map(place)
    if geoid not in shown.tracts.geoids:
        raise Http404(_("There is no picture of this tract yet."))
    card = tract_card(shown, geoid)
    return ShareCard(
        f"{card.title}, {place.name}",
        card.sentence,
        f"{card.code}. {_priced(shown)}".strip(),
        tuple(Figure(row.value, row.label) for row in card.rows[:1]),
        (_(NOT_TODAY), *limits(shown.tracts)[-1:]),
        reverse("tract", args=[geoid]),
        reverse("share_tract", args=[geoid]),
        shown,
        geoid,
        shown.tracts.is_sample,
    )


def _priced(shown: ShownMap) -> str:
    """Whose dollars a card's incomes are in, "" where it has none."""
    if shown.tracts.measure.unit != INCOME_UNIT:
        return ""
    return _("Incomes in %(price_year)s.") % {"price_year": shown_dollars().words}


def _map(place) -> ShownMap:
    measure = chosen_measure(Options())
    shown = shown_map(place, Options(measure=measure.slug)) if measure is not None else None
    if shown is None:
        raise Http404(_("There is no picture of %(place)s yet: its map or its numbers are missing.") % {"place": place})
    return shown
