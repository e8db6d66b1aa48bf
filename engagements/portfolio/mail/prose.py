"""A quarter of a portfolio in the words of a mail: each number with its unit, and why it has no interval."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from atlas.formatting.counts import format_count
from atlas.formatting.dates import format_day
from atlas.formatting.money import format_whole_dollars
from engagements.discussion.mail.messages import absolute_url, path_of
from engagements.portfolio.figures import Figure
from engagements.portfolio.filters import quarter_label, write_as_of
from engagements.portfolio.queries.quarter import QuarterOfPortfolio, QuarterPart

MOST = 12  # lines of one list; the page has all
_ONE = {"people": "person", "cities": "city", "milestones": "milestone", "households": "household"}


@dataclass(frozen=True)
class MailFigure:
    label: str
    value: str
    note: str
    before: str
    uncertainty: str
    link: str


@dataclass(frozen=True)
class MailSection:
    """`late` and `published`: words and link of each, with how many more there are. `begins`: nothing was recorded
    when the quarter began, so there is nothing to compare its end with."""

    is_fictional: bool
    begins: bool
    sentence: str
    figures: tuple[MailFigure, ...]
    late: tuple[tuple[str, str], ...]
    more_late: int
    published: tuple[tuple[str, str], ...]
    more_published: int
    risks: str


def subject_of(content: QuarterOfPortfolio) -> str:
    late = sum(len(part.late) for part in content.parts if not part.body.is_fictional)
    told = f", milestones overdue in {late} {'city' if late == 1 else 'cities'}" if late else ""
    return f"{content.initiative.name}: {quarter_label(content.quarter)}{told}"


def context_of(content: QuarterOfPortfolio) -> dict:
    return {
        "initiative": content.initiative,
        "quarter": quarter_label(content.quarter),
        "as_of": f"the end of {format_day(content.as_of)} (UTC)",
        "parts": tuple(_section(part, content) for part in content.parts),
        "page": absolute_url(_page(content)),
    }


def _section(part: QuarterPart, content: QuarterOfPortfolio) -> MailSection:
    late = tuple((f"{row.city}: {amount(row.late)} overdue", absolute_url(row.late.entries)) for row in part.late)
    published = tuple(
        (
            f"{line.city}: update on {line.ref.name}, published {format_day(line.ref.published_at)}",
            absolute_url(path_of("quarterlyupdate", line.ref.pk, None)),
        )
        for line in part.published
    )
    risks = len(part.body.risks)
    return MailSection(
        is_fictional=part.body.is_fictional,
        begins=not part.before,
        sentence=part.body.sentence,
        figures=tuple(_figure(each, _before(each, part, content), content) for each in part.body.headline),
        late=late[:MOST],
        more_late=max(0, len(late) - MOST),
        published=published[:MOST],
        more_published=max(0, len(published) - MOST),
        risks=f"{risks} open {'risk' if risks == 1 else 'risks'}" if risks else "No open risk is recorded",
    )


def _figure(figure: Figure, before: str, content: QuarterOfPortfolio) -> MailFigure:
    link = absolute_url(figure.entries if figure.entries.startswith("/") else _page(content) + figure.entries)
    uncertainty = "" if figure.value is None else figure.uncertainty
    return MailFigure(figure.label, amount(figure), figure.note, before, uncertainty, link)


def _before(figure: Figure, part: QuarterPart, content: QuarterOfPortfolio) -> str:
    day = f"at the end of {format_day(content.began)}"
    if not part.before:
        return ""
    value = part.before[figure.key]
    return f"{'none recorded' if value is None else _number(value, figure.unit)} {day}"


def _page(content: QuarterOfPortfolio) -> str:
    """As of the quarter's end."""
    return f"/portfolio/{content.initiative.slug}/?" + urlencode({"as_of": write_as_of(content.as_of)})


def amount(figure: Figure) -> str:
    """“$1,200,000”, “1 milestone”, “none recorded”."""
    return "none recorded" if figure.value is None else _number(figure.value, figure.unit)


def _number(value: Decimal, unit: str) -> str:
    if unit == "usd":
        return format_whole_dollars(value)
    return f"{format_count(value)} {_ONE.get(unit, unit) if value == 1 else unit}"
