"""The table of what is held about people is whole, and its paper is the same."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from engagements.models import User
from engagements.privacy.rules.inventory import INVENTORY, Fate, as_markdown

PAPER = Path(__file__).parents[3] / "docs" / "privacy.md"
# Names of columns that hold something about a person besides keys to accounts and email addresses.
TELLING = frozenset({"phone", "browser", "network", "agent", "address", "payee_address", "address_hash", "address_key"})
NOT_OF_PEOPLE = frozenset({"pgh_context", "pgh_obj"})


def named_in() -> dict[str, list[str]]:
    """Model -> its fields that hold something about a person. The history of a table is held as the table is."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_obj") or not model._meta.managed or model._meta.app_label == "pghistory":
            continue
        names = [
            field.name
            for field in model._meta.concrete_fields
            if field.related_model is User or isinstance(field, models.EmailField) or field.name in TELLING
        ]
        if names:
            found[model._meta.label] = names
    return found


def test_every_model_that_names_a_person_has_a_line():
    missing = {label: names for label, names in named_in().items() if label not in INVENTORY}
    assert not missing, f"say in engagements/privacy/rules/inventory.py what they hold and what erasure does: {missing}"


def test_every_line_has_a_model_and_its_path_and_secrets_are_fields():
    for label, held in INVENTORY.items():
        model = apps.get_model(label)
        names = {field.name for field in model._meta.concrete_fields} | {"pk"}
        assert not held.path or held.path in names, label
        assert held.secret <= names, label
        assert held.what and held.why and held.readers and held.how_long, label


def test_what_is_whole_in_a_copy_leads_to_its_person():
    assert [label for label, held in INVENTORY.items() if held.is_own and not held.path] == []


def test_no_secret_is_in_a_copy():
    """Columns that open something are named as secret, whatever they are called next."""
    for label, held in INVENTORY.items():
        if held.is_own:
            fields = {field.name for field in apps.get_model(label)._meta.concrete_fields}
            assert {"sha256", "password", "session_key", "key"} & fields <= held.secret | {"key"}, label


def test_a_key_that_cascades_is_said_to_be_deleted():
    """What would go with the account's row is the person's own, and goes with the erasure too."""
    wrong = []
    for label, held in INVENTORY.items():
        for field in apps.get_model(label)._meta.concrete_fields:
            goes = field.related_model is User and getattr(field.remote_field, "on_delete", None) is models.CASCADE
            if goes and held.fate is not Fate.DELETED and not label.endswith(("_mentions", "_attendees")):
                wrong.append(label)
    assert wrong in ([], ["atlas.Area"])  # areas are kept for who uses them


@pytest.mark.parametrize("line", as_markdown().splitlines())
def test_the_paper_has_the_same_table(line):
    assert line in PAPER.read_text("utf-8")
