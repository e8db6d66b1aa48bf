"""Results, projects and searches of one engagement as a viewer may read them: the team drafts, others publications."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from engagements.access.discussion import visible_documents
from engagements.access.engagements import engagement_for
from engagements.access.pilots import visible_pilots
from engagements.access.results import (
    reply_request_for,
    result_for,
    visible_projects,
    visible_reply_requests,
    visible_results,
    visible_searches,
)
from engagements.access.roles import has_permission_anywhere, permissions_by_engagement, permissions_in
from engagements.models import (
    Engagement,
    Organisation,
    Pilot,
    PilotResult,
    Plan,
    Project,
    ReplyLink,
    ReplyRequest,
    Result,
    ResultPublication,
    User,
)
from engagements.permissions import EDIT_EVIDENCE, EDIT_RESULT, REVIEW_RESULT, VIEW_PUBLISHED, VIEW_RESULT
from engagements.results.queries.published import (
    NOT_ASKED,
    PublishedResult,
    Reply,
    published_results,
    reply_of,
    same_outcome,
)
from engagements.results.queries.rows import fields_of
from engagements.results.records import RESULT_COLUMNS, ResultFields, from_content
from engagements.results.rules.sentences import state_of
from engagements.reviews.rules.checklists import RESULT as CHECKLIST
from engagements.reviews.rules.checklists import first_statements
from engagements.verdicts import REPORTED, VERDICTS, Shown, Verdict
from engagements.workflow import RESULT

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class Publication:
    """One wording that was public. `changes`: (field, before, after) against the one before."""

    number: int
    kind: str
    at: datetime
    why: str
    sentence: str
    fields: ResultFields
    changes: tuple[tuple[str, object, object], ...]
    checked: tuple[str, ...]  # points the reviewer said yes to, as they were given


@dataclass(frozen=True)
class PilotBehind:
    """The pilot that found it. `has_bundle`: it is published with an analysis whose data are kept;
    its page says whether counts are small enough to be withheld."""

    pk: int
    title: str
    has_bundle: bool


@dataclass(frozen=True)
class ResultDetail:
    """`fields` and `sentence` as this viewer reads them; `is_draft`: they are not public yet.

    `publications`: newest first. `others`: at the same outcome. `next_states`: (value, label) it may be moved to.
    """

    pk: int
    version: int
    engagement: Engagement
    project: Project | None
    fields: ResultFields
    sentence: str
    status: str
    status_label: str
    is_draft: bool
    is_retracted: bool
    is_shipped: bool
    is_fictional: bool
    publications: tuple[Publication, ...]
    reply: Reply
    request: int | None  # id of the request about this sentence
    others: tuple[PublishedResult, ...]
    documents: dict[int, str]  # titles of documents the viewer may open
    next_states: tuple[tuple[str, str], ...]
    held: frozenset[str]
    written_by_viewer: bool
    may_add_to_library: bool
    pilot: PilotBehind | None = None

    @property
    def shown(self) -> Shown:
        state = state_of(self.fields)
        return REPORTED[state] if state is not None else VERDICTS[Verdict(self.fields.verdict)]

    @property
    def may_edit(self) -> bool:
        return EDIT_RESULT in self.held

    @property
    def may_review(self) -> bool:
        return REVIEW_RESULT in self.held

    @property
    def is_team(self) -> bool:
        return VIEW_RESULT in self.held

    @property
    def last(self) -> Publication | None:
        return self.publications[0] if self.publications else None


@dataclass(frozen=True)
class SearchLine:
    pk: int
    version: int
    sentence: str
    searched_by: str
    what: str
    places: str
    is_public: bool
    reply: Reply
    request: int | None
    written_by: int | None


@dataclass(frozen=True)
class ResultLine:
    """A result in the list of its engagement."""

    pk: int
    sentence: str
    outcome: str
    status: str
    status_label: str
    shown: Shown
    reply: Reply
    is_outside: bool
    has_later_draft: bool


@dataclass(frozen=True)
class ProjectLines:
    """A project with its results and searches; `project` None: results outside the initiative."""

    project: Project | None
    results: tuple[ResultLine, ...]
    searches: tuple[SearchLine, ...]


def engagement_results(viewer: User, slug: str) -> tuple[Engagement, tuple[ProjectLines, ...]]:
    """Everything of one engagement the viewer may read. Raises NotFound. At most eleven statements."""
    today = timezone.localdate()
    within = engagement_for(viewer, slug, VIEW_PUBLISHED)
    is_team = VIEW_RESULT in permissions_in(viewer, within.pk)
    projects = list(visible_projects(viewer).filter(engagement=within).order_by("title", "pk"))
    requests = _requests(viewer, Q(engagement=within)) if is_team else {}
    published = {one.pk: one for one in published_results(Q(result__engagement=within), today)}
    lines: dict[int | None, list[ResultLine]] = {}
    for row in visible_results(viewer).filter(engagement=within).order_by("pk"):
        lines.setdefault(row.project_id, []).append(_line(row, published.get(row.pk), is_team, requests, today))
    searches: dict[int, list[SearchLine]] = {}
    for one in visible_searches(viewer).filter(engagement=within).order_by("-searched_on"):
        found = requests.get(("search", one.pk, one.sentence))
        searches.setdefault(one.project_id, []).append(
            SearchLine(
                one.pk,
                one.version,
                one.sentence,
                one.searched_by,
                one.what,
                one.places,
                one.published_at is not None,
                reply_of(found, today) if found else NOT_ASKED,
                found.pk if found else None,
                one.written_by_id,
            )
        )
    groups = [ProjectLines(one, tuple(lines.get(one.pk, ())), tuple(searches.get(one.pk, ()))) for one in projects]
    if outside := lines.get(None):
        groups.append(ProjectLines(None, tuple(outside), ()))
    return within, tuple(groups)


def result_page(viewer: Viewer, pk: int) -> ResultDetail:
    """Raises NotFound."""
    (found,) = _details(viewer, [result_for(viewer, pk)])
    return found


def result_pages(viewer: Viewer, rows: QuerySet[Result]) -> tuple[ResultDetail, ...]:
    """Of `visible_results` as they come. At most ten statements, whatever their number."""
    return _details(viewer, list(rows.select_related("engagement__city", "engagement__initiative", "project")))


def _details(viewer: Viewer, rows: list[Result]) -> tuple[ResultDetail, ...]:
    today = timezone.localdate()
    engagements = {row.engagement_id for row in rows}
    held = permissions_by_engagement(viewer, engagements)
    publications = _publications(rows)
    published = published_results(Q(result__engagement__in=engagements), today)
    read = {
        row.pk: _wording(row, publications.get(row.pk, ()), VIEW_RESULT in held.get(row.engagement_id, frozenset()))
        for row in rows
    }
    requests = {
        (one.result_id, one.sentence): one
        for one in ReplyRequest.objects.filter(result__in=[row.pk for row in rows], archived_at=None).select_related(
            "organisation"
        )
    }
    writes_library = has_permission_anywhere(viewer, EDIT_EVIDENCE)
    documents = _documents(viewer, [fields for fields, _sentence in read.values()])
    pilots = _pilots(viewer, [pk for pk, (fields, _sentence) in read.items() if fields.verdict])
    return tuple(
        _detail(
            viewer,
            row,
            *read[row.pk],
            publications.get(row.pk, ()),
            requests.get((row.pk, read[row.pk][1])),
            published,
            documents,
            held.get(row.engagement_id, frozenset()),
            writes_library,
            today,
            pilots.get(row.pk),
        )
        for row in rows
    )


def _pilots(viewer: Viewer, results: list[int]) -> dict[int, PilotBehind]:
    """By result, of pilots this person sees. One statement, none without a verdict of our own."""
    if not results:
        return {}
    links = PilotResult.objects.filter(result__in=results, pilot__in=visible_pilots(viewer))
    rows = links.values_list(
        "result", "pilot", "pilot__title", "pilot__state", "analysis__dataset__deleted_at", "analysis"
    )
    return {
        result: PilotBehind(
            pilot, title, state == Pilot.State.PUBLISHED and analysis is not None and deleted_at is None
        )
        for result, pilot, title, state, deleted_at, analysis in rows
    }


def _wording(row: Result, publications: tuple[Publication, ...], is_team: bool) -> tuple[ResultFields, str]:
    if is_team or not publications:
        return fields_of(row), row.sentence
    return publications[0].fields, publications[0].sentence


def _detail(
    viewer: Viewer,
    row: Result,
    fields: ResultFields,
    sentence: str,
    publications: tuple[Publication, ...],
    request: ReplyRequest | None,
    published: tuple[PublishedResult, ...],
    documents: dict[int, str],
    held: frozenset[str],
    writes_library: bool,
    today: date,
    pilot: PilotBehind | None,
) -> ResultDetail:
    is_team = VIEW_RESULT in held
    last = publications[0] if publications else None
    me = next((one for one in published if one.pk == row.pk), None)
    return ResultDetail(
        row.pk,
        row.version,
        row.engagement,
        row.project,
        fields,
        sentence,
        row.status if is_team or last is None else "retracted" if last.kind == "retracted" else "published",
        RESULT.state(row.status).label if is_team else last.kind.capitalize() if last else "",
        is_team and row.status in ("draft", "in_review"),
        bool(last and last.kind == "retracted"),
        bool(row.seed_sha256) and row.written_by_id is None,
        row.is_fictional or row.engagement.is_fictional,
        publications,
        reply_of(request, today) if request else NOT_ASKED,
        request.pk if request else None,
        same_outcome(published, me) if me else (),
        documents,
        tuple((state.value, state.label) for state in RESULT.next_states(row.status, held)),
        held,
        bool(viewer.is_authenticated and row.written_by_id == viewer.pk),
        writes_library and last is not None and last.kind != "retracted",
        pilot,
    )


@dataclass(frozen=True)
class ReplyDetail:
    """A request for a reply, as its contact and the team read it."""

    request: ReplyRequest
    reply: Reply
    is_overdue: bool


def reply_page(viewer: User, pk: int) -> ReplyDetail:
    """Raises NotFound."""
    row = reply_request_for(viewer, pk)
    today = timezone.localdate()
    return ReplyDetail(row, reply_of(row, today), not row.answer and row.due_on < today)


@dataclass(frozen=True)
class ReplyLinkRow:
    """`state`: open, used, revoked or expired. `openings`, `addresses`: how often, and from how many addresses."""

    pk: int
    email: str
    created_at: datetime
    expires_at: datetime
    state: str
    openings: int
    addresses: int
    refused: int


def reply_links(request: int, *, now: datetime) -> tuple[ReplyLinkRow, ...]:
    """Of a request its reader may send links for. One statement."""
    opened = Q(uses__what="opened")
    rows = ReplyLink.objects.filter(request_id=request).annotate(
        openings=Count("uses", filter=opened),
        addresses=Count("uses__address_hash", filter=opened, distinct=True),
        refused=Count("uses", filter=Q(uses__what="refused")),
    )
    return tuple(
        ReplyLinkRow(
            row.pk,
            row.email,
            row.created_at,
            row.expires_at,
            "used" if row.used_at else "revoked" if row.revoked_at else "open" if now < row.expires_at else "expired",
            row.openings,
            row.addresses,
            row.refused,
        )
        for row in rows[:50]
    )


def organisation_choices(engagement: Engagement) -> list[tuple[int, str]]:
    """(id, name) of the engagement's partners."""
    found = Organisation.objects.filter(partnerships__engagement=engagement).distinct().order_by("name")
    return list(found.values_list("pk", "name"))


def project_choices(engagement: Engagement) -> list[tuple[int, str]]:
    return list(
        Project.objects.filter(engagement=engagement, archived_at=None).order_by("title").values_list("pk", "title")
    )


def plan_choices(engagement: Engagement) -> list[tuple[int, str]]:
    return list(
        Plan.objects.filter(engagement=engagement, archived_at=None).order_by("title").values_list("pk", "title")
    )


def document_choices(viewer: User, engagement: Engagement) -> list[tuple[int, str]]:
    """Documents this person may cite."""
    return list(visible_documents(viewer).filter(engagement=engagement).order_by("title").values_list("pk", "title"))


def _line(
    row: Result,
    published: PublishedResult | None,
    is_team: bool,
    requests: dict[tuple[str, int, str], ReplyRequest],
    today: date,
) -> ResultLine:
    if published is not None and (not is_team or row.status in ("published", "retracted")):
        kind = published.kind if published.kind == "retracted" else row.status
        return ResultLine(
            row.pk,
            published.sentence,
            published.fields.outcome,
            kind,
            published.kind.capitalize(),
            published.shown,
            published.reply,
            published.fields.is_outside,
            row.status in ("draft", "in_review"),
        )
    fields = fields_of(row)
    state, found = state_of(fields), requests.get(("result", row.pk, row.sentence))
    return ResultLine(
        row.pk,
        row.sentence,
        row.outcome,
        row.status,
        RESULT.state(row.status).label,
        REPORTED[state] if state is not None else VERDICTS[Verdict(fields.verdict)],
        reply_of(found, today) if found else NOT_ASKED,
        row.is_outside,
        False,
    )


def _requests(viewer: User, where: Q) -> dict[tuple[str, int, str], ReplyRequest]:
    found = {}
    for row in visible_reply_requests(viewer).filter(where):
        subject, pk = ("result", row.result_id) if row.result_id else ("search", row.search_id)
        found[subject, pk or 0, row.sentence] = row
    return found


def _publications(rows: list[Result]) -> dict[int, tuple[Publication, ...]]:
    """By result, newest first, each with what it changed. One statement."""
    earlier_words = first_statements(CHECKLIST)  # until decisions were kept, publications kept the keys
    made: dict[int, list[Publication]] = {}
    for one in ResultPublication.objects.filter(result__in=[row.pk for row in rows]).order_by("result_id", "number"):
        fields, earlier = from_content(one.content), made.setdefault(one.result_id, [])
        before = earlier[-1].fields if earlier else None
        changes = tuple(
            (name, getattr(before, name), getattr(fields, name))
            for name in RESULT_COLUMNS
            if before is not None and getattr(before, name) != getattr(fields, name)
        )
        checked = tuple(earlier_words.get(words, words) for words in one.checklist)
        earlier.append(
            Publication(one.number, one.kind, one.published_at, one.why, one.sentence, fields, changes, checked)
        )
    return {pk: tuple(reversed(found)) for pk, found in made.items()}


def _documents(viewer: Viewer, results: list[ResultFields]) -> dict[int, str]:
    ids = {one.document for fields in results for one in fields.sources if one.document is not None}
    if not ids or not viewer.is_authenticated:
        return {}
    return dict(visible_documents(viewer).filter(pk__in=ids).values_list("pk", "title"))
