"""The page of one tract."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.queries.cities import city
from atlas.queries.headlines import MEASURE as HEADLINE
from atlas.queries.live import live_generation
from atlas.queries.one_tract import find_tract
from atlas.queries.opportunity_zones import zone_statuses
from atlas.queries.rank_sets import rank_set
from atlas.records.places import TractRecord, sample_share
from atlas.search.codes import explain_2020
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.base.chosen_dollars import dollars_query, in_chosen_dollars, in_file_name
from dashboards.exports.panel_table import panel_file
from dashboards.formatting.zones import zone_sentences_of
from dashboards.panels import standing
from dashboards.places.tract_page import tract_page
from engagements.discussion.queries.notes import local_notes
from engagements.money.queries.by_tract import money_of_tract
from engagements.people.queries.cities import may_write_note, participations
from engagements.plans.queries.by_tract import plans_of_tract
from engagements.results.queries.published import record_of_engagement


@require_safe
@in_chosen_dollars
def tract(request: HttpRequest, geoid: str) -> HttpResponse:
    """Everything known of one tract."""
    record = find(geoid)
    page = tract_page(live_generation(), record)
    home = city(record.home.slug) if record.home else None
    ranks = rank_set(home, record.geoid, HEADLINE) if home else None
    participation = participations().get(record.home.slug) if record.home else None
    context = {
        "tract": record,
        "page": page,
        "panel": page.panel,
        # Not remembered with the page: a worker may finish the rank sets at any moment.
        "ranks": standing.describe_ranks(ranks, record.home.name) if ranks and record.home else "",
        "has_ranks": ranks is not None and ranks.low is not None,
        "zones": zone_sentences_of(zone_statuses(record.geoid)),
        "notes": [n for n in local_notes(record.home.slug) if n.tract_geoid in ("", geoid)] if record.home else [],
        "notes_slug": record.home.slug if record.home and may_write_note(request.user, record.home.slug) else "",
        "shows_sample": sample_share(source.is_sample for source in page.panel.sources),
        "participation": participation,
        "done": record_of_engagement(participation.engagement) if participation else (),
        "plans": plans_of_tract(request.user, record.geoid),
        "money": money_of_tract(request.user, record.geoid),
    }
    answer = render(request, "dashboards/places/tract.html", context)
    if request.user.is_authenticated:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def tract_table(request: HttpRequest, geoid: str, extension: str = "csv") -> HttpResponse:
    """Exactly the rows of the page's table in one format, or what describes them."""
    address = request.build_absolute_uri(f"{reverse('tract', args=[geoid])}{dollars_query()}")
    name = in_file_name(f"tract-{geoid}")
    found = panel_file(tract_page(live_generation(), find(geoid)).panel, name.replace("_", "-"), address)
    return table_response(request, found, extension, name, is_public=True)


def find(geoid: str) -> TractRecord:
    """Raises Http404 with what a search for the code explains."""
    found = find_tract(geoid)
    if found is None:
        raise Http404(explain_2020(geoid))
    return found
