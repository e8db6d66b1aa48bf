"""Defaults by kind, and what no text says."""

import pytest

from engagements.public_records.rules import default_decision, without_contacts


@pytest.mark.parametrize(
    ("kind", "told", "mark", "reason"),
    [
        ("decision", {}, "shareable", ""),
        ("progress", {}, "shareable", ""),
        ("meeting", {}, "deliberative", "deliberation"),
        ("note", {}, "deliberative", "deliberation"),
        ("question", {}, "deliberative", "deliberation"),
        ("update", {"is_published": True}, "shareable", ""),
        ("update", {}, "deliberative", "deliberation"),
        ("document", {"visibility": "all"}, "shareable", ""),
        ("document", {"visibility": "team"}, "deliberative", "deliberation"),
        ("comment", {"visibility": "city"}, "deliberative", "deliberation"),
        ("comment", {"visibility": "all"}, "shareable", ""),
        ("plan", {"is_published": True}, "shareable", ""),
        ("plan", {}, "deliberative", "deliberation"),
        ("result", {"is_published": True}, "shareable", ""),
        ("pilot", {}, "deliberative", "deliberation"),
        ("request", {"is_published": True}, "deliberative", "deliberation"),
        ("risk", {"visibility": "all"}, "shareable", ""),
        ("risk", {"visibility": "team"}, "deliberative", "deliberation"),
        ("result", {"is_published": True, "is_archived": True}, "deliberative", "other"),
        ("decision", {"is_archived": True}, "deliberative", "other"),
        ("anything new", {}, "deliberative", "deliberation"),
    ],
)
def test_the_default_of_each_kind(kind, told, mark, reason):
    found = default_decision(kind, **told)
    assert (found.mark, found.reason) == (mark, reason) and bool(found.words) is (reason == "other")


def test_contacts_and_secrets_leave_a_text_and_nothing_else_does():
    text = "Ask ana.ruiz+x@city.example.gov or (313) 555-0142, +1 313-555-0142; /c/AbCdEfGhIjKlMnOpQrStUvWx12.ics"
    found = without_contacts(text)
    for secret in ("ana.ruiz", "555-0142", "AbCdEf"):
        assert secret not in found
    kept = (
        "Tract 26163500100 cost $1,234,567.89 on 2026-11-23, see https://example.org/the-long-report-of-the-city-2026."
    )
    assert without_contacts(kept) == kept
