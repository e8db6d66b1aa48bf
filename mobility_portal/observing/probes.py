"""`/livez` and `/readyz`: does the process answer, and can it serve pages. In one cheap answer without secrets.

`/healthz`, the older address, answers as `/readyz` does.
"""

from collections.abc import Callable
from typing import Any

import redis
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from atlas.models import IngestJob, Release
from mobility_portal import heartbeat
from mobility_portal.backup.queries import last_good_backup
from mobility_portal.observing.applied_migrations import are_applied
from mobility_portal.supervisor import start_proof


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all. Asks nobody: a restart would not bring the database back."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and has every table: pages are right without broker and worker, only slower.

    Never raises.
    """
    database = _ask_database()
    ready = database["database"] == "ok" and database["migrations"] == "applied"
    state = "ready" if ready else "not ready"
    broker = _ask_broker()
    if ready and "down" in broker.values():
        state = "degraded"
    response = JsonResponse({"state": state, **database, **broker}, status=200 if ready else 503)
    if proof := start_proof.prove(request.headers.get(start_proof.CHALLENGE, "")):
        response[start_proof.PROOF] = proof
    return response


def _ask_database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {
            "database": "ok",
            "migrations": "applied" if are_applied() else "waiting",
            "live_releases": Release.objects.filter(status=Release.Status.LIVE).count(),
            "jobs_queued": IngestJob.objects.filter(status=IngestJob.Status.QUEUED).count(),
            "jobs_running": IngestJob.objects.filter(status=IngestJob.Status.RUNNING).count(),
            "last_backup_hours": _hours_since_backup(),
        }
    except Error:
        # Also when tables are missing: a database before its migrations serves nobody.
        nothing = dict.fromkeys(("live_releases", "jobs_queued", "jobs_running", "last_backup_hours"))
        return {"database": "down", "migrations": "unknown", **nothing}


def _hours_since_backup() -> float | None:
    """For information: a portal without a backup serves its readers all the same. None: there is none."""
    found = last_good_backup()
    return None if found is None else round((timezone.now() - found.started_at).total_seconds() / 3600, 1)


def _ask_broker() -> dict[str, str]:
    try:
        with heartbeat.connect() as broker:
            wanted = heartbeat.keys()
            beats = broker.exists(*wanted) == len(wanted)  # a queue nobody takes from is work that is not done
    except redis.RedisError:
        return {"broker": "down", "worker": "unknown"}
    return {"broker": "ok", "worker": "ok" if beats else "down"}


class ProbesMiddleware:
    """Answers the probes before anything asks for a host, a scheme, a session or a table.

    Whoever probes from inside a cluster knows the address of one process, not the portal's name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = _PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


_PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz}
