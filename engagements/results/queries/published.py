"""What the public reads of results: a line for each project, by what is known of it. Nothing of a draft is here.

For other rooms (home page, cities compared, library, portfolio, reports):

- `record_of_cities()`: for each real city the project of which most is known, with its result.
- `initiative_record(initiative_id)`: the same for one initiative, grouped by what is known, with its counts.
- `record_of_engagement(slug)`: what is published of one engagement, project by project.
- `evidence_states(initiative_id)`: for dollars: what is known of each project and of each plan that calculates for it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import (
    Organisation,
    Participation,
    Project,
    ProjectPlan,
    ReplyRequest,
    ResultPublication,
    SearchRecord,
)
from engagements.results.records import ResultFields, from_content
from engagements.results.rules.replies import reply_words
from engagements.results.rules.sentences import design_words, margin_words, size_words, state_of
from engagements.verdicts import REPORTED, VERDICTS, Shown, Verdict

# Of a publication and what it hangs on: a page may hold hundreds, and their rows are wide.
_READ = (
    "result_id",
    "number",
    "kind",
    "content",
    "sentence",
    "published_at",
    "result__seed_sha256",
    "result__written_by_id",
    "result__is_fictional",
    "result__engagement__slug",
    "result__engagement__is_fictional",
    "result__engagement__city__name",
    "result__engagement__city__slug",
)
SIZED, UNSIZED, NOT_FOUND, OPEN = "sized", "unsized", "not_found", "open"
KINDS = (SIZED, UNSIZED, NOT_FOUND, OPEN)
# What dollars paid for, beside the verdicts.
REPORTED_ONLY, TESTED, NO_TEST, NOT_LINKED = "reported", "being_tested", "no_test", "not_linked"
DOLLAR_STATES = (*(verdict.value for verdict in Verdict), REPORTED_ONLY, TESTED, NO_TEST, NOT_LINKED)


@dataclass(frozen=True)
class Reply:
    """What the city, or an organization that was asked, said to the sentence. `words` travel with it; "" of what nobody
    was asked about."""

    words: str
    answer: str = ""
    asked_on: date | None = None
    replied_on: date | None = None
    is_city: bool = True  # and no organization beside it

    @property
    def is_confirmed(self) -> bool:
        return self.answer == "agree" and self.is_city


NOT_ASKED = Reply("")


@dataclass(frozen=True)
class PublishedResult:
    """A result as it was published last. `others` at the same outcome are read beside it."""

    pk: int
    engagement_slug: str
    city: str
    city_slug: str
    project_id: int | None
    fields: ResultFields
    sentence: str
    kind: str  # published, corrected, retracted
    number: int  # how many times it was published
    published_at: datetime
    reply: Reply
    is_shipped: bool
    is_fictional: bool
    engagement: int

    @property
    def is_retracted(self) -> bool:
        return self.kind == "retracted"

    @property
    def shown(self) -> Shown:
        """Mark and words: its verdict, or what its interval says."""
        state = state_of(self.fields)
        return REPORTED[state] if state is not None else VERDICTS[Verdict(self.fields.verdict)]

    @property
    def design(self) -> str:
        return design_words(self.fields)

    @property
    def size(self) -> str:
        return size_words(self.fields)

    @property
    def margin(self) -> str:
        return margin_words(self.fields)

    @property
    def confirmed(self) -> str:
        """What the city says, in words that stand beside the sentence."""
        return self.reply.words or _("not yet confirmed by the city")


@dataclass(frozen=True)
class PublishedSearch:
    """Somebody looked until `searched_on` and found no published result."""

    pk: int
    sentence: str
    searched_on: date
    searched_by: str
    places: str
    what: str
    reply: Reply


@dataclass(frozen=True)
class ProjectRow:
    """One project, one line. `kind` of KINDS; `result`: the one that says most, `results`: all that stand.

    `retracted` were published and are withdrawn. `search`: the last one, where no result stands.
    """

    pk: int
    engagement_slug: str
    city: str
    city_slug: str
    title: str
    tried: str
    partners: str
    status: str
    status_words: str
    starts_on: date | None
    ends_on: date | None
    money_words: str
    what_happened_next: str
    source: str
    is_fictional: bool
    kind: str
    dollars: str  # of DOLLAR_STATES
    reach: str
    result: PublishedResult | None
    results: tuple[PublishedResult, ...]
    retracted: tuple[PublishedResult, ...]
    search: PublishedSearch | None
    initiative: str = ""

    @property
    def finding(self) -> str:
        """The sentence the public reads; "" while neither a result nor a search was published."""
        if self.result:
            return self.result.sentence
        return self.search.sentence if self.search else ""

    @property
    def design(self) -> str:
        return self.result.design if self.result else ""

    @property
    def cost(self) -> str:
        """What it cost for each, with its price year; else what sources say of the project's money."""
        fields = self.result.fields if self.result else None
        if fields and fields.cost_usd is not None:
            each, year = fields.cost_unit, fields.cost_price_year
            return _("${cost} for {each} ({year} dollars)").format(cost=f"{fields.cost_usd:,.0f}", each=each, year=year)
        return self.money_words

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """(title, address) of the result's sources, "" where a source is a document."""
        return tuple((one.title, one.url) for one in self.result.fields.sources) if self.result else ()

    @property
    def cited(self) -> str:
        """Who published it, and when: "City of Newark, November 20, 2020"; "" without a result."""
        first = self.result.fields.sources[0] if self.result and self.result.fields.sources else None
        return ", ".join(part for part in (first.publisher or first.title, first.dated) if part) if first else ""

    @property
    def confirmed(self) -> str:
        if self.result:
            return self.result.confirmed
        words = self.search.reply.words if self.search else ""
        return words or _("not yet confirmed by the city")

    @property
    def is_confirmed(self) -> bool:
        found = self.result.reply if self.result else self.search.reply if self.search else NOT_ASKED
        return found.is_confirmed


@dataclass(frozen=True)
class RecordGroup:
    """Projects of which the same is known."""

    kind: str
    label: str
    rows: tuple[ProjectRow, ...]


@dataclass(frozen=True)
class InitiativeRecord:
    """Groups in the order of KINDS, empty ones left out; `outside`: related results, not shown to be of the initiative.

    `searched_on`: the last day until which anybody looked, None where nobody did.
    """

    groups: tuple[RecordGroup, ...]
    outside: tuple[PublishedResult, ...]
    searched_on: date | None

    @property
    def rows(self) -> tuple[ProjectRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Projects of each kind of KINDS, and `intervals`: those with a published interval."""
        found = {kind: 0 for kind in KINDS} | {group.kind: len(group.rows) for group in self.groups}
        with_interval = sum(row.result is not None and row.result.fields.low is not None for row in self.rows)
        return found | {"intervals": with_interval}


@dataclass(frozen=True)
class RecordOfCities:
    """By city slug. `years`: "2019–2021"; `searched_on`: the last day until which anybody looked."""

    initiative: str
    years: str
    searched_on: date | None
    cities: dict[str, ProjectRow]

    def of(self, slug: str) -> ProjectRow | None:
        return self.cities.get(slug)


@dataclass(frozen=True)
class EvidenceStates:
    """What is known of what dollars paid for, of DOLLAR_STATES; a plan that no project names is not in `by_plan`."""

    by_project: dict[int, str] = field(default_factory=dict)
    by_plan: dict[int, str] = field(default_factory=dict)
    project_of_plan: dict[int, int] = field(default_factory=dict)

    def of(self, plan: int | None, project: int | None) -> str:
        """Of dollars that name a plan, a project, both or neither."""
        if project is not None:
            return self.by_project.get(project, NOT_LINKED)
        return NOT_LINKED if plan is None else self.by_plan.get(plan, NOT_LINKED)


def group_labels() -> dict[str, str]:
    return {
        SIZED: _("Reported with a size"),
        UNSIZED: _("Reported without a size"),
        NOT_FOUND: _("No published result found"),
        OPEN: _("No result recorded yet"),
    }


def initiative_record(initiative_id: int, today: date | None = None) -> InitiativeRecord:
    """What is public of one initiative, by what is known and then by city. Five statements."""
    rows, outside = _read({"initiative_id": initiative_id}, today)
    labels = group_labels()
    groups = tuple(
        RecordGroup(kind, labels[kind], found)
        for kind in KINDS
        if (found := tuple(row for row in rows if row.kind == kind))
    )
    days = [row.search.searched_on for row in rows if row.search]
    return InitiativeRecord(groups, outside, max(days, default=None))


def record_of_cities(today: date | None = None) -> RecordOfCities:
    """Of real engagements: each city's project of which most is known. Six statements."""
    rows, _outside = _read({"is_fictional": False}, today)
    found: dict[str, ProjectRow] = {}
    for row in sorted(rows, key=lambda row: KINDS.index(row.kind)):
        if row.kind != OPEN:  # words of a team that published nothing are not the public's
            found.setdefault(row.city_slug, row)
    if not found:
        return RecordOfCities("", "", None, {})
    within = {row.engagement_slug for row in found.values()}
    ends = Participation.objects.filter(engagement__slug__in=within).aggregate(
        first=Min("began_on"), last=Max("began_on", filter=Q(status="completed"))
    )
    years = [str(day.year) for day in (ends["first"], ends["last"]) if day]
    days = [row.search.searched_on for row in found.values() if row.search]
    initiatives = ", ".join(dict.fromkeys(row.initiative for row in rows if row.engagement_slug in within))
    return RecordOfCities(initiatives, "–".join(dict.fromkeys(years)), max(days, default=None), found)


def record_of_engagement(slug: str, today: date | None = None) -> tuple[ProjectRow, ...]:
    """Its projects with a published result or search, the one of which most is known first. Five statements."""
    rows, _outside = _read({"slug": slug}, today)
    return tuple(sorted((row for row in rows if row.kind != OPEN), key=lambda row: KINDS.index(row.kind)))


def evidence_states(initiative_id: int) -> EvidenceStates:
    """For dollars of the ledger, which name a plan: plan -> project -> what is known. Six statements."""
    rows, _outside = _read({"initiative_id": initiative_id}, None)
    by_project = {row.pk: row.dollars for row in rows}
    links = dict(
        ProjectPlan.objects.filter(engagement__initiative_id=initiative_id, project__archived_at=None).values_list(
            "plan_id", "project_id"
        )
    )
    by_plan = {plan: by_project[project] for plan, project in links.items() if project in by_project}
    return EvidenceStates(by_project, by_plan, links)


def published_results(where: Q, today: date | None = None) -> tuple[PublishedResult, ...]:
    """The last publication of each result that `where` (on ResultPublication) chooses, by city. Two statements."""
    today = today or timezone.localdate(timezone=UTC)
    found = list(
        ResultPublication.objects.filter(where, result__archived_at=None)
        .select_related("result__engagement__city")
        .only(*_READ)
        .order_by("result_id", "-number")
        .distinct("result_id")
    )
    replies = _replies(Q(result__in=[one.result_id for one in found]), today) if found else {}
    made = (_published(one, replies.get(("result", one.result_id, one.sentence), NOT_ASKED)) for one in found)
    return tuple(sorted(made, key=lambda one: (one.city, one.pk)))


def _read(engagement: dict[str, object], today: date | None) -> tuple[list[ProjectRow], tuple[PublishedResult, ...]]:
    """Projects of the engagements so described, by city and title, and the results that are outside."""
    today = today or timezone.localdate(timezone=UTC)
    where = Q(**{f"engagement__{name}": value for name, value in engagement.items()})
    projects = list(
        Project.objects.filter(where, archived_at=None).select_related("engagement__city", "engagement__initiative")
    )
    results: dict[int | None, list[PublishedResult]] = defaultdict(list)
    outside = []
    of_results = Q(**{f"result__engagement__{name}": value for name, value in engagement.items()})
    for one in published_results(of_results, today):
        results[one.project_id].append(one)
        if one.fields.is_outside and not one.is_retracted:
            outside.append(one)
    searches = _searches(where, today) if projects else {}
    rows = [_row(one, results[one.pk], searches.get(one.pk)) for one in projects]
    return sorted(rows, key=lambda row: (row.city, row.title, row.pk)), tuple(outside)


def _row(project: Project, results: list[PublishedResult], search: PublishedSearch | None) -> ProjectRow:
    standing = [one for one in results if not one.is_retracted and not one.fields.is_outside]
    standing.sort(key=lambda one: (not one.fields.verdict, one.fields.low is None, not one.fields.has_size, one.pk))
    first = standing[0] if standing else None
    kind = OPEN
    if first:
        kind = SIZED if any(one.fields.has_size for one in standing) else UNSIZED
    elif search:
        kind = NOT_FOUND
    engagement = project.engagement
    return ProjectRow(
        project.pk,
        engagement.slug,
        engagement.city.name,
        engagement.city.slug,
        project.title,
        project.tried,
        project.partners,
        project.get_status_display(),
        project.status_words,
        project.starts_on,
        project.ends_on,
        project.money_words,
        project.what_happened_next,
        project.source,
        project.is_fictional or engagement.is_fictional,
        kind,
        _dollars(project, first),
        _reach(project, first),
        first,
        tuple(standing),
        tuple(one for one in results if one.is_retracted),
        None if first else search,
        engagement.initiative.name,
    )


def _dollars(project: Project, first: PublishedResult | None) -> str:
    if first:
        return first.fields.verdict or REPORTED_ONLY
    return NO_TEST if project.test == "none" else TESTED


def _reach(project: Project, first: PublishedResult | None) -> str:
    """Of the result, else of the project: a count, with what it counts."""
    for one in (first.fields if first else None, project):
        if one is not None and one.reach_number is not None:
            return f"{one.reach_number:,} {one.reach_unit}"
    return project.reach_words if project.reach_number is None else ""


def _published(row: ResultPublication, reply: Reply) -> PublishedResult:
    result = row.result
    engagement = result.engagement
    fields = from_content(row.content)
    return PublishedResult(
        result.pk,
        engagement.slug,
        engagement.city.name,
        engagement.city.slug,
        fields.project,
        fields,
        row.sentence,
        row.kind,
        row.number,
        row.published_at,
        reply,
        bool(result.seed_sha256) and result.written_by_id is None,
        result.is_fictional or engagement.is_fictional,
        engagement.pk,
    )


def _searches(where: Q, today: date) -> dict[int, PublishedSearch]:
    """The last published one of each project. Two statements."""
    rows = list(
        SearchRecord.objects.filter(where, archived_at=None, published_at__isnull=False)
        .order_by("project_id", "-searched_on", "-pk")
        .distinct("project_id")
    )
    replies = _replies(Q(search__in=[row.pk for row in rows]), today) if rows else {}
    return {
        row.project_id: PublishedSearch(
            row.pk,
            row.sentence,
            row.searched_on,
            row.searched_by,
            row.places,
            row.what,
            replies.get(("search", row.pk, row.sentence), NOT_ASKED),
        )
        for row in rows
    }


def _replies(where: Q, today: date) -> dict[tuple[str, int, str], Reply]:
    """By (subject, its id, sentence): what was said to another wording counts for nothing."""
    found: dict[tuple[str, int, str], Reply] = {}
    for row in ReplyRequest.objects.filter(where, archived_at=None).select_related("organisation"):
        subject, pk = ("result", row.result_id) if row.result_id else ("search", row.search_id)
        found[subject, pk or 0, row.sentence] = reply_of(row, today)
    return found


def reply_of(row: ReplyRequest, today: date) -> Reply:
    replied_on = row.replied_at.astimezone(UTC).date() if row.replied_at else None
    asked = row.organisation
    is_city = asked is None or asked.kind == Organisation.Kind.CITY_GOVERNMENT
    who = "The city" if is_city or asked is None else asked.name
    words = reply_words(row.answer, row.reply, row.asked_on, replied_on, row.due_on, today, who)
    return Reply(words, row.answer, row.asked_on, replied_on, is_city)


def same_outcome(results: Iterable[PublishedResult], one: PublishedResult) -> tuple[PublishedResult, ...]:
    """Others of the same project at the same outcome: they are read side by side."""
    key = one.fields.outcome.strip().casefold()
    return tuple(
        each
        for each in results
        if each.pk != one.pk and each.project_id == one.project_id and each.fields.outcome.strip().casefold() == key
    )
