"""The bundle of a published verdict: what a stranger needs to find the same number.

Made once and kept a day, because making it repeats the whole analysis: under the delivery it is of, so that deleting
that delivery deletes it as well, also while the bundle is being made. Who may have it is looked at every time.
"""

import hashlib
from dataclasses import replace
from datetime import UTC

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.base.made_once import one_maker
from engagements.models import PilotAnalysis, PilotDataset, User
from engagements.pilots.queries.analysis_inputs import drawn_clusters, facts_of, first_data_at, locked_plans
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.queries.deliveries import newest_plan, released_outcomes, smallest_cell
from engagements.pilots.queries.verdict_page import VerdictPage, verdict_page
from engagements.pilots.rules.bundle import BundleContent, LockedVersion, build_bundle
from engagements.pilots.rules.facts import earliest_window, lock_that_counts
from engagements.pilots.rules.finding_values import finding_values
from engagements.pilots.rules.public_finding import LOST
from engagements.pilots.rules.reading import PilotTable
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.released import Released
from engagements.pilots.rules.released_counts import Given, given_counts
from engagements.pilots.rules.spec import SpecFacts
from engagements.pilots.rules.stored_finding import finding_of

Viewer = User | AnonymousUser
_A_DAY = 86_400


def bundle_of(viewer: Viewer, pk: int, address: str) -> bytes:
    """Counts as the page of the data shows them, or summed further; rows where their agreement says so.

    Raises NotFound for what is not published, and where data were deleted or may not be given even by arm.
    """
    page = verdict_page(viewer, pk)
    row = page.analysis
    if row is None or page.finding is None or not is_held(row.dataset):
        raise NotFound
    mark, key = mark_of(page, row, address), bundle_key(row.dataset_id)
    with one_maker(key):
        kept = cache.get(key)
        if kept and kept.startswith(mark):
            return bytes(kept.removeprefix(mark))
        made = build_bundle(_content(page, row, address))
        cache.set(key, mark + made, _A_DAY)
        # Whoever deleted the data meanwhile found nothing to delete here, or did so before it was kept.
        if not is_held(PilotDataset.objects.select_related("agreement").get(pk=row.dataset_id)):
            cache.delete(key)
            raise NotFound
    return made


def is_held(dataset: PilotDataset) -> bool:
    """Whether its data may be read: not deleted, and no rows whose day of deletion (UTC) has come. Beat deletes them
    that day; while it stands still they are not given out."""
    agreement, today = dataset.agreement, timezone.now().astimezone(UTC).date()
    is_due = dataset.kind == PilotDataset.Kind.ROWS and agreement is not None and agreement.delete_on <= today
    return dataset.deleted_at is None and not is_due


def bundle_key(dataset: int) -> str:
    """Where the bundle of a delivery is kept."""
    return f"pilot-bundle-{dataset}"


def may_give_rows(dataset: PilotDataset) -> bool:
    """Whether its agreement names rows of people among what the bundle holds."""
    agreement = dataset.agreement
    return dataset.kind == PilotDataset.Kind.ROWS and agreement is not None and agreement.rows_in_bundle


def counts_for_all(page: VerdictPage, row: PilotAnalysis, table: PilotTable) -> tuple[Given | None, Released]:
    """Counts that everybody may have of the data, by today's limit of small counts; None where even arms are hidden.
    And what is released of the primary outcome."""
    plan, strict = page.plan, as_strict_as_amended(page)
    released = released_outcomes(row.dataset, strict, table.outcomes)
    limit = smallest_cell(strict, row.dataset.agreement)
    key = plan.outcome.key
    return given_counts(table.outcomes, released, key, table.groups, limit), released[key]


def as_strict_as_amended(page: VerdictPage) -> Registration:
    """The plan with the limit of small counts that the page of the data keeps: of the newest wording, if stricter."""
    plan, newest = page.plan, newest_plan(page.pilot)
    limit = max(plan.limits.smallest_cell, newest.limits.smallest_cell if newest else 0)
    return replace(plan, limits=replace(plan.limits, smallest_cell=limit))


def _content(page: VerdictPage, row: PilotAnalysis, address: str) -> BundleContent:
    plan, agreement = page.plan, row.dataset.agreement
    table = table_of(row.dataset, plan)
    outcomes, groups = table.outcomes, table.groups
    clusters = tuple(drawn_clusters(page.pilot, plan))
    may_rows = may_give_rows(row.dataset)
    facts = facts_of(page.pilot, row.registration, row.asked_at, row.dataset)
    locked = locked_plans(page.pilot.versions.order_by("number"), row.registration.number)
    drawn, finding = facts.drawn, page.finding
    if may_rows and row.result is not None:
        finding = finding_of(row.result)  # rows of everybody hold back nothing
    else:
        drawn = {} if LOST in page.withheld else drawn  # less those measured, they are the lost
        given, released = counts_for_all(page, row, table)
        if given is None:
            raise NotFound
        outcomes, groups = dict(given.outcomes), dict(given.groups)
        clusters = clusters if given.is_finest and "assigned" not in released.partly else ()
    return BundleContent(
        registration=plan,
        versions=[
            LockedVersion(one.number, one.content, one.sha256, one.locked_at.isoformat(), one.reason)
            for one in page.pilot.versions.order_by("number")
        ],
        analyzed=row.registration.number,
        facts=SpecFacts(
            locked_at=lock_that_counts(locked),
            outcomes_from=earliest_window(locked),
            first_data_at=first_data_at(page.pilot),
            delivered_on=facts.data_on,
            analyzed_on=facts.today,
            stopped_because=facts.stopped_because,
            drawn=drawn,
            clusters=clusters,
        ),
        outcomes=outcomes,
        expected=finding_values(plan, facts, finding) if finding else {},
        groups=groups,
        rows_agreement=agreement.title if may_rows and agreement else "",
        address=address,
        retracted=page.why if page.is_retracted else "",
    )


def mark_of(page: VerdictPage, row: PilotAnalysis, address: str) -> bytes:
    """Changes with anything that the bundle is made of."""
    agreement = row.dataset.agreement
    told = (
        row.pk,
        page.amendments,
        page.versions[-1].sha256 if page.versions else "",
        agreement and (agreement.title, agreement.rows_in_bundle, agreement.smallest_cell),
        page.pilot.stopped_at,
        page.is_retracted and page.why,
        settings.CODE_VERSION,
        address,
    )
    return hashlib.sha256(repr(told).encode()).digest()
