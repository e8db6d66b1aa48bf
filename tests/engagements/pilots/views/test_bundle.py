"""The bundle: a stranger finds the same number from it alone."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from engagements.permissions import Role
from tests.engagements.pilots.views.test_verdict import get
from tests.engagements.pilots.worked_pilot import COLUMNS, analyze, make_worked, publish

pytestmark = pytest.mark.django_db


def test_a_stranger_reproduces_the_number_with_the_command_and_the_bundle_alone(client, tmp_path):
    worked = make_worked()
    analysis = analyze(worked)
    address = f"/pilots/{worked.pilot.pk}/bundle.zip"
    assert get(client, worked.person(Role.LEAD), address).status_code == 404, "not before it is published"
    publish(worked)
    answer = get(client, None, address)
    assert answer["Content-Type"] == "application/zip"
    assert get(client, None, address).content == answer.content
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    command = [sys.executable, "manage.py", "analyze_pilot", tmp_path / "spec.toml", tmp_path / "data.csv", "--json"]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found, told = json.loads(out), analysis.result
    assert found["value"] == told["primary"]["value"]
    assert found["interval"] == [told["shown_low"], told["shown_high"]]
    assert (found["verdict"], found["sentence"]) == (told["verdict"], told["sentence"])
    assert (tmp_path / "registration.json").read_text() == worked.version.content


def test_small_groups_leave_only_as_sums(client):
    blocks = {
        "arm": ["usual", "usual", "coaching", "coaching"],
        "block": ["east", "west", "east", "west"],
        "n": [4, 1976, 1010, 1010],
        "total": [1, 791, 464, 465],
    }
    worked = make_worked(columns=blocks)
    analyze(worked)
    publish(worked)
    content = get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").content
    data = zipfile.ZipFile(io.BytesIO(content)).read("data.csv").decode()
    assert "east" not in data and "1980" in data


def test_without_its_data_there_is_no_bundle(client):
    worked = make_worked(columns=COLUMNS)
    analyze(worked)
    publish(worked)
    worked.pilot.datasets.update(content=None, deleted_at="2028-02-01T00:00Z", deleted_why="Its day came.")
    page = f"/pilots/{worked.pilot.pk}/"
    assert get(client, None, f"{page}bundle.zip").status_code == 404
    assert "bundle.zip" not in get(client, None, page).content.decode()
