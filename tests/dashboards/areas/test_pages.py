"""Making areas through the pages and the API: every way to go wrong, who sees what, what is kept."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from atlas.ingest import areas
from atlas.models import Area, AreaUpload
from atlas.queries import areas as area_queries
from atlas.queries.headlines import headline
from atlas.web import rate_limits
from dashboards.areas.forms import plain_file_name
from dashboards.panels.catalog import KINDS
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = portal.CITY_TRACTS
RELATION = (
    "GEOID_TRACT_20|AREALAND_TRACT_20|GEOID_TRACT_10|AREALAND_TRACT_10|AREALAND_PART\n"
    "26163500100|900|26163500100|900|900\n26163700200|600|26163500300|900|600\n"
)


@pytest.fixture
def city(tmp_path):
    return portal.build(tmp_path)


@pytest.fixture
def ann():
    user = get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42")
    client = Client()
    client.force_login(user)
    client.pk = user.pk
    return client


def post(client, **fields):
    return client.post("/areas/new/", {"name": "East side", "note": "", "geoids": ONE, **fields})


def geojson(*boxes, key="name") -> bytes:
    features = [
        {"type": "Feature", "properties": {key: f"Ward {i}", "number": i}, "geometry": files.square(*box)}
        for i, box in enumerate(boxes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def send(client, data: bytes, name: str = "wards.geojson", **fields):
    return client.post("/areas/uploads/", {"districts": SimpleUploadedFile(name, data), **fields})


WARDS = geojson((-83.10, 42.30, 0.0145, 0.01), (-83.0855, 42.30, 0.0155, 0.01), (-83.099, 42.302, 0.002, 0.002))


# --- a list of tracts -----------------------------------------------------------------------------
def test_a_pasted_list_becomes_a_page_with_every_panel_and_file(city, client):
    answer = post(client, geoids=f"GEOID\n1400000US{ONE}\n{TWO}, {TWO}\n", note="For the council")
    area = Area.objects.get()
    assert answer.url == f"/areas/{area.token}/" and (area.kind, area.owner) == ("pasted", None)
    page = client.get(answer.url)
    text = page.content.decode()
    assert "1 came more than once" in text and "For the council" in text and "from a list of GEOIDs" in text
    assert 'content="noindex' in text and page["X-Robots-Tag"] == "noindex, nofollow"
    assert f'value="http://testserver{answer.url}"' in text and ">Springfield</a>" in text
    for tail in ("analysis/", "geometry.json", "map.json", "headline.csv", "where.csv", "distribution.csv"):
        found = client.get(answer.url + tail)
        assert found.status_code == 200 and found["Cache-Control"] == "private, no-cache", tail
    assert client.get(answer.url + "where.csv")["Content-Disposition"].startswith(
        'attachment; filename="area-east-side-where'
    )


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"geoids": ""}, "geoids", "Paste at least one tract GEOID"),
        ({"geoids": "  \n"}, "geoids", "Paste at least one tract GEOID"),
        ({"geoids": "hello, 26163"}, "geoids", "a tract has 11"),
        ({"geoids": "26163999999"}, "geoids", "1 code is no tract of 2010: 26163999999."),
        ({"geoids": f"{ONE} 26163999999 26163999998"}, "geoids", "2 codes are no tracts of 2010"),
        ({"geoids": f"{ONE} 2.61635E+10"}, "geoids", "format the column as text"),
        ({"geoids": f"{ONE}\x00"}, "geoids", "characters that are no text"),
        ({"geoids": " ".join(f"26163{i:06d}" for i in range(1, 2003))}, "geoids", "2,002 tracts"),
        ({"geoids": f"{ONE} " * 9000}, "geoids", "longer than 100,000 characters"),
        ({"geoids": f"{ONE} x", "leave_out": "anything"}, "geoids", "Not read as GEOIDs"),
        ({"name": ""}, "name", "Give the area a name"),
        ({"name": "\u200b \u202e"}, "name", "Give the area a name"),
        ({"name": "n" * 81}, "name", "longer than 80"),
        ({"note": "n" * 501}, "note", "longer than 500"),
    ],
)
def test_each_mistake_is_said_at_its_field_and_what_was_typed_stays(city, client, fields, field, said):
    answer = post(client, **fields)
    text = answer.content.decode()
    assert answer.status_code == 422 and not Area.objects.exists()
    assert said in " ".join(answer.context["form"].errors[field])
    assert f'id="{field}-problem"' in text and f'aria-describedby="{field}' in text
    kept = {"name": "East side", "geoids": ONE} | fields
    assert kept["geoids"].strip().replace("\x00", "\ufffd")[:40].strip("\ufffd") in text
    assert kept["name"].strip()[:40] in text


def test_nothing_is_left_out_until_the_person_says_so(city, client):
    geoids = f"{ONE}\n26163999999\nabc"
    first = post(client, geoids=geoids)
    mark = first.context["form"].left_out_mark
    assert f'name="leave_out" id="id_leave_out" value="{mark}"' in first.content.decode()
    assert post(client, geoids=f"{geoids}\nxyz", leave_out=mark).status_code == 422, "another mistake, asked again"
    made = post(client, geoids=geoids, leave_out=mark)
    assert Area.objects.get().tract_count == 1
    assert "Left out, as you said: 26163999999, abc." in client.get(made.url).content.decode()


def test_2020_tracts_are_explained_and_the_2010_tracts_that_cover_them_are_one_click_away(city, client, tmp_path):
    said = post(client, geoids=f"{ONE} 26163700200").content.decode()
    assert "relates them to 2010 has not been imported yet" in said
    portal.ingest(files.write(tmp_path / "rel.txt", RELATION))
    answer = post(client, geoids=f"{ONE} 26163700200")
    text = answer.content.decode()
    assert "1 code is a tract of 2020" in text and f"{THREE}: 67%" in text
    again = client.post("/areas/new/", {"prefill": "yes", "name": "East side", "geoids": f"{ONE} {THREE} "})
    assert again.status_code == 200 and not Area.objects.exists() and f"{ONE} {THREE}" in again.content.decode()


def test_before_any_list_is_known_that_is_said(client):
    assert "No list of tracts has been imported yet" in post(client).content.decode()


def test_the_map_fills_the_form_in(city, client):
    text = client.get(f"/areas/new/?geoids={ONE},{TWO}&city=springfield").content.decode()
    assert f"{ONE},{TWO}</textarea>" in text and 'value="Springfield: chosen tracts"' in text
    assert 'href="/cities/springfield/"' in text
    post(client, geoids=f"{ONE},{TWO}", picked="True")
    assert Area.objects.get().kind == "picked"
    assert client.get("/areas/new/?geoids=<script>&city=nowhere").status_code == 200


def test_one_tract_says_what_it_does_not_allow(city, client):
    text = client.get(post(client).url).content.decode()
    assert "This area is one tract" in text and "no spread to show" in text


def test_an_area_without_estimates_explains_itself_in_every_panel_and_file(city, client, tmp_path):
    """With standard errors, where the county has values to learn from and the area's only tract has none."""
    rows = {f"26163{6000 + i:06d}": (str(round(0.35 + 0.01 * (i % 9), 2)), ".02", "300") for i in range(20)}
    portal.ingest(files.simple_tracts(tmp_path / "tract_outcomes_simple.csv", rows | {ONE: ("", "", "")}))
    area = post(client).url
    assert "No value is published" in client.get(area).content.decode()
    for page in (area, f"{area}analysis/", f"{area}?view=tiers", f"{area}map.json"):
        assert client.get(page).status_code == 200, page
    for slug in KINDS:
        answer = client.get(f"/api/v1{area}panels/{slug}/")
        assert answer.status_code == 200 and (answer.json()["reason"] or answer.json()["finding"]), slug
        assert client.get(f"{area}{slug}.csv").status_code == 200, slug


def test_hostile_words_stay_text(city, client):
    name = '<script>alert(1)</script>"=cmd()'
    made = post(client, name=name, note=name)
    text = client.get(made.url).content.decode()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text
    assert "\n=cmd" not in client.get(made.url + "where.csv").content.decode()


# --- a file of districts --------------------------------------------------------------------------
def test_districts_are_looked_at_then_made(city, client):
    looked = send(client, WARDS, prefix_name="Council")
    assert looked.status_code == 302 and not Area.objects.exists()
    text = client.get(looked.url).content.decode()
    assert "3 districts in wards.geojson" in text and "Too small: no tract has half of its area inside" in text
    assert f"?geoids={ONE}&amp;name=Ward%203" in text and text.count('name="chosen"') == 2
    made = client.post(looked.url, {"chosen": ["1", "2"], "label": "name", "prefix_name": "Council"})
    text = client.get(made.url).content.decode()
    assert "Council, Ward 1" in text and "Council, Ward 2" in text and "2 areas were made" in text
    page = client.get(f"/areas/{Area.objects.get(district='Ward 1').token}/").content.decode()
    assert "wards.geojson, “Ward 1”" in page and "At least half of the tract&#x27;s area" in page
    again = client.post(made.url, {"chosen": ["1"], "label": "name"})
    assert again.status_code == 200 and Area.objects.count() == 2


def test_the_person_says_which_property_names_the_districts(city, client):
    looked = send(client, WARDS)
    assert "> 2</label>" in client.get(f"{looked.url}?label=number").content.decode()
    client.post(looked.url, {"chosen": ["2"], "label": "number"})
    assert Area.objects.get().name == "2"


@pytest.mark.parametrize("chosen", [[], ["3"], ["99"], ["x"]])
def test_a_choice_that_is_none_is_said_and_nothing_is_made(city, client, chosen):
    looked = send(client, WARDS)
    answer = client.post(looked.url, {"chosen": chosen, "label": "name"})
    assert answer.status_code == 422 and not Area.objects.exists() and "Nothing was created" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "unpack it"),
        (b"{", "not readable as JSON"),
        (geojson((13e6, 3e5, 10, 10)), "EPSG:4326"),
        (geojson((10, 50, 1, 1)), "no tract boundaries have been imported"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_field(city, client, data, said):
    answer = send(client, data, prefix_name="My wards")
    text = answer.content.decode()
    assert answer.status_code == 422 and not AreaUpload.objects.exists()
    assert said in text.split('id="districts-problem">')[1].split("</p>")[0] and 'value="My wards"' in text


def test_no_file_at_all_and_a_visit_without_one(city, client):
    assert "Choose a GeoJSON file." in client.post("/areas/uploads/", {}).content.decode()
    assert client.get("/areas/uploads/").url == "/areas/new/"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\wards 1.geojson", "wards 1.geojson"),
        ("<b>\u202e.json", "_b_.json"),
        ("///", "districts.geojson"),
        ("x" * 300 + ".json", "x" * 115 + ".json"),
    ],
)
def test_file_names_become_harmless(name, plain):
    assert plain_file_name(name) == plain


# --- who may --------------------------------------------------------------------------------------
def test_owners_see_their_list_rename_close_and_archive(city, client, ann):
    token = post(ann).url.split("/")[2]
    assert "East side" in ann.get("/areas/").content.decode()
    assert "East side" not in client.get("/areas/").content.decode()
    assert ann.post(f"/areas/{token}/edit/", {"name": "", "note": "kept"}).status_code == 422
    ann.post(f"/areas/{token}/edit/", {"name": "West side", "note": "", "by_link": "on"})
    assert "West side" in client.get(f"/areas/{token}/").content.decode()
    ann.post(f"/areas/{token}/edit/", {"name": "West side", "note": ""})
    for tail in ("", "analysis/", "geometry.json", "map.json", "where.csv"):
        assert client.get(f"/areas/{token}/{tail}").status_code == 404, tail
        assert ann.get(f"/areas/{token}/{tail}").status_code == 200, tail
    assert ann.post(f"/areas/{token}/archive/").url == "/areas/"
    assert ann.get(f"/areas/{token}/").status_code == ann.get(f"/areas/{token}/where.csv").status_code == 404


def test_others_may_not(city, client, ann):
    token = areas.create_area("pasted", "Nobody's", [ONE])
    bo = Client()
    bo.force_login(get_user_model().objects.create_user("bo@example.org", "x"))
    mine = areas.create_area("pasted", "Ann's", [ONE], owner=ann.pk)
    for what in ("edit", "archive"):
        for area in (token, mine):
            assert bo.get(f"/areas/{area}/{what}/").status_code == 404
            assert bo.post(f"/areas/{area}/{what}/", {"name": "Bo's"}).status_code == 404
            assert client.post(f"/areas/{area}/{what}/").status_code == 302
    assert set(Area.objects.values_list("name", "archived_at")) == {("Nobody's", None), ("Ann's", None)}
    assert "Edit name" not in bo.get(f"/areas/{mine}/").content.decode()
    assert "Edit name" in ann.get(f"/areas/{mine}/").content.decode()


def test_an_operator_may_take_any_area_down(city, ann):
    get_user_model().objects.filter(pk=ann.pk).update(is_staff=True)
    token = areas.create_area("pasted", "Rude words", [ONE])
    assert ann.get(f"/areas/{token}/edit/").status_code == 404
    ann.post(f"/areas/{token}/archive/")
    assert area_queries.area(token) is None


def test_forms_refuse_what_another_site_sends(city):
    strict = Client(enforce_csrf_checks=True)
    assert post(strict).status_code == 403 and send(strict, WARDS).status_code == 403
    assert not Area.objects.exists() and not AreaUpload.objects.exists()


def test_one_address_makes_so_many_areas_an_hour(city, client, monkeypatch):
    monkeypatch.setitem(rate_limits.AREAS, "area", rate_limits.Hourly(2, 20))
    monkeypatch.setitem(rate_limits.AREAS, "file", rate_limits.Hourly(1, 10))
    assert [post(client).status_code for _ in range(3)] == [302, 302, 429]
    assert post(client, REMOTE_ADDR="x").status_code == 429, "a field is no address"
    other = Client(REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "1.2.3.4"})
    assert [post(other).status_code for _ in range(3)] == [302, 302, 429], "an invented header makes no new address"
    assert [send(client, WARDS).status_code for _ in range(2)] == [302, 429]
    assert api(client, geoids=[ONE]).status_code == 429
    cache.clear()
    assert post(client).status_code == 302


# --- the API --------------------------------------------------------------------------------------
def api(client, **fields):
    return client.post("/api/v1/areas/", json.dumps({"name": "East side", **fields}), content_type="application/json")


def test_the_api_makes_and_reads_an_area(city, client):
    answer = api(client, geoids=[ONE, TWO, ONE], note="n")
    said = answer.json()
    assert answer.status_code == 201 and (said["tract_count"], said["repeated"]) == (2, 1)
    assert said["link"] == f"http://testserver/areas/{said['token']}/" and answer["Location"] == said["api"]
    found = client.get(said["api"])
    body = found.json()
    assert found["X-Robots-Tag"] == "noindex, nofollow"
    assert [m["geoid"] for m in body["members"]] == [ONE, TWO] and body["cities"] == ["springfield"]
    assert body["headline"]["value"] == headline(area_queries.area(said["token"])).value
    panel = client.get(f"{said['api']}panels/where/").json()
    assert len(panel["rows"]) == 2 and panel["sources"]
    assert client.get(f"{said['api']}panels/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"geoids": []}, "geoids"),
        ({"geoids": [ONE, "26163999999"]}, "geoids"),
        ({"geoids": ["x"]}, "geoids"),
        ({"geoids": {"a": 1}}, "geoids"),
        ({"geoids": ["1"] * 4001}, "geoids"),
        ({}, "geoids"),
        ({"geoids": [ONE], "name": ""}, "name"),
        ({"geoids": [ONE], "name": "n" * 81}, "name"),
    ],
)
def test_the_api_answers_mistakes_with_a_problem_document(city, client, fields, field):
    answer = api(client, **fields)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["detail"] and not Area.objects.exists()


def test_the_api_lists_nobodys_areas_and_forgets_archived_ones(city, client, ann):
    token = api(client, geoids=[ONE]).json()["token"]
    assert client.get("/api/v1/areas/").status_code == ann.get("/api/v1/areas/").status_code == 405
    Area.objects.update(archived_at="2100-01-01T00:00:00Z")
    answer = client.get(f"/api/v1/areas/{token}/")
    assert answer.status_code == 404 and "taken down" in answer.json()["detail"]


def test_an_area_without_a_value_says_so_and_leads_to_its_city(city, client):
    """The third tract has no published value: nothing is on its way, and no import would help."""
    address = post(client, geoids=THREE).headers["Location"]
    page = client.get(address).content.decode()
    start = page.index('id="headline"')
    told = page[start : page.index('role="search"', start)]
    assert "No value is published for these tracts." in told and 'href="/cities/springfield/"' in told
    assert not any(words in told for words in ("yet", "See how far", "no tract has both"))
    for panel in ("headline", "groups"):
        assert f"{address}{panel}.png" not in page and f"{address}{panel}.svg" not in page
    answer = client.get(f"{address}headline.png")
    assert answer.status_code == 404
    assert "There is nothing to draw: no value is published for these tracts." in answer.content.decode()
