"""What the page of a verdict says of its bundle: whether there is one to download, and if not, why."""

from dataclasses import dataclass

from engagements.base.made_once import made_once
from engagements.models import PilotAnalysis
from engagements.pilots.queries.bundle import as_strict_as_amended, counts_for_all, is_held, mark_of, may_give_rows
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.queries.deliveries import smallest_cell
from engagements.pilots.queries.verdict_page import VerdictPage
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.released import tables_of
from engagements.pilots.rules.released_counts import finest_level

_A_DAY = 86_400


@dataclass(frozen=True)
class BundleOffer:
    """`withheld_below`: counts stay here because they would tell of fewer people than this; 0: for no such reason.
    `is_amended`: an amendment asks for groups that large."""

    is_there: bool
    withheld_below: int = 0
    is_amended: bool = False


def bundle_offer(page: VerdictPage) -> BundleOffer:
    """The same answer as following the link gives."""
    row = page.analysis
    if row is None or page.finding is None or not is_held(row.dataset):
        return BundleOffer(is_there=False)
    if may_give_rows(row.dataset):
        return BundleOffer(is_there=True)
    try:
        if _gives_counts(page, row):
            return BundleOffer(is_there=True)
    except (DataRefused, FileNotFoundError):
        # The file is gone or reads no more: nothing to download, and nothing is known of its counts.
        return BundleOffer(is_there=False)
    strict, agreement = as_strict_as_amended(page), row.dataset.agreement
    limit = smallest_cell(strict, agreement)
    return BundleOffer(is_there=False, withheld_below=limit, is_amended=limit > smallest_cell(page.plan, agreement))


def _gives_counts(page: VerdictPage, row: PilotAnalysis) -> bool:
    """By what was released when the data came, without reading them again: that holds until a later amendment, which
    may have changed the limit. After one they are read, once a day."""
    kept = row.dataset.checks.get("released")
    if kept and not any(one.is_late for one in page.versions):
        return finest_level(tables_of(kept)) is not None
    key = f"pilot-bundle-offer-{mark_of(page, row, '').hex()}"
    return made_once(key, lambda: b"yes" if _counts_now(page, row) else b"no", _A_DAY) == b"yes"


def _counts_now(page: VerdictPage, row: PilotAnalysis) -> bool:
    given, _released = counts_for_all(page, row, table_of(row.dataset, page.plan))
    return given is not None
