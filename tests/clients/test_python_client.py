"""The Python client: generated from today's API, and reading a portal that runs."""

import gc
import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from django.conf import settings as portal_settings
from django.db import connection
from requests import Response

from mobility_portal.client_source import client_source
from mobility_portal.management.commands.make_client import FILE
from mobility_portal.schema_view import api_document
from tests.factories import portal
from tests.factories.engagements import EngagementFactory

CLIENT = portal_settings.BASE_DIR / "clients" / "python"
sys.path.insert(0, str(CLIENT / "src"))
from mobility_portal_client import Client, Problem, panel_frame  # noqa: E402
from mobility_portal_client.transport import KEPT, frame  # noqa: E402


def test_the_generated_part_is_up_to_date():
    assert FILE.read_text("utf-8") == client_source(api_document()), "run `make client`"


def test_its_wheel_is_a_package_of_its_own(tmp_path):
    """Built as pip builds it, without a network, and imported from where pip would put it."""
    source, site = tmp_path / "source", tmp_path / "site"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    build = "from setuptools.build_meta import build_wheel; build_wheel('..')"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("mobility_portal_client-1.1.0-*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    assert (site / "mobility_portal_client" / "py.typed").exists()
    asked = "import mobility_portal_client as m; print(m.__file__, m.Client.list_cities.__annotations__['return'])"
    command = [sys.executable, "-c", asked]
    told = subprocess.run(command, env={"PYTHONPATH": str(site)}, check=True, capture_output=True, text=True).stdout
    assert str(site) in told and "DataFrame" in told


@pytest.mark.django_db(transaction=True)
def test_it_reads_a_portal_into_pandas(live_server, tmp_path, settings):
    """One server for all of it: starting one takes longer than asking."""
    city = portal.build(tmp_path)
    EngagementFactory(city=city).participations.create(
        status="active", began_on="2019-06-01", precision="month", source="the record"
    )
    with Client(live_server.url) as client:
        _lists_are_frames(client)
        _single_answers_are_typed(client)
        _what_is_the_same_is_sent_once(client)
        _refusals_are_problems(client, live_server.url)
        _it_waits_after_too_many(client, settings)
    _wait_for_the_server_to_let_go()


def _wait_for_the_server_to_let_go() -> None:
    """Its threads end a moment after their answers; the database cannot be dropped before."""
    gc.collect()  # the refusals' tracebacks hold answers, and these the connections they came through
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
    raise AssertionError("A thread of the test's server kept its connection.")


def _lists_are_frames(client: Client) -> None:
    cities = client.list_cities()
    assert list(cities["slug"]) == ["springfield"] and cities["participation"][0]["started_on"] == "2019-06-01"
    tracts = client.list_city_tracts("springfield", measure="kfr_pooled_pooled_p25_usd_2015", page_size=3)
    assert len(tracts) == tracts.attrs["count"] == 4, "pages are followed to the last"
    assert tracts["geoid"].dtype == "string" and tracts["value"].dtype == "Float64"
    assert tracts["value"].isna().sum() == 1 and tracts["value"][0] == 20_000
    assert tracts.attrs["measure"]["unit"] == "usd_2015" and tracts.attrs["standard_error_reason"]
    releases = client.list_releases()
    assert isinstance(releases["activated_at"].dtype, pd.DatetimeTZDtype) and releases["id"].dtype == "Int64"
    assert list(client.list_evidence().columns)[:2] == ["id", "version"], "an empty list keeps its columns"


def _single_answers_are_typed(client: Client) -> None:
    headline = client.get_city("springfield")["headline"]
    assert headline["value"] is not None and 0 < headline["value"] < 1 and headline["standard_error_reason"]
    panel = client.get_city_panel("springfield", "where", measure="kfr_pooled_pooled_p25_usd_2015", view="raw")
    rows = panel_frame(panel)
    assert len(rows) == len(panel["rows"]) and rows.attrs["finding"] == panel["finding"]
    assert set(rows.attrs["units"]) == set(rows.columns)
    assert client.compare_cities(cities="springfield")["cities"] == ["springfield"]


def _what_is_the_same_is_sent_once(client: Client) -> None:
    statuses = []
    client._session.hooks["response"].append(lambda response, **_: statuses.append(response.status_code))
    first, again = client.list_measures(), client.list_measures()
    assert statuses == [304, 304] or statuses == [200, 304]
    pd.testing.assert_frame_equal(first, again)
    client.get_city("springfield")["headline"] = "mine"
    assert client.get_city("springfield")["headline"] != "mine", "an answer belongs to who asked"


def _refusals_are_problems(client: Client, address: str) -> None:
    with pytest.raises(Problem) as refused:
        client.get_city("nowhere")
    assert refused.value.status == 404 and "no city" in refused.value.detail
    with pytest.raises(Problem) as refused:
        client._read("/api/v1/cities/", {"sise": 3})
    assert list(refused.value.errors) == ["sise"]
    with Client(address, token="mp_none") as stranger, pytest.raises(Problem) as refused:
        stranger.list_milestones()
    assert refused.value.status == 401
    with pytest.raises(Problem) as refused:
        client._read("/nothing-here/", {})  # a page, not a problem document
    assert refused.value.status == 404 and len(refused.value.request_id) == 16


def _it_waits_after_too_many(client: Client, settings) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        settings.PUBLIC_READS_PER_MINUTE = 600

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mobility_portal_client.transport.time.sleep", sleep)
        settings.PUBLIC_READS_PER_MINUTE = 1
        client.list_cities()
        client.list_cities()
    assert slept and 1 <= slept[0] <= 60


class _Answers:
    """A session that says what it was asked, with two pages whose link names another host."""

    def __init__(self):
        self.asked: list[str] = []

    def __call__(self, made, **_):
        self.asked.append(made.url)
        answer = Response()
        is_first = len(self.asked) == 1
        following = "https://elsewhere.example/portal/api/v1/cities/?page=2" if is_first else None
        answer.status_code, answer.headers["ETag"] = 200, f'"{len(self.asked)}"'
        answer._content = json.dumps({"count": 2, "next": following, "results": [{"slug": made.url[-1]}]}).encode()
        return answer


def test_a_link_to_another_host_takes_no_token_there():
    with Client("https://here.example/portal", token="mp_secret") as client:
        client._session.send = answers = _Answers()  # type: ignore[method-assign]
        assert len(client.list_cities()) == 2
    assert answers.asked == [
        "https://here.example/portal/api/v1/cities/",
        "https://here.example/portal/api/v1/cities/?page=2",
    ]


def test_what_a_client_keeps_is_bounded():
    with Client("https://here.example") as client:
        client._session.send = _Answers()  # type: ignore[method-assign]
        for number in range(KEPT + 5):
            client._read("/api/v1/cities/", {"page": number})
        assert len(client._kept) == KEPT


def test_columns_that_are_not_there_and_days_are_no_trouble():
    found = frame([{"on": "2019-06-01", "at": None}], {"on": "datetime64", "at": "datetime64[UTC]", "gone": "Int64"})
    assert found["on"][0] == pd.Timestamp("2019-06-01") and pd.isna(found["at"][0]) and "gone" not in found


@pytest.mark.parametrize("part", ["list_cities", "Problem", "frame.attrs", "make client"])
def test_the_readme_tells_what_there_is(part):
    assert part in (CLIENT / "README.md").read_text("utf-8") and isinstance(FILE, Path)
