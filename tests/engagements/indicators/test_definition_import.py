"""Indicators out as a table, and back again changed."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.models import Indicator, TableImport
from engagements.permissions import Role
from tests.factories.engagements import member, pair
from tests.factories.indicators import make_indicator

pytestmark = pytest.mark.django_db


def test_indicators_go_out_and_what_was_changed_comes_back_once():
    here, _ = pair()
    lead = member(Role.LEAD, here)
    indicator = make_indicator(here, lead)
    client = Client()
    client.force_login(lead)
    address = f"/engagements/{here.slug}/indicators/definitions/"
    table = client.get(f"{address}export.csv").content.decode("utf-8-sig")

    def bring(text: str):
        return client.post(f"{address}import/", {"file": SimpleUploadedFile("list.csv", text.encode())})

    assert [row.outcome for row in bring(table).context["result"].rows] == ["unchanged"]
    shown = bring(table.replace(indicator.name, "Calls answered"))
    assert [row.outcome for row in shown.context["result"].rows] == ["change"]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode())
    hidden = {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}
    assert not Indicator.objects.filter(name="Calls answered").exists()
    for _ in range(2):  # a second tap
        client.post(f"{address}import/keep/", hidden)
    assert Indicator.objects.get().name == "Calls answered"
    kept = TableImport.objects.get()
    assert (kept.kind, kept.added, kept.changed) == ("indicators", 0, 1)
