"""The alert rules: figures that exist, states that happen, and a line in the documents for each."""

import re
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from mobility_portal.backup.models import Backup
from mobility_portal.observing import notes

ROOT = Path(__file__).resolve().parent.parent.parent
_GROUPS = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"]
RULES = [rule for group in _GROUPS for rule in group["rules"]]


@pytest.fixture
def names(db) -> set[str]:
    Backup.objects.create(started_at=timezone.now(), seconds=3, file_name="one", size=1, sha256="0" * 64)
    notes.note_task("engagements.tasks.check_feeds", now=1_000.0, seconds=0.25)
    Client().get("/nonsense/")
    said = Client().get("/metrics", headers={"host": "localhost"}).content.decode()
    return {sample.name for family in text_string_to_metric_families(said) for sample in family.samples}


def test_each_rule_asks_for_figures_that_exist(names):
    for rule in RULES:
        asked = set(re.findall(r"\bportal_\w+", rule["expr"]))
        assert asked <= names, (rule["alert"], asked - names)


def test_each_rule_says_how_urgent_it_is_and_the_documents_say_what_to_do():
    said = (ROOT / "docs/observing.md").read_text()
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket") and re.fullmatch(r"\d+m", rule["for"])
        assert rule["annotations"]["summary"].endswith((".", "?")) and f"`{rule['alert']}`" in said
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10
