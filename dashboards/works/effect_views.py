"""/pilots/N/effect.svg and .png: the effect of a published pilot as a picture."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from dashboards.works.effect_figure import effect_png, effect_svg
from engagements.base.views.decorators import open_to_all
from engagements.pilots.queries.verdict_page import VerdictPage, verdict_page
from engagements.pilots.rules.effect_line import EffectLine
from engagements.pilots.rules.registration import OutcomeKind
from engagements.pilots.views.shown_finding import effect_line


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters()
def svg(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises Http404 where there is no number to draw, as where nothing is published or it was retracted."""
    page, line = _drawable(request, pk)
    drawn = effect_svg(line, _title(page), _axis(page), page.sentence)
    return HttpResponse(drawn, content_type="image/svg+xml")


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters()
def png(request: HttpRequest, pk: int) -> HttpResponse:
    page, line = _drawable(request, pk)
    source = page.fields.sources[0].title if page.fields.sources else ""
    drawn = effect_png(
        line,
        _title(page),
        _axis(page),
        page.sentence,
        source,
        request.build_absolute_uri(reverse("pilot", args=[pk])),
        is_made_up=page.pilot.is_fictional,
    )
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}-effect.png"'
    return answer


def _drawable(request: HttpRequest, pk: int) -> tuple[VerdictPage, EffectLine]:
    page = verdict_page(request.user, pk)
    line = effect_line(page.plan, page.finding) if page.finding else None
    if line is None or page.is_retracted:
        raise Http404("This pilot has no number that stands.")
    return page, line


def _title(page: VerdictPage) -> str:
    return f"{page.pilot.engagement.city}: {page.pilot.title}"


def _axis(page: VerdictPage) -> str:
    outcome = page.plan.outcome
    unit = _("percentage points") if outcome.kind == OutcomeKind.SHARE else outcome.unit
    return _("Effect on “{outcome}”, in {unit}").format(outcome=outcome.name, unit=unit)
