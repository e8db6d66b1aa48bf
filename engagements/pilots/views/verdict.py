"""The page of a pilot: its verdict for everybody once it is published, for its team until then what is next."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from engagements.access.pilots import pilot_for
from engagements.base.views.decorators import open_to_all
from engagements.models import Pilot, User
from engagements.pilots.queries.belongs import belongs_of
from engagements.pilots.queries.bundle_offer import bundle_offer
from engagements.pilots.queries.verdict_page import VerdictPage, verdict_page
from engagements.pilots.queries.works import doors
from engagements.pilots.rules.result_fields import short_print
from engagements.pilots.views.estimates_file import estimates_csv
from engagements.pilots.views.pages import read as show_team_page
from engagements.pilots.views.pilot_facts import facts_of
from engagements.pilots.views.shown_belongs import belongs_links
from engagements.pilots.views.shown_effects import number_words, toward_wanted
from engagements.pilots.views.shown_finding import shown_finding, split_sentence
from engagements.pilots.views.shown_way import address_of
from engagements.verdicts import VERDICTS, Verdict


@require_safe
@open_to_all
def read(request: HttpRequest, pk: int) -> HttpResponseBase:
    pilot = pilot_for(request.user, pk)
    if pilot.state != Pilot.State.PUBLISHED:
        return show_team_page(request, pk)  # where it stands, and what is next
    page = verdict_page(request.user, pk)
    return render(request, "engagements/pilots/verdict.html", _context(page) | _ways(request.user, page))


@require_safe
@open_to_all
@takes_parameters()
def estimates(request: HttpRequest, pk: int) -> HttpResponse:
    """Every number of the page, as CSV."""
    page = verdict_page(request.user, pk)
    answer = HttpResponse(
        estimates_csv(page.plan, page.finding, page.why if page.is_retracted else ""),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}-estimates.csv"'
    return answer


def _ways(viewer: User | AnonymousUser, page: VerdictPage) -> dict[str, object]:
    """Addresses of what belongs to it, as far as the reader may open them."""
    pilot, within = page.pilot, page.pilot.engagement
    offer = bundle_offer(page)
    belongs = belongs_links(belongs_of(viewer, pilot), within.slug)
    if within.pk in doors(viewer, [within.pk]).milestones:
        belongs.append((reverse("engagement_timeline", args=[within.slug]), _("All of it on one timeline")))
    return {
        "belongs": belongs,
        "registration_address": address_of("pilot_registration", pilot.pk),
        "bundle_address": address_of("pilot_bundle", pilot.pk) if offer.is_there else "",
        "offer": offer,
        "replicate_address": "" if page.is_retracted else address_of("pilot_replicate", pilot.pk),
    }


def _context(page: VerdictPage) -> dict[str, object]:
    finding = page.finding
    shown = shown_finding(page.plan, finding, page.city_names) if finding else None
    headline, rest = (shown.headline, shown.rest) if shown else split_sentence(page.sentence)
    last = page.versions[-1] if page.versions else None
    return {
        "page": page,
        "pilot": page.pilot,
        "shown": shown,
        "finding": finding,
        "verdict": VERDICTS[Verdict(page.fields.verdict)],
        "headline": headline,
        "rest": rest,
        "facts": facts_of(page),
        "fingerprint": short_print(last.sha256) if last else "",
        "late": [one for one in page.versions if one.is_late],
        "worth": number_words(toward_wanted(page.plan.smallest_worthwhile, page.plan), page.plan.outcome),
    }
