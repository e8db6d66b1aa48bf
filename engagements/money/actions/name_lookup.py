"""What the words and numbers of a finance table name: an engagement's funders, plans, projects, milestones, entries."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from atlas.models import CityTract
from engagements.models import Engagement, LedgerEntry, Milestone, Organisation, Plan, Project, ProjectPlan
from engagements.money.actions import checks
from engagements.money.import_rows import ReadEntry
from engagements.money.queries.choices import funders_of
from engagements.money.rules.checks import Problem

Likeness = tuple[str, Decimal, date, int, str]  # stage, amount, day, id of the funder, plain name of the payee


class NameLookup:
    """Everything rows are matched with, read in a handful of statements whatever their number."""

    def __init__(self, within: Engagement, source_system: str, entries: Iterable[ReadEntry]):
        entries = tuple(entries)
        self.city = str(within.city)
        self._funders: dict[str, Organisation] = {}
        for row in funders_of(within.initiative_id, within.city_id):
            self._funders.setdefault(_plain(row.name), row)
            self._funders.setdefault(row.slug, row)
        self._plans = _by_number_and_title(Plan.objects.filter(engagement=within, archived_at=None))
        self._projects = _by_number_and_title(Project.objects.filter(engagement=within, archived_at=None))
        links = ProjectPlan.objects.filter(engagement=within).values_list("plan_id", "project_id", "project__title")
        self._project_of = {plan: (project, title) for plan, project, title in links}
        self._milestones = _by_number_and_title(Milestone.objects.filter(engagement=within, archived_at=None))
        numbers = {text for entry in entries for text in (entry.external_id, entry.reverses) if text}
        known = LedgerEntry.objects.filter(engagement=within, source_system=source_system, external_id__in=numbers)
        self._numbers = {row.external_id: row for row in known.select_related("funder")}
        taken = LedgerEntry.objects.filter(reverses__in=[row.pk for row in self._numbers.values()])
        self._reversed = set(taken.values_list("reverses_id", flat=True))
        geoids = {geoid for entry in entries for geoid, _ in entry.tracts}
        touching = CityTract.objects.filter(city=within.city_id, vintage=2010, geoid__in=geoids)
        self._strange = geoids - set(touching.values_list("geoid", flat=True))
        self._likes = _likes(within, entries)

    def funder(self, entry: ReadEntry, problems: list[Problem]) -> Organisation | None:
        found = self._funders.get(_plain(entry.funder))
        if found is None:
            names = ", ".join(dict.fromkeys(row.name for row in self._funders.values())) or "none yet"
            problems.append(("funder", f"“{entry.funder[:60]}” is no funder here. Known are: {names}."))
        return found

    def plan(self, entry: ReadEntry, problems: list[Problem]) -> int | None:
        return _match("plan", entry.plan, self._plans, problems)

    def project(self, entry: ReadEntry, plan: int | None, problems: list[Problem]) -> int | None:
        """`plan`: of the same row. The two agree."""
        found = _match("project", entry.project, self._projects, problems)
        if found is not None and plan is not None:
            problems += checks.project_problems(found, self._project_of.get(plan))
        return found

    def milestone(self, entry: ReadEntry, problems: list[Problem]) -> int | None:
        return _match("milestone", entry.milestone, self._milestones, problems)

    def tracts(self, entry: ReadEntry) -> Iterable[Problem]:
        strange = [geoid for geoid, _ in entry.tracts if geoid in self._strange]
        if strange:
            yield "tracts", f"Not in {self.city}: tract {', '.join(strange[:3])}."

    def number(self, external_id: str) -> LedgerEntry | None:
        return self._numbers.get(external_id) if external_id else None

    def is_reversed(self, entry: LedgerEntry) -> bool:
        return entry.pk is not None and entry.pk in self._reversed

    def alike(self, row: LedgerEntry) -> LedgerEntry | None:
        return self._likes.get(_likeness(row))


def _likes(within: Engagement, entries: tuple[ReadEntry, ...]) -> dict[Likeness, LedgerEntry]:
    if not entries:
        return {}
    days = [entry.occurred_on for entry in entries]
    known = LedgerEntry.objects.filter(
        engagement=within,
        reverses=None,
        reversed_by=None,
        occurred_on__gte=min(days),
        occurred_on__lte=max(days),
        amount_usd__in={entry.amount for entry in entries},
    )
    return {_likeness(row): row for row in known}


def _likeness(row: LedgerEntry) -> Likeness:
    return str(row.stage), row.amount_usd, row.occurred_on, row.funder_id, _plain(row.payee)


def _by_number_and_title(rows: Iterable[Plan] | Iterable[Project] | Iterable[Milestone]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        for name in {str(row.pk), _plain(row.title)}:
            found.setdefault(name, []).append(row.pk)
    return found


def _match(field: str, text: str, known: dict[str, list[int]], problems: list[Problem]) -> int | None:
    if not text:
        return None
    found = known.get(_plain(text), [])
    if len(found) > 1:
        problems.append(
            (field, f"{len(found)} {field}s are called “{text[:60]}”. Give the number of the one you mean.")
        )
    elif not found:
        problems.append((field, f"This engagement has no {field} “{text[:60]}”."))
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
