"""Comments, documents and records as somebody may read them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from engagements.access.discussion import visible_comments, visible_documents, visible_records
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.discussion.previews.reasons import kind_of, reason_without
from engagements.models import COMMENT_SECTIONS, Comment, Document, Record, RecordPlace, User
from engagements.permissions import EDIT_RECORD


@dataclass(frozen=True)
class CommentRow:
    """`is_own`: the viewer wrote it and may change it. `settled_by`: "" while it is open."""

    pk: int
    version: int
    engagement_id: int
    author_id: int
    author: str
    created_at: datetime
    body: str
    visibility: str
    visibility_label: str
    mentions: tuple[str, ...]
    milestone_id: int | None
    update_id: int | None
    request_id: int | None
    plan_id: int | None
    result_id: int | None
    section: str
    settled_at: datetime | None
    settled_by: str
    is_own: bool

    @property
    def section_label(self) -> str:
        """Its heading on the page of the review; "" for a comment on the whole."""
        about = {"plan": self.plan_id, "update": self.update_id, "result": self.result_id}
        kind = next((name for name, pk in about.items() if pk), "")
        return dict(COMMENT_SECTIONS.get(kind, ())).get(self.section, "")


@dataclass(frozen=True)
class DocumentRow:
    """`size` in bytes. `preview_problem`: "" with a preview, None where none was tried, else why there is none.

    `width` and `height` of the preview in pixels, 0 without one.
    """

    pk: int
    version: int
    engagement_id: int
    milestone_id: int | None
    title: str
    original_name: str
    media_type: str
    size: int
    sha256: str
    visibility: str
    visibility_label: str
    shows_people: bool
    uploaded_by_id: int
    uploaded_by: str
    uploaded_at: datetime
    preview_problem: str | None
    width: int
    height: int

    @property
    def kind(self) -> str:
        return kind_of(self.media_type)

    @property
    def has_preview(self) -> bool:
        return self.preview_problem == ""

    @property
    def why_no_preview(self) -> str:
        return str(reason_without(self.media_type, self.preview_problem))


@dataclass(frozen=True)
class RecordRow:
    """`present`: who was there, in words, unless the title says so.

    `places`: every city it is about that the viewer may see, where that is more than one.

    `may_edit`: in the engagement it was written in.
    """

    pk: int
    version: int
    kind: str
    kind_label: str
    title: str
    body: str
    on: date
    visibility: str
    visibility_label: str
    written_by: str
    attendees: tuple[str, ...]
    present: str
    places: tuple[str, ...]
    may_edit: bool


@with_cached_permissions
def comments(
    user: User, engagement_id: int, *, limit: int | None = None, **about: int | None
) -> tuple[CommentRow, ...]:
    """Oldest first, with `limit` the newest; `about`: milestone, update, request, plan or result, by id.

    Two statements.
    """
    found = visible_comments(user).filter(engagement_id=engagement_id, **about).order_by("-created_at", "-pk")
    return tuple(reversed(comment_rows(user, found[:limit])))


def comment_rows(user: User, found: QuerySet[Comment]) -> tuple[CommentRow, ...]:
    """In the order of `found`, which says what the viewer may see."""
    return tuple(
        CommentRow(
            pk=row.pk,
            version=row.version,
            engagement_id=row.engagement_id,
            author_id=row.author_id,
            author=str(row.author),
            created_at=row.created_at,
            body=row.body,
            visibility=row.visibility,
            visibility_label=row.get_visibility_display(),
            mentions=tuple(str(person) for person in row.mentions.all()),
            milestone_id=row.milestone_id,
            update_id=row.update_id,
            request_id=row.request_id,
            plan_id=row.plan_id,
            result_id=row.result_id,
            section=row.section,
            settled_at=row.settled_at,
            settled_by=str(row.settled_by) if row.settled_by else "",
            is_own=row.author_id == user.pk,
        )
        for row in found.select_related("author", "settled_by").prefetch_related("mentions")
    )


@with_cached_permissions
def documents(
    user: User, engagement_id: int, *, limit: int | None = None, offset: int = 0, **about: int | None
) -> tuple[DocumentRow, ...]:
    """Newest first; `about`: milestone, by id. One statement."""
    found = visible_documents(user).filter(engagement_id=engagement_id, **about)
    return document_rows(found[offset : None if limit is None else offset + limit])


def document_rows(found: QuerySet[Document]) -> tuple[DocumentRow, ...]:
    """In the order of `found`, which says what the viewer may see."""
    return tuple(
        DocumentRow(
            pk=row.pk,
            version=row.version,
            engagement_id=row.engagement_id,
            milestone_id=row.milestone_id,
            title=row.title,
            original_name=row.original_name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            visibility=row.visibility,
            visibility_label=row.get_visibility_display(),
            shows_people=row.shows_people,
            uploaded_by_id=row.uploaded_by_id,
            uploaded_by=str(row.uploaded_by),
            uploaded_at=row.uploaded_at,
            preview_problem=shown.problem if (shown := getattr(row, "preview", None)) else None,
            width=shown.width if shown else 0,
            height=shown.height if shown else 0,
        )
        for row in found.select_related("uploaded_by", "preview")
    )


@with_cached_permissions
def records(
    user: User,
    engagement_id: int,
    *,
    kind: str = "",
    until: date | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[RecordRow, ...]:
    """Newest first, also those written in another engagement about this one too. Three statements.

    `kind`: only these; `until`: none dated later.
    """
    here = RecordPlace.objects.filter(record=OuterRef("pk"), engagement_id=engagement_id)
    found = visible_records(user).filter(Q(engagement_id=engagement_id) | Q(Exists(here)))
    held = permissions_by_engagement(user)
    if kind:
        found = found.filter(kind=kind)
    if until:
        found = found.filter(on__lte=until)
    found = found.select_related("written_by", "engagement__city").prefetch_related("attendees", _PLACES)
    return tuple(
        RecordRow(
            pk=row.pk,
            version=row.version,
            kind=row.kind,
            kind_label=row.get_kind_display(),
            title=row.title,
            body=row.body,
            on=row.on,
            visibility=row.visibility,
            visibility_label=row.get_visibility_display(),
            written_by=str(row.written_by),
            # Those of an engagement the viewer has no part in stay unnamed.
            attendees=tuple(str(person) for person in row.attendees.all()) if row.engagement_id in held else (),
            present="" if row.present in row.title else row.present,
            places=_place_names(row, held),
            may_edit=EDIT_RECORD in held.get(row.engagement_id, frozenset()),
        )
        for row in found[offset : None if limit is None else offset + limit]
    )


_PLACES = Prefetch("places", RecordPlace.objects.select_related("engagement__city").order_by("pk"))


def _place_names(row: Record, held: dict[int, frozenset[str]]) -> tuple[str, ...]:
    shown = [place for place in (row.engagement, *(p.engagement for p in row.places.all())) if place.pk in held]
    return tuple(place.city.name for place in shown) if len(shown) > 1 else ()


def comment_page(user: User, *, limit: int, offset: int = 0, **about: int) -> tuple[CommentRow, ...]:
    """Newest first; `about`: engagement_id, milestone_id, update_id, request_id or plan_id. Two statements."""
    found = _comments(user, about).order_by("-created_at", "-pk")
    return comment_rows(user, found[offset : offset + limit])


def count_comments(user: User, **about: int) -> int:
    return _comments(user, about).count()


def document_page(user: User, *, limit: int, offset: int = 0, **about: int) -> tuple[DocumentRow, ...]:
    """Newest first; `about`: pk, engagement_id or milestone_id. One statement."""
    return document_rows(_documents(user, about)[offset : offset + limit])


def count_documents(user: User, **about: int) -> int:
    return _documents(user, about).count()


def _comments(user: User, about: dict[str, int]) -> QuerySet[Comment]:
    return visible_comments(user).filter(**about)


def _documents(user: User, about: dict[str, int]) -> QuerySet[Document]:
    return visible_documents(user).filter(**about)
