"""What people said and brought across engagements, a page at a time."""

from django.db.models import QuerySet

from engagements.access.discussion import visible_comments, visible_documents
from engagements.discussion.queries.discussion import CommentRow, DocumentRow, comment_rows, document_rows
from engagements.models import Comment, Document, User


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
