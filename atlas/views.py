"""The data page: what is live, what is on its way in, how each file fared."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from atlas import queries


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "fetch": queries.fetch(),
        "datasets": queries.live_datasets(),
        "counts": queries.job_counts(),
        "jobs": queries.jobs(),
    }
    return render(request, "atlas/data.html", context)


def _version(request: HttpRequest) -> str:
    return f'"{queries.job_counts().version}"'


@require_safe
@condition(etag_func=_version)
def jobs(request: HttpRequest) -> HttpResponse:
    """The table of jobs alone: what an open page asks for every two seconds while anything runs."""
    response = render(request, "atlas/_jobs.html", {"counts": queries.job_counts(), "jobs": queries.jobs()})
    response["Cache-Control"] = "no-cache"
    return response


def _fetch_version(request: HttpRequest) -> str:
    return f'"{queries.fetch_version()}"'


@require_safe
@condition(etag_func=_fetch_version)
def fetches(request: HttpRequest) -> HttpResponse:
    """How far the publishers' files are: what an open page asks for every two seconds while they arrive."""
    response = render(request, "atlas/_fetches.html", {"fetch": queries.fetch()})
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def job(request: HttpRequest, pk) -> HttpResponse:
    found = queries.job(pk)
    if found is None:
        raise Http404("There is no such import.")
    return render(request, "atlas/job.html", {"job": found})
