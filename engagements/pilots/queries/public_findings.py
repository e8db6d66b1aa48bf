"""What an analysis found, as everybody may read it: the one way from a kept result to a page, the API or a file."""

from engagements.models import PilotAnalysis
from engagements.pilots.queries.deliveries import smallest_cell
from engagements.pilots.rules.public_finding import PublicFinding, public_finding
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.released import tables_of
from engagements.pilots.rules.stored_finding import arms_of, finding_of


def public_finding_of(analysis: PilotAnalysis, plan: Registration, newest: Registration) -> PublicFinding | None:
    """`plan`: of the analysis; `newest`: as amended last, of which the limit of small counts holds if it is stricter.

    None without a result. No statement, where dataset and agreement were fetched with the analysis.
    """
    if analysis.result is None:
        return None
    agreement = analysis.dataset.agreement
    limit = max(smallest_cell(plan, agreement), smallest_cell(newest, agreement))
    released = tables_of(analysis.dataset.checks.get("released", {}))
    return public_finding(plan, finding_of(analysis.result), arms_of(analysis.result), limit, released)
