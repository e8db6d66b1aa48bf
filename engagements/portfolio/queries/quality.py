"""How well the record is kept: what is due of people who work in the cities and not done, as numbers alone."""

from collections import Counter

from django.utils.translation import gettext as _

from engagements.duties.presenters import KIND_LABELS
from engagements.duties.queries import count_duties
from engagements.duties.rules import DutyKind
from engagements.portfolio.figures import Figure
from engagements.portfolio.queries.scope import City, PortfolioScope


def quality_figures(scope: PortfolioScope, cities: list[City]) -> tuple[Figure, ...]:
    """In the order of the kinds, without those of which nothing is open. Six statements at most, none of a past
    moment: what was due then is not kept."""
    if scope.as_of is not None or not cities:
        return ()
    opened: Counter[DutyKind] = Counter()
    overdue: Counter[DutyKind] = Counter()
    for city in count_duties([city.pk for city in cities], today=scope.today).values():
        for count in city.counts:
            opened[count.kind] += count.open
            overdue[count.kind] += count.overdue
    return tuple(
        scope.figure(
            f"duty-{kind.value}",
            str(KIND_LABELS[kind]),
            opened[kind],
            "duties",
            _("What comes up again and again in engagements at work or ended, and has not been done."),
            "",
            note=_("{count} overdue").format(count=overdue[kind]) if overdue[kind] else _("none overdue"),
        )
        for kind in DutyKind
        if opened[kind]
    )
