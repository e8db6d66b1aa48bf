"""A place's profile as slides: each finding over the one chart that shows it, in the order of the page."""

from dataclasses import replace

from atlas.formatting.percentiles import format_percentile, format_points
from dashboards.documents.figure_charts import curve_of, dots_of
from dashboards.documents.model import Document, Dots, Section
from dashboards.documents.slides.deck import fits_title
from dashboards.exports.credits import SAMPLE_WORDS, credits, short_credits
from dashboards.formatting.estimates import unit_label
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Panel
from dashboards.panels.panel_view import is_map
from dashboards.places.profile import Profile
from dashboards.places.profile_paper import drawing_of
from dashboards.places.series_slides import series_sections

_SERIES = ("changing", "changing-tracker")
_CURVES = ("distribution",)
_NAMED_ROWS = 3  # in a title made from rows


def slides_document(profile: Profile) -> Document:
    sections = tuple(section for panel in profile.panels for section in panel_sections(panel, profile))
    return profile.document(sections, is_one_page=False)


def panel_sections(panel: Panel, profile: Profile) -> tuple[Section, ...]:
    """A map is a picture; series over time, and rows of estimates on each axis, are charts of their own."""
    finding, rest = short_finding(panel)
    base = Section(
        title=panel.title,
        finding=finding,
        said=" ".join([rest, *panel.context]).strip(),
        notes=(*panel.caveats, *(f"Source: {words}" for words in credits(panel.sources))),
        foot=" ".join(words for words in (panel.years, panel.dollars, *short_credits(panel.sources)) if words),
        banner=SAMPLE_WORDS if panel.is_sample else "",
    )
    if panel.figure is None:
        return (replace(base, said=panel.finding or panel.reason),)
    if is_map(panel.figure):
        return (replace(base, picture=drawing_of(panel, profile)),)
    if panel.slug in _SERIES:
        series = profile.series.yearly if panel.slug == "changing" else profile.series.tracker
        return series_sections(base, profile.name, series)
    if panel.slug in _CURVES:
        unit = panel.table.columns[0].unit
        curve = curve_of(panel.figure, panel.finding, unit, unit_label(unit))
        return (replace(base, charts=(curve,)),)
    charts = sorted(
        dots_of(panel.figure, panel.finding, profile.name), key=lambda chart: outcome_of(chart) not in panel.lead
    )
    return tuple(_dots_section(base, chart, is_first=number == 0) for number, chart in enumerate(charts))


def short_finding(panel: Panel) -> tuple[str, str]:
    """(the first sentence, or where a title cannot hold it as many of its clauses as it can; the rest)."""
    clauses = panel.lead.rstrip(".").split("; ")
    for count in range(len(clauses) - 1, 0, -1):
        said, left = "; ".join(clauses[:count]), "; ".join(clauses[count:])
        if not fits_title(panel.lead) and fits_title(said):
            return said, f"{capitalize_first(left)}. {panel.rest}".strip()
    return panel.lead, panel.rest


def outcome_of(chart: Dots) -> str:
    """ "household income" of "percentile of household income": the finding's own outcome is shown first."""
    return chart.unit.partition(" of ")[2]


def _dots_section(base: Section, chart: Dots, *, is_first: bool) -> Section:
    """The panel's finding over its first chart where a title holds it; the others are titled by their own rows, and say
    the finding from its first sentence on: without it the rest would seem to speak of these rows.
    """
    if is_first and fits_title(base.finding):
        return replace(base, charts=(replace(chart, title=""),))
    title = beside_nation(chart) or rows_in_words(chart)
    said = f"{base.finding} {base.said}".strip()
    return replace(base, finding=title, said=said, charts=(replace(chart, title=""),))


def beside_nation(chart: Dots) -> str:
    """Where the chart has the place's own row and the nation's rule: the two in one sentence, "" otherwise."""
    own = [row for row in chart.rows if row.is_this]
    if len(own) != 1 or chart.rule is None or chart.has_zero:
        return ""
    here, nation = (format_percentile(value / 100) for value in (own[0].value, chart.rule.value))
    return (
        f"Low-income children from {own[0].label} reached the {here} income percentile as adults; "
        f"in the nation, the {nation}"
    )


def rows_in_words(chart: Dots) -> str:
    """ "Wayne County as published, percentile of household income: White children 43.3 (US 44.9)": as many as fit."""
    said = ", ".join(part for part in (chart.title.split(":")[0], chart.unit) if part)
    rows = [row for row in chart.rows if not row.label.startswith(("All ", "same places"))] or list(chart.rows)
    for number, row in enumerate(rows[:_NAMED_ROWS]):
        beside = "" if row.reference is None else f" (US {format_points(row.reference / 100)})"
        longer = f"{said}{': ' if number == 0 else ', '}{row.label} {format_points(row.value / 100)}{beside}"
        if not fits_title(longer):
            break
        said = longer
    return said
