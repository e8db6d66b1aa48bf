"""Whole releases to download: a page, files at addresses that never change, and catalogs for programs."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from atlas.queries.cities import cities
from atlas.queries.live import live_catalog, live_sample
from atlas.tables.code import python_code, r_code
from atlas.tables.formats import FORMATS
from atlas.tables.schema_org import describe_dataset
from atlas.web.converters import PACKAGE
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import PUBLISHER
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.json_ld import json_ld_script
from dashboards.downloads import files
from dashboards.downloads.catalog import Offered, describe_catalog
from dashboards.downloads.tables import estimate_table, measure_table
from dashboards.panels.content_notices import Context, context_of

FOREVER = 31_536_000  # seconds: an address with a version never answers with other bytes


@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def index(request: HttpRequest) -> HttpResponse:
    """What there is, with sizes and checksums."""
    offered = _offered(request)
    context: dict[str, Any] = {"offered": offered, "shows_sample": live_sample()}
    if offered:
        estimates = offered[0]
        csv = next(one for one in estimates.files if one.format == "csv")
        address = estimates.address_of(csv.path)
        downloads = {estimates.address_of(one.path): one.media_type for one in estimates.files}
        described = describe_dataset(estimates.table, downloads, publisher=PUBLISHER, version=estimates.version)
        context |= {
            "version": estimates.version,
            "package": estimates.address_of(PACKAGE),
            "rows": len(estimate_table().frame),
            "cities": _city_links(request, estimates.version),
            "contexts": _contexts(),
            "codes": (
                ("Python", python_code(estimates.table, address, csv.sha256)),
                ("R", r_code(estimates.table, address, csv.sha256)),
            ),
            "json_ld": json_ld_script(described),
        }
    return render(request, "dashboards/downloads/index.html", context)


@public_read(Validator.OWN)
@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def latest(request: HttpRequest, name: str) -> HttpResponse:
    """To the file of the current version: an address for those who always want the newest."""
    return redirect(_file(request, files.current_version(), name))


@public_read(Validator.OWN)
@require_safe
@takes_parameters()
def file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A file of a version, byte for byte the same whenever it is asked for."""
    try:
        content, extension = _read(request, version, name)
    except files.NotKept as gone:
        newest = files.current_version()
        raise Http404(
            f"There is no file {name} of version {version} here (any more). The newest version is {newest}: "
            f"{_file(request, newest, 'estimates.csv')}"
        ) from gone
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    media = FORMATS[extension].media_type if extension in FORMATS else "application/json"
    response: HttpResponse = HttpResponse(content, content_type=media)
    response["ETag"] = etag
    response["Link"] = f'<{_file(request, version, PACKAGE)}>; rel="describedby"; type="application/json"'
    if extension in FORMATS:
        response["Content-Disposition"] = f'attachment; filename="mobility-{version}-{name}"'
    patch_cache_control(response, public=True, max_age=FOREVER, immutable=True)
    return get_conditional_response(request, etag=etag, response=response) or response


@public_read(Validator.ANSWER)
@require_safe
@takes_parameters()
def data_json(request: HttpRequest) -> JsonResponse:
    """The catalog of DCAT-US 1.1."""
    return JsonResponse(describe_catalog(_offered(request)))


def _read(request: HttpRequest, version: str, name: str) -> tuple[bytes, str]:
    """Bytes and extension. Raises NotKept."""
    if name == PACKAGE:
        return files.read(version, name), ""
    stem, _, extension = name.partition(".")
    if stem in (files.WHOLE, files.MEASURES):
        return files.read(version, name), extension
    if extension not in files.CITY_FORMATS:
        raise files.NotKept(name)
    return files.city_file(version, stem, extension), extension


def _offered(request: HttpRequest) -> tuple[Offered, ...]:
    """Both tables of the current version; nothing while no estimates are live."""
    tables = (estimate_table().table, measure_table().table)
    if not tables[0].sources:
        return ()
    version = files.current_version()
    facts = files.facts(version)
    live = {source.release_id: source.activated_at for source in live_catalog().sources}

    def address_of(name: str) -> str:
        return _file(request, version, name)

    return tuple(
        Offered(
            table,
            tuple(one for name, one in facts.items() if name.partition(".")[0] == table.name),
            version,
            max(live[source.release] for source in table.sources).date().isoformat(),
            address_of,
        )
        for table in tables
    )


def _city_links(request: HttpRequest, version: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(name, (format, address) of each file) of every city with tracts."""
    return [
        (
            city.name,
            [(FORMATS[end].label, _file(request, version, f"{city.slug}.{end}")) for end in files.CITY_FORMATS],
        )
        for city in cities()
        if city.tract_count
    ]


def _contexts() -> list[Context]:
    """What to know before incarceration and teenage birth are read, once for each of the measures in the files."""
    slugs = measure_table().frame["measure"]
    return list(dict.fromkeys(found for slug in slugs if (found := context_of(slug)) is not None))


def _file(request: HttpRequest, version: str, name: str) -> str:
    return request.build_absolute_uri(reverse("download_file", args=[version, name]))
