"""The data page: what is live, what is on its way in, how each file fared."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from atlas import queries
from atlas.permissions import OPERATE, may
from atlas.queries.releases import ReleaseRecord
from atlas.records import SAMPLE_NOTICE


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "fetch": queries.fetch(),
        "fetch_version": queries.fetch_version(),
        "datasets": queries.live_datasets(),
        "counts": queries.job_counts(),
        "jobs": queries.jobs(),
    }
    if may(request.user, OPERATE):
        context |= {"operator": True, "staged": queries.staged_releases()}
    return render(request, "atlas/data.html", context)


@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """The table of jobs alone, for an open page; 204 while it is as the page has it: nobody loses their place."""
    counts = queries.job_counts()
    if request.GET.get("version") == counts.version:
        return HttpResponse(status=204)
    return render(request, "atlas/_jobs.html", {"counts": counts, "jobs": queries.jobs()})


@require_safe
@never_cache
def fetches(request: HttpRequest) -> HttpResponse:
    """How far the publishers' files are, for an open page; 204 while it is as the page has it."""
    version = queries.fetch_version()
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return render(request, "atlas/_fetches.html", {"fetch": queries.fetch(), "fetch_version": version})


@require_safe
def job(request: HttpRequest, pk) -> HttpResponse:
    found = queries.job(pk)
    if found is None:
        raise Http404("There is no such import.")
    return render(request, "atlas/job.html", {"job": found, "operator": may(request.user, OPERATE)})


@never_cache
@require_safe
def job_progress(request: HttpRequest, pk) -> HttpResponse:
    """The part of the job's page that moves: an open page asks for it every second until the job has ended."""
    found = queries.job(pk)
    if found is None:
        raise Http404("There is no such import.")
    return render(request, "atlas/_job.html", {"job": found, "operator": may(request.user, OPERATE)})


@require_safe
def source(request: HttpRequest, dataset: str) -> HttpResponse:
    """Where a data set comes from, how complete it is, and what happened to its releases."""
    releases = queries.releases(dataset)
    if not releases:
        raise Http404("No file of such a data set was ever brought in.")
    operator = may(request.user, OPERATE)
    shown = [r for r in releases if operator or r.status != "staged"]
    context = {"info": releases[0].info, "releases": shown, "operator": operator}
    context["events"] = queries.events(dataset, names=operator)
    return render(request, "atlas/source.html", context | _completeness(dataset, releases, request.GET.get("page", "")))


def _completeness(dataset: str, releases: tuple[ReleaseRecord, ...], page: str) -> dict:
    """Polygons of every live release of boundaries; measures and coverage of the one live table."""
    live = [release for release in releases if release.status == "live"]
    if live and live[0].is_table:
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        return {"live": live, "quality": queries.quality(live[0].id, live[0].level, page=number)}
    counts = queries.polygons(dataset) if live else {}
    return {"live": live, "polygons": [(release, *counts.get(release.id, (0, 0))) for release in live]}


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The import's own report as a file; of a release that waits, for operators only."""
    found = queries.release(pk)
    if found is None or (found.status == "staged" and not may(request.user, OPERATE)):
        raise Http404("There is no such release: it may have been discarded, or replaced long ago.")
    about = {"release": found.id, "dataset": found.info.key, "status": found.status, "file_name": found.file_name}
    if found.is_sample:
        about["notice"] = SAMPLE_NOTICE
    response = JsonResponse({**about, "sha256": found.sha256, "report": found.report}, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="release-{pk}-report.json"'
    return response
