"""An analysis from the queue to its finding. Run again it says the same: nothing but the row goes in."""

import logging
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import PilotAnalysis
from engagements.pilots.actions.running import (
    Canceled,
    claimed_analysis,
    fail_analysis,
    keep_finding,
    run_again,
    tell_progress,
)
from engagements.pilots.queries.analysis_inputs import drawn_clusters, facts_of, with_drawn_starts
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.rules.analysis import PARTS, analyze
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.estimators.patterns import SEED
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.stored_finding import count_of, finding_json
from engagements.pilots.rules.tallies import by_arm

logger = logging.getLogger(__name__)
_READ, _FIRST, _LAST = 5, 10, 95  # percent: while data are read, as the first part begins, as all is kept


def run_analysis(pk: int, *, now: datetime) -> None:
    """Whoever asked. A second worker with the same message finds the lock taken and leaves."""
    with claimed_analysis(pk, now) as row:
        if row is not None:
            _run(row)


def _run(row: PilotAnalysis) -> None:
    pk = row.pk
    try:
        result, seed = _analyzed(row)
        keep_finding(analysis=row, result=result, seed=seed, now=timezone.now())
    except Canceled:
        logger.info("pilot analysis %s was canceled", pk)
    except (PlainRefused, DataRefused) as refused:
        fail_analysis(pk, str(refused), timezone.now())
    except SoftTimeLimitExceeded:
        logger.error("pilot analysis %s took too long", pk)
        fail_analysis(
            pk,
            _("This took too long and was stopped. There is no result. {again}").format(again=run_again()),
            timezone.now(),
        )
    except (OperationalError, InterfaceError):
        raise  # the database went away: the analysis is taken up again when it is back
    except Exception:
        said = _("The portal failed on this analysis. There is no result; the log has the details. {again}")
        fail_analysis(pk, said.format(again=run_again()), timezone.now())
        raise


def _analyzed(row: PilotAnalysis) -> tuple[dict[str, Any], str]:
    """The finding as it is kept, and the fixed seed of whatever is drawn on the way."""
    tell_progress(row.pk, _READ)
    plan = registration_of(row.registration.content)
    table = table_of(row.dataset, plan)
    data = table.outcomes[plan.outcome.key]
    step = (_LAST - _FIRST) / len(PARTS)
    finding = analyze(
        with_drawn_starts(row.pilot, plan),
        data,
        facts_of(row.pilot, row.registration, row.asked_at, row.dataset),
        secondary={key: one for key, one in table.outcomes.items() if key != plan.outcome.key},
        groups=table.groups,
        clusters=drawn_clusters(row.pilot, plan) or None,
        tell=lambda part: tell_progress(row.pk, round(_FIRST + step * PARTS.index(part))),
    )
    tell_progress(row.pk, _LAST)
    arms = tuple(count_of(one) for one in by_arm(data, [arm.key for arm in plan.arms]))
    return finding_json(finding, arms), str(SEED)
