"""Panels as pictures, and a place's profile of one sheet as PDF and slides; drawn on the server, without a script."""

import gzip
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from atlas.queries.cities import geometry
from atlas.queries.headlines import headline
from atlas.queries.live import live_generation
from atlas.records.places import CityRecord, ContextSeries, Place
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from dashboards.base.chosen_dollars import dollars_query, in_chosen_dollars, in_file_name
from dashboards.base.place_lookup import find_place, viewer_of
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.picture import panel_png
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.panels.base import Panel
from dashboards.panels.catalog import (
    KINDS,
    NoSuchPanel,
    changing_of,
    chosen_measure,
    own_options,
    panel,
    panel_in_brief,
    panel_or_failure,
)
from dashboards.panels.options import PARAMETERS, Options, read_options
from dashboards.panels.panel_view import is_map
from dashboards.places.city_map import map_picture
from dashboards.places.page_address import page_address
from dashboards.places.panel_views import file_name
from dashboards.places.profile import Profile, headline_numbers
from dashboards.places.profile_paper import paper_document
from dashboards.places.profile_slides import slides_document
from engagements.base.made_once import made_once

MAP = "where"  # the panel that is the map of tracts
PDF_PANELS = ("headline", "where", "groups", "changing")
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@public_read(Validator.OWN, is_counted=False)
@require_safe
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def svg(request: HttpRequest, slug: str, panel_slug: str, kind: str = "city") -> HttpResponse:
    """The panel's figure as the page without scripts shows it. Raises UnknownChoice."""
    place, options = find_place(kind, slug, viewer_of(request)), read_options(request.GET)
    shown = _drawable(place, panel_slug, options)
    return _cached(
        request, "image/svg+xml", _key(place, panel_slug, options), lambda: _svg(place, shown, options).encode()
    )


@public_read(Validator.OWN)
@require_safe
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def png(request: HttpRequest, slug: str, panel_slug: str, kind: str = "city") -> HttpResponse:
    """The panel as a picture that carries its question, finding, source and vintage. Raises UnknownChoice."""
    place, options = find_place(kind, slug, viewer_of(request)), read_options(request.GET)
    shown = _drawable(place, panel_slug, options)
    address = request.build_absolute_uri(page_address(place, panel_slug, own_options(panel_slug, options)))
    key = _key(place, panel_slug, options, address)

    def draw() -> bytes:
        return panel_png(shown, _geometry(place, shown), address, _map(place, shown, options))

    response = _cached(request, "image/png", key, lambda: made_once(f"png-{key}", draw))
    response["Content-Disposition"] = f'attachment; filename="{file_name(place.slug, panel_slug, options)}.png"'
    return response


@public_read(Validator.OWN)
@require_safe
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def profile_pdf(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """One sheet a mayor can carry."""
    place = find_place(kind, slug, viewer_of(request))
    made = _profile(request, place, PDF_PANELS, panel_in_brief)
    body = _written(request, place, made, "pdf", lambda: write_pdf(paper_document(made)))
    return _download(body, "application/pdf", f"{in_file_name(f'{place.slug}-profile')}.pdf")


@public_read(Validator.OWN)
@require_safe
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def profile_pptx(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """Every panel of the page as a slide whose chart can be edited."""
    place = find_place(kind, slug, viewer_of(request))
    names = tuple(name for name, one in KINDS.items() if one.page == "city")
    made = _profile(request, place, names)
    body = _written(request, place, made, "pptx", lambda: write_pptx(slides_document(made)))
    return _download(body, PPTX, f"{in_file_name(f'{place.slug}-profile')}.pptx")


def _written(request: HttpRequest, place: Place, made: Profile, kind: str, write: Callable[[], bytes]) -> bytes:
    """The file of a profile; one with a part that failed is written for who asked and not kept."""
    if any(one.has_failed for one in made.panels):
        return write()
    key = _key(place, kind, read_options(request.GET), made.address, made.made_on)
    return made_once(f"profile-{kind}-{key}", write)


def _profile(request: HttpRequest, place: Place, names: tuple[str, ...], build=panel) -> Profile:
    """Raises Http404 while there is nothing to say of the place."""
    options = read_options(request.GET)
    has_measure = chosen_measure(options) is not None
    kinds = [KINDS[name] for name in names if name in KINDS and (has_measure or "measure" not in KINDS[name].takes)]
    shown = (panel_or_failure(place, kind.slug, options, build, is_drawn=True) for kind in kinds)
    panels = tuple(one for one in shown if one.has_failed or _has_drawing(place, one))
    if all(one.has_failed for one in panels):
        raise Http404("There is nothing to put on a profile yet: no tract file has been imported.")
    return Profile(
        name=place.name,
        title=f"{place.name}, {place.state_name}" if place.state_name else place.name,
        lede=f"How children who grew up in {place.name} did as adults. Children born 1978–83; incomes of 2014–15, in "
        f"{shown_dollars().words}.",
        address=request.build_absolute_uri(f"{reverse(place.kind, args=[place.slug])}{dollars_query()}"),
        made_on=timezone.localdate(),
        panels=panels,
        map=map_picture(place, options) if any(one.slug == MAP for one in panels) else None,
        geometry=_stored(place) if any(_is_map(one) for one in panels) else None,
        numbers=headline_numbers(headline(place, weighting=options.weights)),
        series=changing_of(place, options) if isinstance(place, CityRecord) else ContextSeries((), (), (), ()),
    )


def _has_drawing(place: Place, shown: Panel) -> bool:
    return shown.figure is not None and (place.has_geometry or not _is_map(shown))


def _drawable(place: Place, panel_slug: str, options: Options) -> Panel:
    """Raises Http404 for a panel that is not there or has nothing to draw."""
    try:
        shown = panel(place, panel_slug, options)
    except NoSuchPanel as problem:
        raise Http404(str(problem)) from problem
    if not _has_drawing(place, shown):
        why = shown.reason or "the boundaries have not been imported yet."
        raise Http404(f"There is nothing to draw: {why[:1].lower()}{why[1:]}")
    return shown


def _map(place: Place, shown: Panel, options: Options) -> str:
    """The map of tracts as the page draws it; "" for every other panel."""
    picture = map_picture(place, options) if shown.slug == MAP else None
    return picture.svg if picture is not None else ""


def _svg(place: Place, shown: Panel, options: Options) -> str:
    return _map(place, shown, options) or panel_svg(shown, _geometry(place, shown))


def _geometry(place: Place, shown: Panel) -> dict[str, Any] | None:
    return _stored(place) if _is_map(shown) else None


def _stored(place: Place) -> dict[str, Any] | None:
    stored = geometry(place)
    return _unpacked(stored[0], stored[1]) if stored else None


@lru_cache(maxsize=16)
def _unpacked(etag: str, packed: bytes) -> dict[str, Any]:
    return json.loads(gzip.decompress(packed))


def _is_map(shown: Panel) -> bool:
    return is_map(shown.figure)


def _key(place: Place, *parts) -> str:
    """Changes with every flip, the dollars shown and every release of the portal: nothing older than what is live."""
    said = repr((settings.CODE_VERSION, live_generation(), shown_dollars(), place, *parts))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _cached(request: HttpRequest, media: str, key: str, make) -> HttpResponse:
    tag = f'"{key}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(make(), content_type=media)
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=60"
    return response


def _download(body: bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
