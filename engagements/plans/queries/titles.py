"""The title of a plan for who sees no draft: that of its last publication, which a revision does not change."""

from django.db.models import OuterRef, Subquery

from engagements.models import PlanPublication


def title_as_published(plan: str) -> Subquery:
    """`plan`: the outer query's column with the plan's id. Null for a plan never published, and for an archived one."""
    rows = PlanPublication.objects.filter(plan=OuterRef(plan), plan__archived_at=None)
    return Subquery(rows.order_by("-number").values("content__title")[:1])
