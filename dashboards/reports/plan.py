"""Makers of a plan's document: PDF and slides a mayor can carry."""

import re
from collections.abc import Callable

from django.conf import settings

from atlas.formatting.dates import format_day
from atlas.formatting.percentiles import format_percentile
from atlas.formatting.ranges import join_ends
from dashboards.base.chosen_dollars import dollars_query, in_file_name
from dashboards.documents.model import Document, KeyNumber, Picture
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.formatting.estimates import format_estimate
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.plans.pictures import picture_of_area
from dashboards.plans.presenters import build_area_view
from dashboards.reports.maker import PDF, PPTX, PUBLISHER, NotMakeable, Progress
from dashboards.reports.plan_sections import PlanToPrint, plan_sections, quantity_number
from engagements.access.errors import NotFound
from engagements.access.plans import plan_for
from engagements.models import Report
from engagements.permissions import VIEW_PLAN
from engagements.plans.queries.plans import plan_page
from engagements.plans.records import PlanContent, PlanFigures, freeze, thaw
from engagements.portfolio.actions.reports import ReportFile
from engagements.workflow import PLAN_PUBLISHED

FICTIONAL = "Demo data: this plan is made up."
NO_ROLE = "The person who created this report can no longer read this plan."
NOT_YET = "This plan had not been published then. Ask for it as it is now."
_VIEW_BOX = re.compile(r'viewBox="-?[\d.]+ -?[\d.]+ ([\d.]+) ([\d.]+)"')


def read_plan(report: Report) -> PlanToPrint:
    """The plan as it stands, or, asked for as of a past moment, as it had been published then. Raises NotMakeable."""
    if report.plan_id is None:
        raise NotMakeable(NO_ROLE)
    try:
        found = plan_for(report.made_by, report.plan_id, VIEW_PLAN)
    except NotFound as gone:
        raise NotMakeable(NO_ROLE) from gone
    if report.as_of < report.asked_at:
        kept = found.publications.filter(published_at__lte=report.as_of).order_by("-number").first()
        if kept is None:
            raise NotMakeable(NOT_YET)
        content, figures = thaw(PlanContent, kept.content), thaw(PlanFigures, kept.figures)
        state = f"Publication {kept.number}, {format_day(kept.published_at)}"
        return PlanToPrint(
            found.pk,
            kept.number,
            state,
            True,
            found.engagement.initiative.name,
            content,
            figures,
            None,
            None,
            report.as_of,
        )
    page = plan_page(report.made_by, found.pk, today=report.as_of.date(), now=report.as_of)
    return PlanToPrint(
        found.pk,
        page.row.number,
        page.row.label,
        found.status in PLAN_PUBLISHED,
        page.initiative,
        page.content,
        page.figures,
        page.money,
        page.indicators,
        report.as_of,
    )


def plan_document(plan: PlanToPrint) -> Document:
    content, figures = plan.content, plan.figures
    banner = [FICTIONAL] if content.is_fictional else []
    if not plan.is_published:
        banner.append(f"{plan.state}: not published, and it may still change.")
    area = f" for {content.area_name}" if content.area_name else ""
    return Document(
        title=content.title,
        lede=f"A plan of {content.city_name}{area}. {build_area_view(figures.area).finding}".strip(),
        publisher=PUBLISHER,
        address=f"{settings.PORTAL_URL.rstrip('/')}/plans/{plan.pk}/{dollars_query()}",
        as_of=plan.as_of,
        numbers=_numbers(plan),
        sections=plan_sections(plan, _map(plan)),
        facts=(("Initiative", plan.initiative), ("State", plan.state), ("Period", _period(content)), *_incomes(plan)),
        sources=(*figures.area.sources, f"Prices: {figures.price_source}"),
        banner=" ".join(banner),
    )


def _numbers(plan: PlanToPrint) -> tuple[KeyNumber, ...]:
    """Who grew up there, how many take part, what it costs, and the effects that may be summed; five at most."""
    area, totals = plan.figures.area, plan.figures.totals
    found = []
    if area.value is not None:
        interval = (
            area.error_reason
            if area.low is None or area.high is None
            else f"95% interval {join_ends(format_estimate(area.low, 'rank'), format_estimate(area.high, 'rank'))}"
        )
        label = "Percentile of US household income reached by children of the area"
        found.append(KeyNumber(label, format_percentile(area.value), interval))
    found += [quantity_number("People who take part", totals.reached), quantity_number("Cost", totals.cost)]
    found += [quantity_number(f"Expected: {effect.outcome}", effect.gain) for effect in totals.effects]
    return tuple(found[:5])


def _incomes(plan: PlanToPrint) -> tuple[tuple[str, str], ...]:
    """Whose dollars the incomes of its area are in; nothing where it names none."""
    return (("Incomes", shown_dollars().sentence),) if plan.figures.area.usd is not None else ()


def _period(content: PlanContent) -> str:
    days = [format_day(day) if day else "open" for day in (content.starts_on, content.ends_on)]
    return f"{days[0]} to {days[1]}"


def _map(plan: PlanToPrint) -> Picture | None:
    """The city's tracts with the plan's filled; None while the outlines are not imported."""
    content = plan.content
    names = {tract.geoid: tract.name for tract in plan.figures.area.tracts}
    alt = f"Map of {content.city_name}: the {len(content.geoids)} tracts of the plan are filled."
    svg = picture_of_area(content.city_slug, content.geoids, names, alt)
    size = _VIEW_BOX.search(svg)
    if size is None:
        return None
    wide, high = float(size[1]), float(size[2])
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" '
    return Picture(svg.replace("<svg ", whole, 1), wide, high, alt)


def _make(report: Report, progress: Progress, write: Callable[[Document], bytes], ending: str, kind: str) -> ReportFile:
    progress(5, "working out the plan")
    plan = read_plan(report)
    progress(50, "drawing the map and writing the words")
    document = plan_document(plan)
    progress(70, "making the file")
    content = write(document)
    progress(95, "keeping it")
    kept = {
        "content": freeze(plan.content),
        "figures": freeze(plan.figures),
        "state": plan.state,
        "money": freeze(plan.money),
        "indicators": freeze(plan.indicators),
    }
    name = f"{plan.content.city_slug[:40]}-plan-{plan.pk}-{report.as_of:%Y-%m-%d}-{report.number}"
    return ReportFile(content, f"{in_file_name(name)}.{ending}", kind, kept)


def make_pdf(report: Report, progress: Progress) -> ReportFile:
    return _make(report, progress, write_pdf, "pdf", PDF)


def make_pptx(report: Report, progress: Progress) -> ReportFile:
    return _make(report, progress, write_pptx, "pptx", PPTX)
