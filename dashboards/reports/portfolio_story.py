"""What a foundation forwards: the answer, what is known by city, dollars by evidence, where things stand, risks and
asks, need, method. Slides and PDF tell this; every table is in the workbook.
"""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.dates import format_day, format_month
from atlas.formatting.money import format_dollars, format_short_dollars, format_whole_dollars
from dashboards.charts.theme import ACCENT, DONE, LATE, LINE, OTHERS, UNTESTED, WARN
from dashboards.documents.model import Bars, Document, Grid, GridColumn, Section, Tally, TallyRow
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.reports.figure_text import key_number, mark_label
from dashboards.reports.maker import PUBLISHER
from dashboards.reports.portfolio_document import (
    FICTIONAL,
    document_facts,
    document_sources,
    incomes,
    need_section,
    reached,
)
from dashboards.reports.portfolio_sections import dollars_grid
from engagements.portfolio.figures import (
    CityRow,
    DollarPart,
    EvidenceState,
    PortfolioFigures,
    PortfolioSection,
    RecordLine,
    RecordPart,
)
from engagements.results.queries.published import NO_TEST, NOT_FOUND, NOT_LINKED, OPEN, SIZED, UNSIZED
from engagements.verdicts import VERDICTS

MOST_RISKS, MOST_ASKS = 6, 4  # lines on one slide; all are in the workbook
MOST_LINES, MOST_CITIES = 18, 20  # of projects, and of cities, on paper
ONE_SLIDE = 10  # cities that certainly fit a slide; of more, those behind come first
SHADES = {SIZED: 0, UNSIZED: 1, NOT_FOUND: 2, OPEN: 3}
# Of dollars by what is known of what they paid for; the names of states are those of verdicts and of DOLLAR_STATES.
STATE_COLORS = {"done": DONE, "late": LATE, "now": ACCENT, "warn": WARN}
NO_TEST_COLOR, LOOSE_COLOR, QUIET_COLOR = UNTESTED, LINE, OTHERS
ASK = 220  # letters of an ask


def portfolio_story(figures: PortfolioFigures) -> Document:
    """All of it from `figures`. Recorded work; where there is none but invented work, that, and every page says so."""
    whole = figures.initiative.is_fictional
    body = figures.fictional if figures.fictional and (whole or not figures.recorded.rows) else figures.recorded
    query = figures.filters.query(as_of=figures.as_of.isoformat())
    record = body.record
    dollars, need = _dollars(body), need_section(figures)
    parts = (
        _by_city(record),
        dollars,
        _costs(record) if dollars is None else None,
        _status(body),
        _risks_and_asks(body),
        replace(need, grids=()) if need.charts and dollars is None else None,
        _method(figures, body),
    )
    tally = _tally(record)
    return Document(
        title=record.sentence if record else figures.initiative.name,
        lede=" ".join(words for words in (f"{figures.initiative.name}.", _pledge(figures), body.sentence) if words),
        publisher=PUBLISHER,
        address=f"{settings.PORTAL_URL.rstrip('/')}/portfolio/{figures.initiative.slug}/?{query}",
        as_of=figures.as_of,
        numbers=() if tally else tuple(key_number(figure) for figure in body.headline),
        sections=tuple(part for part in parts if part is not None),
        facts=document_facts(figures),
        sources=document_sources(figures),
        banner=FICTIONAL if body.is_fictional else "",
        tally=tally,
    )


def _pledge(figures: PortfolioFigures) -> str:
    """The pledge, apart from every recorded dollar."""
    fact = figures.initiative
    if fact.pledge is None:
        return ""
    said = _("{amount} announced, in no total here.").format(amount=format_short_dollars(fact.pledge))
    if fact.pledge_on is not None:
        day = format_day(fact.pledge_on) if fact.pledge_precision == "day" else format_month(fact.pledge_on)
        said = _("{amount} announced, {day}, in no total here.").format(
            amount=format_short_dollars(fact.pledge), day=day
        )
    return said


def _tally(record: RecordPart | None) -> Tally | None:
    """How much is known of how many; for the kinds with findings what they are, for the others the cities."""
    if record is None or not record.groups:
        return None
    rows = []
    for group in record.groups:
        cities = tuple(dict.fromkeys(line.city for line in group.lines))
        found = tuple(f"{line.city}: {_inside(line.finding)}" for line in group.lines if line.finding)
        rows.append(TallyRow(group.label, len(group.lines), found or (", ".join(cities),), cities, SHADES[group.kind]))
    said = " ".join(f"{row.label}: {row.count} ({', '.join(row.names)})." for row in rows)
    return Tally(tuple(rows), _("Projects"), said)


def _inside(finding: str) -> str:
    """A finding after a colon, on one line."""
    words = finding.rstrip(".")
    return f"{words[:1].lower()}{words[1:]}" if words[1:2].islower() or words[1:2] == " " else words


def _searched(record: RecordPart) -> str:
    quoted = _("Results are quoted from their sources; the portal gives no verdict on results of others.")
    if record.searched_on is None:
        return quoted
    day = format_day(record.searched_on)
    return f"{_('We searched for published results to {day}.').format(day=day)} {quoted}"


def _by_city(record: RecordPart | None) -> Section | None:
    """A line a project; where they are too many, first that of each city of which most is known."""
    if record is None or not record.groups:
        return None
    heads = [GridColumn(_("City"), weight=1.3), GridColumn(_("What was tried"), weight=2.3)]
    heads += [GridColumn(_("What is reported"), weight=3.2)]
    heads += [GridColumn(_("Reach, not effect"), weight=1.9)] if record.has("reach") else []
    heads += [GridColumn(_("Confirmed by the city"), weight=1.0)]
    lines = [(group.label, line) for group in record.groups for line in group.lines]
    shown = lines if len(lines) <= MOST_LINES else _one_a_city(lines)[:MOST_LINES]
    rows = []
    for label, line in shown:
        row = [line.city, line.tried, line.finding or label]
        row += [line.reach] if record.has("reach") else []
        rows.append((*row, _("Yes") if line.is_confirmed else line.confirmed or _("Not yet")))
    confirmed = sum(line.is_confirmed for line in record.lines)
    first = next((line for line in record.lines if line.finding), None)
    finding = f"{first.city}: {_inside(first.finding)}" if first else _("No result is published of any project yet")
    if confirmed:
        finding = _("{confirmed} of {count} lines are confirmed by their city").format(
            confirmed=confirmed, count=len(record.lines)
        )
    grid = Grid(
        _("What each city tried and what is known"),
        tuple(heads),
        tuple(rows),
        finding=finding,
        left_out=len(lines) - len(shown),
        is_one_slide=True,
    )
    return Section(_("By city"), finding=finding, grids=(grid,), foot=_searched(record))


def _one_a_city(lines: list[tuple[str, RecordLine]]) -> list[tuple[str, RecordLine]]:
    """The first of each city, A to Z within what is known, as they stand."""
    found: dict[str, tuple[str, RecordLine]] = {}
    for label, line in lines:
        found.setdefault(line.city_slug, (label, line))
    return list(found.values())


def _costs(record: RecordPart | None) -> Section | None:
    """What sources say of money, where nothing is in the ledger."""
    if record is None or not record.has("cost"):
        return None
    lines = [line for line in record.lines if line.cost]
    rows = tuple((line.city, line.tried, line.cost) for line in lines[:MOST_LINES])
    heads = (
        GridColumn(_("City"), weight=1.0),
        GridColumn(_("What was tried"), weight=1.9),
        GridColumn(_("Cost or grant, as sources say"), weight=5.0),
    )
    finding = _("What sources say of the money differs, and no payment is recorded")
    name = _("What it cost, as sources say")
    left = len(lines) - len(rows)
    grid = Grid(name, heads, rows, finding=finding, left_out=left, is_one_slide=True)
    return Section(name, finding=finding, grids=(grid,), foot=_("Quoted from the sources named on the portal."))


def _dollars(body: PortfolioSection) -> Section | None:
    """A chart of the stages split by what is known, and the same to the cent."""
    part = body.dollars
    if part is None:
        return None
    finding = _linked(part)
    said = _("Each recorded dollar, by stage and by what is known of what it paid for. Stages are never added.")
    series = tuple(
        (state.label, tuple(_bar(line.figures[at].value) for line in part.lines))
        for at, state in enumerate(part.states)
    )
    colors = tuple(_state_color(state) for state in part.states)
    chart = Bars(tuple(line.label for line in part.lines), series, "dollars", said, finding, colors=colors)
    is_split = len(part.states) > 1
    return Section(
        _("Dollars by evidence"),
        said,
        finding,
        charts=(chart,) if is_split else (),
        grids=(replace(dollars_grid(part), finding=finding),),
        foot=f"{body.money.not_added} {body.money.price_note.capitalize()}.",
        is_together=is_split,
    )


def _state_color(state: EvidenceState) -> str:
    if state.key in (NO_TEST, NOT_LINKED):
        return NO_TEST_COLOR if state.key == NO_TEST else LOOSE_COLOR
    return STATE_COLORS.get(state.tag, QUIET_COLOR)


def _linked(part: DollarPart) -> str:
    """Of the last stage that has money: what share is linked to a project."""
    line = part.lines[-1]
    total = line.total.value or 0
    loose = sum(
        figure.value or 0 for figure, state in zip(line.figures, part.states, strict=True) if state.key == "not_linked"
    )
    return _("Of {total} {stage}, {linked} is linked to a project").format(
        total=format_whole_dollars(total), stage=line.label.lower(), linked=format_whole_dollars(total - loose)
    )


def _bar(value) -> float | None:
    return None if value is None else float(value)


def _status(body: PortfolioSection) -> Section | None:
    """Only columns that say something."""
    rows = body.rows
    if not rows:
        return None
    due = any(row.next_milestone or row.milestones.colour != "none" for row in rows)
    money = any(row.spent.value is not None or row.budget.value for row in rows)
    updates = any(row.update for row in rows)
    is_full = due and money
    shown = rows if len(rows) <= ONE_SLIDE else tuple(sorted(rows, key=_worst_first))[:MOST_CITIES]
    heads = [GridColumn(_("City"), weight=1.7 if is_full else 1.2), GridColumn(_("Status"), weight=0.9)]
    heads += [] if is_full else [GridColumn(_("Since"), "date")]
    has_theme = not is_full and any(row.theme for row in rows)
    heads += [GridColumn(_("Theme"), weight=1.4)] if has_theme else []
    heads += (
        [GridColumn(_("Next milestone"), weight=2.2), GridColumn(_("Milestones"), "mark", weight=1.5)] if due else []
    )
    heads += [GridColumn(_("Spent"), "usd"), GridColumn(_("Against plan"), "mark", weight=1.7)] if money else []
    heads += [GridColumn(_("Last update"), weight=1.1)] if updates else []
    table = []
    for row in shown:
        following = row.next_milestone
        line: list = [row.city, row.status_label, *(() if is_full else (row.status_since,))]
        line += [row.theme] if has_theme else []
        if due:
            line += [
                f"{following.title}, {format_day(following.due_on)}" if following else _("none planned"),
                mark_label(row.milestones),
            ]
        line += [row.spent.value, mark_label(row.money)] if money else []
        line += [row.update.name if row.update else _("none published")] if updates else []
        table.append(tuple(line))
    cities = body.figure("cities")
    others = cities.note.partition(": ")[2]
    finding = _("{active} of {count} cities are active").format(active=cities.value, count=len(rows))
    if not cities.value:
        finding = _("No city is active now")
    finding = f"{finding}: {others}" if others and not cities.value else finding
    on_time = body.figure("on_time")
    if on_time.value is not None:
        said = ngettext(
            "{done} milestone was done on time, {note}",
            "{done} milestones were done on time, {note}",
            int(on_time.value),
        )
        finding = f"{finding}; " + said.format(done=on_time.value, note=on_time.note.split(";")[0])
    name, rule = _("Where each city stands"), rows[0].milestones.rule if due else ""
    left = len(rows) - len(shown)
    grid = Grid(name, tuple(heads), tuple(table), rule, finding=finding, left_out=left, is_one_slide=True)
    return Section(name, finding=finding, grids=(grid,))


def _worst_first(row: CityRow) -> tuple[tuple[int, ...], str]:
    """Where not all cities are named, those behind are: in two things before one, then A to Z."""
    colors = ("red", "amber", "green")
    marks = (mark.colour for mark in (row.milestones, row.money))
    return tuple(sorted(colors.index(mark) if mark in colors else len(colors) for mark in marks)), row.city


def _risks_and_asks(body: PortfolioSection) -> Section | None:
    """Together, the reddest risks first: what stands in the way, and what is wanted against it."""
    asks = tuple((line.city, line.ref.name, line.what_we_need) for line in body.updates if line.what_we_need.strip())
    if not asks and not body.risks:
        return None
    heads = (
        GridColumn(_("City"), weight=1.0),
        GridColumn(_("Kind"), "mark", weight=1.2),
        GridColumn(_("What"), weight=3),
        GridColumn(_("What is done about it"), weight=2.6),
    )
    rows = (
        *(
            (risk.city, _("{level} risk").format(level=mark_label(risk.level)), risk.title, _short(risk.mitigation))
            for risk in body.risks[:MOST_RISKS]
        ),
        *(
            (city, _("Ask, {quarter}").format(quarter=quarter), _short(words), "")
            for city, quarter, words in asks[:MOST_ASKS]
        ),
    )
    left_out = max(len(body.risks) - MOST_RISKS, 0) + max(len(asks) - MOST_ASKS, 0)
    finding = "; ".join(
        words
        for is_there, words in (
            (bool(body.risks), _ngettext("{count} open risk", "{count} open risks", len(body.risks))),
            (bool(asks), _ngettext("{count} ask from a city", "{count} asks from cities", len(asks))),
        )
        if is_there
    )
    return Section(
        _("Risks and asks"),
        finding=finding,
        grids=(Grid(_("Risks and asks"), heads, rows, finding=finding, left_out=left_out, is_one_slide=True),),
    )


def _ngettext(one: str, many: str, count: int) -> str:
    return ngettext(one, many, count).format(count=count)


def _short(words: str) -> str:
    said = " ".join(words.split())
    return said if len(said) <= ASK else f"{said[:ASK].rsplit(' ', 1)[0]} …"


def _method(figures: PortfolioFigures, body: PortfolioSection) -> Section:
    """What holds for all of it, and what nobody recorded yet."""
    missing = [
        words
        for is_there, words in (
            (bool(body.money.entries), _("transactions")),
            (bool(body.people.lines), _("counts of people")),
            (bool(body.families), _("values of indicators")),
            (bool(body.risks), _("open risks")),
            (bool(body.updates), _("quarterly updates")),
        )
        if not is_there
    ]
    rows = [
        (_("Results"), _("Quoted from the sources named on the portal. No verdict is given on results of others.")),
        *_verdict_row(body.record),
        (_("Reach"), _("Counts people or things. It is not an effect.")),
        (_("Not found"), _("We searched and saw nothing. It does not mean that nothing happened.")),
        (_("Dollars"), f"{body.money.not_added} {body.money.price_note.capitalize()}."),
        *_incomes(figures, is_said=body.dollars is None),
    ]
    if figures.initiative.pledge is not None:
        amount = format_dollars(figures.initiative.pledge)
        source = figures.initiative.pledge_source
        said = _("{amount} was announced and is in no total. Source: {source}").format(amount=amount, source=source)
        rows.append((_("Pledge"), said))
    if missing:
        rows.append((_("Not recorded yet"), ", ".join(missing)))
    if figures.fictional and not body.is_fictional:
        rows.append((_("Demo work"), _("Made-up work is left out here; the workbook has it on pages of its own.")))
    grid = Grid(_("How we know"), (GridColumn(_("About")), GridColumn(_("What holds"), weight=5)), tuple(rows))
    finding = _("No figure here says what the money caused")
    return Section(_("How we know"), finding=finding, grids=(replace(grid, finding=finding),))


def _verdict_row(record: RecordPart | None) -> list[tuple[str, str]]:
    """What a verdict is, where there is one."""
    verdicts = {one.label for one in VERDICTS.values()}
    if record is None or not any(line.state in verdicts for line in record.lines):
        return []
    said = _("Of the cities’ own pilots only: by one rule, fixed before the data. {address}")
    return [(_("Verdicts"), said.format(address=f"{settings.PORTAL_URL.rstrip('/')}/methods/#verdict-rule"))]


def _incomes(figures: PortfolioFigures, *, is_said: bool) -> list[tuple[str, str]]:
    """Whose dollars the incomes of the need are in, and what they are where its own section is left out."""
    lines = figures.need.lines
    if not (found := incomes(lines)):
        return []
    if is_said:
        return [(_("Incomes"), shown_dollars().sentence)]
    years = _("Children born 1978 to 1983; no result of this work.")
    return [(_("Need"), f"{reached(lines)}: {found}. {years} {shown_dollars().note}".strip())]
