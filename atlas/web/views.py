"""The data page: what is live, what is on its way in, how each file fared."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from atlas.queries import jobs as job_queries
from atlas.queries import releases as release_queries
from atlas.queries.coverage import quality
from atlas.queries.datasets import by_source, lack_margins, live_datasets
from atlas.queries.fetches import fetch, fetch_version
from atlas.queries.jobs import job_counts
from atlas.queries.releases import ReleaseRecord, events, polygons, staged_releases
from atlas.queries.starter_set import live_starter_set
from atlas.queries.wages import area_coverage
from atlas.records.places import SAMPLE_NOTICE
from atlas.web.parameters import takes_parameters
from atlas.web.permissions import OPERATE, has_permission
from atlas.web.public_reads import Validator, public_read


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    datasets, progress, counts = live_datasets(), fetch(), job_counts()
    context: dict[str, Any] = {
        "fetch": progress,
        "fetch_version": fetch_version(),
        "files": len(datasets),
        "sources": by_source(datasets),
        "values": sum(one.values for one in datasets),
        "missing": sum(one.missing for one in datasets),
        "lack_margins": lack_margins(),
        "starter": live_starter_set(),
        "counts": counts,
        "jobs": job_queries.jobs(),
        # While files are on their way, that is what a reader came to see.
        "imports_first": not datasets or bool(counts.active) or (progress is not None and progress.active),
    }
    if has_permission(request.user, OPERATE):
        context |= {"operator": True, "staged": staged_releases()}
    return render(request, "atlas/data.html", context)


@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """The table of jobs alone, for an open page; 204 while it is as the page has it: nobody loses their place."""
    counts = job_counts()
    if request.GET.get("version") == counts.version:
        return HttpResponse(status=204)
    return render(request, "atlas/_jobs.html", {"counts": counts, "jobs": job_queries.jobs()})


@require_safe
@never_cache
def fetches(request: HttpRequest) -> HttpResponse:
    """How far the publishers' files are, for an open page; 204 while it is as the page has it."""
    version = fetch_version()
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return render(request, "atlas/_fetches.html", {"fetch": fetch(), "fetch_version": version})


@require_safe
def job(request: HttpRequest, pk) -> HttpResponse:
    found = job_queries.job(pk)
    if found is None:
        raise Http404("There is no such import.")
    return render(request, "atlas/job.html", {"job": found, "operator": has_permission(request.user, OPERATE)})


@never_cache
@require_safe
def job_progress(request: HttpRequest, pk) -> HttpResponse:
    """The part of the job's page that moves: an open page asks for it every second until the job has ended."""
    found = job_queries.job(pk)
    if found is None:
        raise Http404("There is no such import.")
    return render(request, "atlas/_job.html", {"job": found, "operator": has_permission(request.user, OPERATE)})


@require_safe
def source(request: HttpRequest, dataset: str) -> HttpResponse:
    """Where a data set comes from, how complete it is, and what happened to its releases."""
    releases = release_queries.releases(dataset)
    if not releases:
        raise Http404("No file of such a data set was ever imported.")
    operator = has_permission(request.user, OPERATE)
    shown = [r for r in releases if operator or r.status != "staged"]
    context = {"info": releases[0].info, "releases": shown, "operator": operator}
    context["events"] = events(dataset, names=operator)
    return render(request, "atlas/source.html", context | _completeness(dataset, releases, request.GET.get("page", "")))


def _completeness(dataset: str, releases: tuple[ReleaseRecord, ...], page: str) -> dict:
    """Polygons of every live release of boundaries; areas of wages; measures and coverage of the one live table."""
    live = [release for release in releases if release.status == "live"]
    if live and live[0].info.content == "wages":
        return {"live": live, "areas": area_coverage(release.id for release in live)}
    if live and live[0].is_table:
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        return {"live": live, "quality": quality(live[0].id, live[0].level, page=number)}
    counts = polygons(dataset) if live else {}
    return {"live": live, "polygons": [(release, *counts.get(release.id, (0, 0))) for release in live]}


@public_read(Validator.ANSWER)
@require_safe
@takes_parameters()
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The import's own report as a file; of a release that waits, for operators only."""
    found = release_queries.release(pk)
    if found is None or (found.status == "staged" and not has_permission(request.user, OPERATE)):
        raise Http404("There is no such release: it may have been discarded, or replaced long ago.")
    about = {"release": found.id, "dataset": found.info.key, "status": found.status, "file_name": found.file_name}
    if found.is_sample:
        about["notice"] = SAMPLE_NOTICE
    response = JsonResponse({**about, "sha256": found.sha256, "report": found.report}, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="release-{pk}-report.json"'
    return response
