"""Making areas, and what their owners may do with them."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from atlas.ingest import area_uploads, areas
from atlas.models.areas import LONGEST_NAME, LONGEST_NOTE, MAX_TRACTS
from atlas.queries import cities as city_queries
from atlas.queries.areas import AreaDetails, UploadRecord, area_details, area_upload, areas_owned_by
from atlas.sources.base import SourceFileError
from atlas.sources.districts import MAX_BYTES, MAX_DISTRICTS
from atlas.web.permissions import OPERATE, has_permission
from atlas.web.rate_limits import consume_rate_limit
from atlas.web.uploads import MemoryUploadHandler
from dashboards.areas.forms import DistrictsForm, EditForm, ListForm, UploadForm, plain_file_name
from dashboards.base.place_lookup import viewer_of

PAGE = ["GET", "HEAD", "POST"]
NAME_SUFFIX = ": chosen tracts"


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """A person's own areas; to strangers, how to make one."""
    viewer = viewer_of(request)
    return render(request, "dashboards/areas/list.html", {"areas": areas_owned_by(viewer) if viewer else ()})


@require_http_methods(PAGE)
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled in from `?geoids=...&city=...` when the map sends somebody; a whole list makes an area."""
    if request.method != "POST" or "prefill" in request.POST:
        return _new(request, ListForm(initial=_prefill(request.POST if request.method == "POST" else request.GET)))
    form = ListForm(request.POST)
    if not form.is_valid():
        return _new(request, form, status=422)
    if not consume_rate_limit(request, "area"):
        return render(request, "429.html", status=429)
    kind = "picked" if form.cleaned_data["picked"] else "pasted"
    words = {"name": form.cleaned_data["name"], "note": form.cleaned_data["note"]}
    token = areas.create_area(kind, codes=form.codes, owner=viewer_of(request), **words)
    messages.success(request, " ".join(_made_notes(form)))
    return redirect("area", token)


@csrf_exempt  # until the upload handler is in place: `_upload` checks the token
@require_http_methods(PAGE)
def uploads(request: HttpRequest) -> HttpResponse:
    """Takes a file of districts, in memory and up to its limit, and shows what is in it."""
    if request.method != "POST":
        return redirect("area_new")
    arriving = MemoryUploadHandler(request, MAX_BYTES)
    request.upload_handlers = [arriving]
    return _upload(request, arriving)


@csrf_protect
def _upload(request: HttpRequest, arriving: MemoryUploadHandler) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if arriving.too_large:
        del form.fields["districts"]
        form.is_valid()
        said = f"The file is larger than {MAX_BYTES // 10**6} MB. Simplify the outlines, or split the file."
        return _new(request, ListForm(), form, said, status=422)
    if not form.is_valid():
        return _new(request, ListForm(), form, status=422)
    if not consume_rate_limit(request, "file"):
        return render(request, "429.html", status=429)
    sent = form.cleaned_data["districts"]
    try:
        token = area_uploads.save_upload(sent.read(), plain_file_name(sent.name), owner=viewer_of(request))
    except SourceFileError as refused:
        return _new(request, ListForm(), form, _refusal(refused), status=422)
    prefix = form.cleaned_data["prefix_name"]
    address = reverse("area_upload", args=[token])
    return redirect(f"{address}?{urlencode({'prefix_name': prefix})}" if prefix else address)


@require_http_methods(PAGE)
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """The districts of a file with their tracts, before anything is made of them; afterward the areas they became."""
    found = area_upload(slug, viewer_of(request))
    if found is None:
        raise Http404("There is no such file here: what nobody makes areas of is thrown away after a day.")
    if found.is_saved:
        return render(request, "dashboards/areas/upload.html", {"upload": found})
    usable = tuple(d.number for d in found.districts if 1 <= d.tract_count <= MAX_TRACTS)
    asked = request.POST if request.method == "POST" else request.GET
    label = asked.get("label", "") if asked.get("label", "") in found.keys else next(iter(found.keys), "")
    form = DistrictsForm(request.POST if request.method == "POST" else None, numbers=usable)
    context = {"upload": found, "label": label, "form": form, "prefix_name": asked.get("prefix_name", "")[:40]}
    context["rows"] = [(district, _label(district, label), district.number in usable) for district in found.districts]
    context["usable"] = len(usable)
    if request.method != "POST":
        return render(request, "dashboards/areas/upload.html", context)
    context["chosen"] = request.POST.getlist("chosen")
    if not form.is_valid():
        return render(request, "dashboards/areas/upload.html", context, status=422)
    return _make_districts(request, found, form, label)


def _make_districts(request: HttpRequest, found: UploadRecord, form: DistrictsForm, label: str) -> HttpResponse:
    chosen, prefix = form.cleaned_data["chosen"], form.cleaned_data["prefix_name"]
    if not consume_rate_limit(request, "area", len(chosen)):
        return render(request, "429.html", status=429)
    names = {}
    for district in found.districts:
        if district.number in chosen:
            own = _label(district, label)
            names[district.number] = ((f"{prefix}, {own}" if prefix else own)[:LONGEST_NAME], own)
    try:
        made = area_uploads.create_areas(found.token, names, owner=viewer_of(request))
        messages.success(request, f"{len(made)} area{'s were' if len(made) > 1 else ' was'} made.")
    except area_uploads.AlreadyCreated:
        messages.info(request, "The areas of this file were made before; here they are.")
    return redirect("area_upload", found.token)


@require_http_methods(PAGE)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Other words, or another answer to who may see it: the owner's alone."""
    found = _own(request, slug)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        form = EditForm(initial={"name": found.name, "note": found.note, "by_link": found.by_link})
        return render(request, "dashboards/areas/edit.html", {"about": found, "form": form})
    form = EditForm(request.POST)
    if not form.is_valid():
        return render(request, "dashboards/areas/edit.html", {"about": found, "form": form}, status=422)
    areas.update_area(slug, by=_person(request), **form.cleaned_data)
    messages.success(request, "The area was changed.")
    return redirect("area", slug)


@require_http_methods(PAGE)
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Says what will happen; on confirmation the link stops answering. The owner's, or an operator's for any."""
    found = _own(request, slug, operators=True)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        return render(request, "dashboards/areas/archive.html", {"about": found})
    areas.archive_area(slug, by=_person(request), any_owner=has_permission(request.user, OPERATE))
    messages.success(request, f"“{found.name}” was archived. Its link does not answer any more.")
    return redirect("areas")


def _own(request: HttpRequest, slug: str, *, operators: bool = False) -> AreaDetails | HttpResponse:
    """The area when it is the person's own; strangers are asked to sign in. Raises Http404 for everybody else."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/areas/")
    found = area_details(slug, request.user.pk)
    if found is None or not (
        found.owner_id == request.user.pk or (operators and has_permission(request.user, OPERATE))
    ):
        raise Http404("There is no area of yours at this address.")
    return found


def _person(request: HttpRequest) -> int:
    """The id of who is signed in: strangers are asked to before."""
    viewer = viewer_of(request)
    assert viewer is not None, "`_own` lets nobody pass who is not signed in"
    return viewer


def _new(
    request: HttpRequest, form: ListForm, upload_form: UploadForm | None = None, refused: str = "", *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "upload_form": upload_form or UploadForm(), "refused": refused}
    context |= {"most_tracts": MAX_TRACTS, "most_districts": MAX_DISTRICTS, "most_megabytes": MAX_BYTES // 10**6}
    context["city"] = city_queries.city(city) if (city := request.GET.get("city", "")[:50]) else None
    return render(request, "dashboards/areas/new.html", context, status=status)


def _prefill(asked) -> dict:
    geoids = asked.get("geoids", "")[: settings.DATA_UPLOAD_MAX_MEMORY_SIZE]
    city = city_queries.city(asked["city"][:50]) if asked.get("city") else None
    name = asked.get("name", "")[:LONGEST_NAME] or (f"{city.name}{NAME_SUFFIX}" if city else "")
    picked = bool(geoids) and "prefill" not in asked
    return {"geoids": geoids, "name": name, "note": asked.get("note", "")[:LONGEST_NOTE], "picked": picked}


def _made_notes(form: ListForm) -> list[str]:
    said = [f"The area was made of {len(form.codes):,} tract{'s' if len(form.codes) > 1 else ''}."]
    if form.pasted.repeated:
        said.append(f"{form.pasted.repeated:,} came more than once in the list and count once.")
    if form.left_out:
        said.append(f"Left out, as you said: {', '.join(form.left_out[:20])}{' …' if len(form.left_out) > 20 else ''}.")
    return said


def _refusal(refused: SourceFileError) -> str:
    shown = "; ".join(problem.sentence() for problem in refused.problems[:5])
    more = refused.total - 5
    return f"The file was refused: {shown}{f'; and {more:,} more' if more > 0 else ''}. Nothing was kept."


def _label(district, key: str) -> str:
    return district.properties.get(key) or f"District {district.number}"
