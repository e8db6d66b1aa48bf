"""The bundle of a published verdict: what a stranger needs to find the same number."""

from django.contrib.auth.models import AnonymousUser

from engagements.access.errors import NotFound
from engagements.models import PilotDataset, User
from engagements.pilots.queries.analysis_inputs import drawn_clusters, facts_of, first_data_at
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.queries.verdict_page import verdict_page
from engagements.pilots.rules.bundle import BundleContent, LockedVersion, build_bundle
from engagements.pilots.rules.data import Rows
from engagements.pilots.rules.finding_values import finding_values
from engagements.pilots.rules.released_counts import released_all
from engagements.pilots.rules.spec import SpecFacts

Viewer = User | AnonymousUser


def bundle_of(viewer: Viewer, pk: int, address: str) -> bytes:
    """Counts only, with no small group among them; rows where their agreement says so.

    Raises NotFound for what is not published, and where data were deleted or are too small to be given.
    """
    page = verdict_page(viewer, pk)
    row, plan = page.analysis, page.plan
    if row is None or page.finding is None or row.dataset.deleted_at is not None:
        raise NotFound
    table = table_of(row.dataset, plan)
    agreement = row.dataset.agreement
    may_rows = row.dataset.kind == PilotDataset.Kind.ROWS and agreement is not None and agreement.rows_in_bundle
    outcomes, groups = table.outcomes, table.groups
    if not may_rows:
        limit = max(plan.limits.smallest_cell, agreement.smallest_cell if agreement else 0)
        had_rows = any(isinstance(one, Rows) for one in outcomes.values())
        outcomes, was_summed = released_all(outcomes, limit)
        groups = {} if was_summed or had_rows else groups
        if plan.outcome.key not in outcomes:
            raise NotFound
    facts = facts_of(page.pilot, plan, row.asked_at, row.look)
    locked = page.versions[0].locked_at if page.versions else None
    content = BundleContent(
        registration=plan,
        versions=[
            LockedVersion(one.number, one.content, one.sha256, one.locked_at.isoformat(), one.reason)
            for one in page.pilot.versions.order_by("number")
        ],
        analyzed=row.registration.number,
        facts=SpecFacts(
            locked_at=locked,
            first_data_at=first_data_at(page.pilot),
            analyzed_on=facts.today,
            stopped_because=facts.stopped_because,
            drawn=facts.drawn,
            clusters=tuple(drawn_clusters(page.pilot, plan)),
            look=row.look,
        ),
        outcomes=outcomes,
        expected=finding_values(plan, facts, page.finding),
        groups=groups,
        rows_agreement=agreement.title if may_rows and agreement else "",
        address=address,
    )
    return build_bundle(content)
