"""`/healthz`: is everything up, in one cheap answer without secrets. Never raises."""

import redis
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from atlas.models import IngestJob, Release
from mobility_portal import heartbeat
from mobility_portal.supervisor import start_proof


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers: pages are right without broker and worker, only slower."""
    database = _ask_database()
    healthy = database["database"] == "ok"
    response = JsonResponse({**database, **_ask_broker()}, status=200 if healthy else 503)
    if proof := start_proof.prove(request.headers.get(start_proof.CHALLENGE, "")):
        response[start_proof.PROOF] = proof
    return response


def _ask_database() -> dict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {
            "database": "ok",
            "live_releases": Release.objects.filter(status=Release.Status.LIVE).count(),
            "jobs_queued": IngestJob.objects.filter(status=IngestJob.Status.QUEUED).count(),
            "jobs_running": IngestJob.objects.filter(status=IngestJob.Status.RUNNING).count(),
        }
    except Error:
        # Also when tables are missing: a database before its migrations serves nobody.
        return {"database": "down", "live_releases": None, "jobs_queued": None, "jobs_running": None}


def _ask_broker() -> dict:
    try:
        with heartbeat.connect() as broker:
            wanted = heartbeat.keys()
            beats = broker.exists(*wanted) == len(wanted)  # a queue nobody takes from is work that is not done
    except redis.RedisError:
        return {"broker": "down", "worker": "unknown"}
    return {"broker": "ok", "worker": "ok" if beats else "down"}
