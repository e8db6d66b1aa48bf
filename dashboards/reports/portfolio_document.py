"""The quarterly report of an initiative: recorded work, where the need was, how we know, and invented work apart."""

from django.conf import settings

from atlas.formatting.dates import format_day
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from dashboards.documents.model import Document, Dots, DotValue, Grid, GridColumn, Section
from dashboards.exports.credits import SAMPLE_WORDS
from dashboards.formatting.estimates import format_income
from dashboards.formatting.shown_dollars import in_shown_dollars, shown_dollars
from dashboards.formatting.years import years_in
from dashboards.reports.figure_text import key_number
from dashboards.reports.maker import PUBLISHER
from dashboards.reports.portfolio_sections import INVENTED, body_sections
from engagements.discussion import rules as risk_rating
from engagements.indicators.rules import progress
from engagements.portfolio.figures import Figure, NeedLine, PortfolioFigures, PortfolioSection

FICTIONAL = "Demo data: this initiative is made up, and so is every number in this report."


_NO_MARGIN = "none in the file"


def portfolio_document(figures: PortfolioFigures) -> Document:
    """All of it from `figures`: the same figures give the same document."""
    whole = figures.initiative.is_fictional
    query = figures.filters.query(as_of=figures.as_of.isoformat())
    body = figures.recorded if figures.fictional is None or figures.recorded.rows else figures.fictional
    only_invented = body is figures.fictional
    parts = () if only_invented else body_sections(figures.recorded)
    invented = _invented(figures.fictional) if figures.fictional else ()
    return Document(
        title=f"{figures.initiative.name}: quarterly report",
        lede=body.sentence,
        publisher=PUBLISHER,
        address=f"{settings.PORTAL_URL.rstrip('/')}/portfolio/{figures.initiative.slug}/?{query}",
        as_of=figures.as_of,
        numbers=tuple(key_number(figure) for figure in body.headline),
        sections=(
            *parts,
            *(invented if only_invented else ()),
            need_section(figures),
            _rules(figures),
            *(() if only_invented else invented),
        ),
        facts=document_facts(figures),
        sources=document_sources(figures),
        banner=FICTIONAL if whole else "",
    )


def _invented(body: PortfolioSection) -> tuple[Section, ...]:
    """The figures of what is invented, apart from everything else, and its sections."""
    first = Section(
        "Fictional demonstration",
        body.sentence,
        numbers=tuple(key_number(figure) for figure in body.headline),
        banner=INVENTED,
    )
    return (first, *body_sections(body))


def need_section(figures: PortfolioFigures) -> Section:
    """Context, apart from the results, A to Z: no ranking."""
    lines = figures.need.lines
    known = tuple(_dot(line, line.value) for line in lines if line.value is not None)
    grid = Grid(
        "Where the need was, by city",
        (
            GridColumn("City"),
            GridColumn("Average percentile", "percentile"),
            GridColumn("Standard error", "error", missing=_NO_MARGIN),
            GridColumn("95% interval, low", "percentile", missing=_NO_MARGIN),
            GridColumn("95% interval, high", "percentile", missing=_NO_MARGIN),
            GridColumn(f"Household income there, {shown_dollars().words} a year", "usd", weight=1.4),
            GridColumn("If there is none, why", weight=2.4),
        ),
        tuple(
            (line.city, line.value, line.standard_error, line.low, line.high, _income(line), line.reason)
            for line in lines
        ),
        f"Percentiles of household income, 0 to 100. {shown_dollars().sentence}",
    )
    years = years_in([figures.need.source])
    below = (years,) if years else ()
    unit = "percentile of household income"
    charts = (Dots(known, unit, figures.need.words, reached(lines), below=below),) if known else ()
    banner = SAMPLE_WORDS if any(line.is_sample for line in lines) else ""
    source = (f"Source: {figures.need.source}",) if figures.need.source else ()
    said = figures.need.words
    if found := incomes(lines):
        said, source = f"{said} At these percentiles a household had {found}.", (*source, shown_dollars().sentence)
    return Section("Where the need was", said, charts=charts, grids=(grid,), notes=source, banner=banner)


def _income(line: NeedLine) -> float | None:
    """To the dollar, in the dollars shown."""
    return None if line.usd is None else float(round(in_shown_dollars(line.usd)))


def incomes(lines: tuple[NeedLine, ...]) -> str:
    """ "about $20,800 to $30,500 a year (2015 dollars)": from the lowest to the highest; "" without any."""
    known = [line.usd for line in lines if line.usd is not None]
    if not known:
        return ""
    low, high = format_income(min(known)), format_income(max(known))
    return f"about {low if low == high else f'{low} to {high}'} a year ({shown_dollars().words})"


def reached(lines: tuple[NeedLine, ...]) -> str:
    """ "Low-income children of 10 cities reached the 30th to the 40th percentile, in the published estimates"."""
    known = [line.value for line in lines if line.value is not None]
    low, high = format_percentile(min(known)), format_percentile(max(known))
    ends = f"the {low}" if low == high else f"the {low} to the {high}"
    cities = f"{len(known)} {'city' if len(known) == 1 else 'cities'}"
    return f"Low-income children of {cities} reached {ends} income percentile, in the published estimates"


def _dot(line: NeedLine, value: float) -> DotValue:
    words, low, high = format_points(value), None, None
    if line.low is not None and line.high is not None:
        low, high = 100 * line.low, 100 * line.high
        words = f"{words} ({join_ends(format_points(line.low), format_points(line.high))})"
    return DotValue(line.city, 100 * value, low, high, words)


def _rules(figures: PortfolioFigures) -> Section:
    """Every rule and every reason for no interval, once."""
    bodies = [body for body in (figures.recorded, figures.fictional) if body]
    found = {(_name(figure), figure.rule, figure.uncertainty): None for body in bodies for figure in _all_figures(body)}
    marks = {pair: None for body in bodies for pair in _all_rules(body)}
    grid = Grid(
        "How each figure is made",
        (GridColumn("Figure", weight=1.2), GridColumn("Rule", weight=3), GridColumn("Uncertainty", weight=2)),
        (*found, *((name, rule, "a rule, not an estimate") for name, rule in marks)),
    )
    said = (
        "All figures are in funders’ words and hold for one moment: what was entered, approved or published until "
        "then. Drafts, internal notes and payees are in none of them. No figure says what the money caused."
    )
    return Section("How we know", said, grids=(grid,))


_KINDS = {"indicator": "Values of indicators", "reached": "Counts of people"}


def _name(figure: Figure) -> str:
    """What its rule is the rule of: indicators of any name share theirs."""
    return _KINDS.get(figure.key.split("-")[0], figure.label)


def _all_figures(body: PortfolioSection) -> list[Figure]:
    found = list(body.headline)
    for row in body.rows[:1]:
        found += [row.late, row.committed, row.spent, row.budget, row.planned]
    found += [line.figure for line in body.people.lines]
    found += [figure for figure in (body.people.people, body.people.households) if figure]
    found += [line.figure for line in body.evidence.tiers[:1]]
    return found + [line.actual for family in body.families for line in family.indicators]


def _all_rules(body: PortfolioSection) -> list[tuple[str, str]]:
    """(what is colored, by which rule), of what this body shows."""
    found = [
        (name, mark.rule)
        for row in body.rows[:1]
        for name, mark in (("Color of milestones", row.milestones), ("Color of money", row.money))
    ]
    found += [("Color of a risk", risk_rating.RISK_RULE)] if body.risks else []
    return found + ([("Color of an indicator", progress.RULE)] if body.families else [])


def _ledger(figures: PortfolioFigures) -> str:
    return f"Money, work, people and plans: records of the portal until {format_day(figures.as_of)}"


def document_sources(figures: PortfolioFigures) -> tuple[str, ...]:
    """Of the initiative, of the need, and of what people recorded."""
    fact = figures.initiative
    found = (fact.source, fact.pledge_source, figures.need.source, _ledger(figures))
    return tuple(dict.fromkeys(words for words in found if words))


def document_facts(figures: PortfolioFigures) -> tuple[tuple[str, str], ...]:
    """What was asked for, in names instead of codes."""
    filters, choices = figures.filters, figures.choices
    names = {
        choice.value: choice.label for part in (choices.cities, choices.funders, choices.statuses) for choice in part
    }
    pairs: list[tuple[str, str]] = [
        (label, ", ".join(names.get(value, value) for value in values))
        for label, values in (
            ("Cities", filters.cities),
            ("Themes", filters.themes),
            ("Funders (money only)", filters.funders),
            ("Statuses", filters.statuses),
        )
        if values
    ]
    if filters.first or filters.last:
        pairs.append(("Period", f"{filters.first or 'the beginning'} to {filters.last or 'now'}"))
    announced = [("What its sources say of it, in no total", figures.initiative.announced)]
    return (
        *(pairs or [("Filters", "none: the whole initiative")]),
        *(announced if figures.initiative.announced else []),
        *([("Incomes", shown_dollars().sentence)] if any(line.usd is not None for line in figures.need.lines) else []),
    )
