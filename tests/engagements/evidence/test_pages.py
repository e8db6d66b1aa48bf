"""The pages of the evidence library: for strangers, readers and those who write it."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.evidence.actions import add_evidence, change_evidence, review_evidence
from engagements.evidence.exports import HEADER, evidence_cells, evidence_table
from engagements.evidence.forest import MOST_NOT_YET, unit_key
from engagements.evidence.records import COLUMNS, FAMILIES
from engagements.models import EvidenceRow
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from engagements.seeds.evidence import seed_evidence
from engagements.seeds.evidence_library import starter_library
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_, statuses
from tests.engagements.seeds.test_evidence_library import GOOD
from tests.factories.engagements import NOW, CityFactory, EngagementFactory, everybody
from tests.factories.reviews import answers
from tests.factories.tables import csv_of

pytestmark = pytest.mark.django_db
WRITERS = {Role.EXPERT, Role.LEAD}


@pytest.fixture
def people():
    return everybody(EngagementFactory(city=CityFactory(slug="tulsa", name="Tulsa")))


@pytest.fixture
def row(people):
    made = add_evidence(fields=GOOD, by=people[Role.EXPERT], now=NOW)
    return review_evidence(
        key=made.key,
        status="reviewed",
        expected_version=made.version,
        by=people[Role.LEAD],
        now=NOW,
        answers=all_yes("evidence"),
    )


def form_of(response) -> dict[str, object]:
    """What a browser would send of the page's form."""
    form = response.context["form"]
    values = {field.html_name: field.value() for field in form}
    values = {name: "" if value is None else value for name, value in values.items()}
    return {name: value for name, value in values.items() if value is not False}


# --- Reading ------------------------------------------------------------------------------------


def findings_of(page: str) -> int:
    return len(re.findall('<tr class="finding-row"', page))


def test_everybody_reads_the_library_with_null_and_negative_rows(client, people):
    seed_evidence()
    page = client.get("/evidence/")
    words = page.content.decode()
    assert page.status_code == 200 and page.context["count"] == 132 and page.context["worse"] == 31
    assert "+$3,477" in words and "+$697 to +$6,256" in words and "−$2,427" in words
    assert words.count("tag-loss") and words.count("tag-none") and "/evidence/add/" not in words
    for key in (row.key for row in starter_library()):
        assert client.get(f"/evidence/{key}/").status_code == 200, key


def test_every_finding_is_a_row_of_its_outcome_and_each_outcome_is_one_link_away(client, people):
    seed_evidence()
    first = client.get("/evidence/").content.decode()
    reached = set(re.findall(r"family=([a-z_]+)", first)) | set(re.findall('<section[^>]* id="([a-z_]+)"', first))
    shown = {family: findings_of(client.get(f"/evidence/?family={family}").content.decode()) for family, _ in FAMILIES}
    assert sum(shown.values()) == 132
    assert {family for family, rows in shown.items() if rows} <= reached


def test_what_can_be_planned_with_comes_first_and_the_others_say_why_not(client, people):
    seed_evidence()
    page = client.get("/evidence/?family=annual_earnings")
    (section,) = page.context["sections"]
    ready = {row.shown.record.key for row in section.main.ready}
    assert {"mto-under-13-earnings", "year-up-earnings-1"} <= ready
    assert all(row.low is not None and row.shown.fields.estimand for row in section.main.ready)
    assert all(row.not_planned for table in section.tables for row in table.not_yet)
    words = page.content.decode()
    assert words.index("mto-under-13-earnings") < words.index("quest-earnings")
    only = client.get("/evidence/?ready=on")
    assert only.context["count"] == page.context["ready"] + sum(
        len(table.ready) for one in only.context["sections"] for table in one.tables if one.value != "annual_earnings"
    )
    assert not any(table.not_yet for one in only.context["sections"] for table in one.tables)


def test_findings_in_different_units_never_share_an_axis(client, people):
    seed_evidence()
    for section in client.get("/evidence/?q=").context["sections"]:
        for table in section.tables:
            assert len({unit_key(row.shown.fields.unit) for row in table.rows}) == 1


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("effect", lambda row: -row.value),
        ("cost", lambda row: (row.shown.fields.cost_usd is None, row.shown.fields.cost_usd or 0)),
        ("strength", lambda row: (-row.marks, -(row.shown.fields.sample_size or 0))),
        ("outcome", lambda row: row.shown.fields.outcome.casefold()),
        ("city", lambda row: (not row.shown.fields.tried_in, row.shown.fields.tried_in)),
    ],
)
def test_rows_are_sorted_by_links_and_what_can_be_planned_with_stays_first(client, people, sort, key):
    seed_evidence()
    page = client.get(f"/evidence/?family=annual_earnings&sort={sort}")
    for table in page.context["sections"][0].tables:
        for rows in (table.ready, table.not_yet):
            assert list(rows) == sorted(rows, key=key)
    words = page.content.decode()
    assert "family=annual_earnings&amp;sort=cost" in words and client.get("/evidence/?sort=best").status_code == 400


def test_the_page_opens_with_whole_tables_of_what_can_be_planned_with_and_few_others(client, people):
    seed_evidence()
    for section in client.get("/evidence/?sort=effect").context["sections"]:
        assert section.main and len(section.main.first_not_yet) <= MOST_NOT_YET
        assert section.folded == section.count - len(section.main.ready) - len(section.main.first_not_yet)


def test_each_row_says_where_its_standard_error_comes_from_and_where_sources_differ(client, people):
    seed_evidence()
    computed = client.get("/evidence/paycheck-plus-earnings/").content.decode()
    assert "p = 0.56" in computed and "$329" in computed
    bound = client.get("/evidence/workadvance-earnings-2/").content.decode()
    assert "$755" in bound and "p &lt; 0.01" in bound
    assert "$787" in client.get("/evidence/workadvance-tulsa/").content.decode()


def test_filters_of_the_address(client, people):
    seed_evidence()
    page = client.get("/evidence/?gap=employment&tier=rct&tried_in=tulsa")
    words = page.content.decode()
    assert page.context["count"] == 4 == findings_of(words) and "WorkAdvance" in words and "Year Up" not in words
    assert "Tulsa." in words and "Choose a city to see its number." in words
    nothing = client.get("/evidence/?family=transport&finding=negative")
    assert 'class="empty"' in nothing.content.decode() and nothing.status_code == 200
    wrong = client.get("/evidence/?gap=hope&city=atlantis")
    assert wrong.status_code == 400 and "There is no “hope” here." in wrong.content.decode()
    assert wrong.context["count"] == 132


def test_a_row_says_what_it_is_and_what_it_does_not_say(client, people):
    seed_evidence()
    words = client.get("/evidence/mto-under-13-earnings/").content.decode()
    for said in (
        "+$3,477",
        "dollars of 2012 a year",
        "Those who took part (TOT)",
        "47% of those offered",
        "nothing about income ranks",
        "Chetty, Hendren and Katz (2016)",
        "Nov 27, 2026",
        "Baltimore",
        "$3,783 in dollars of 2012",
        "It came with the portal",
    ):
        assert said in words, said
    assert "Not known" in client.get("/evidence/head-start-earnings/").content.decode()


def test_names_of_people_are_for_those_who_signed_in(client, people, row):
    lead = str(people[Role.LEAD])
    assert lead not in client.get("/evidence/a-trial/").content.decode()
    assert lead not in client.get("/evidence/a-trial/versions/").content.decode()
    assert lead in as_(people[Role.FUNDER]).get("/evidence/a-trial/").content.decode()


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(client, people, row):
    assert "no-store" in as_(people[Role.LEAD]).get("/evidence/").headers["Cache-Control"]
    assert "no-store" not in client.get("/evidence/").headers.get("Cache-Control", "")


def test_versions_side_by_side(people, row):
    change_evidence(
        key="a-trial",
        changes={"effect": 0.25, "fadeout": "Gone"},
        expected_version=row.version,
        by=people[Role.LEAD],
        now=NOW,
        why="Erratum",
    )
    words = as_(people[Role.EXPERT]).get("/evidence/a-trial/versions/").content.decode()
    assert "<del>0.2</del>" in words and "<ins>0.25</ins>" in words and "Erratum" in words
    assert "There is one version so far" in Client().get("/evidence/a-trial/versions/").content.decode()


def test_the_file_holds_what_the_page_shows(client, people):
    seed_evidence()
    file = client.get("/evidence/export.csv?tried_in=tulsa&family=savings_and_credit")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == ",".join((*COLUMNS, "version")) and [line.split(",")[0] for line in lines[1:]] == [
        "tulsa-ida-retirement",
        "saveusa-savings",
    ]


# --- Who may do what ----------------------------------------------------------------------------

WRITING = (
    "/evidence/add/",
    "/evidence/import/",
    "/evidence/import/template.csv",
    "/evidence/a-trial/edit/",
    "/evidence/a-trial/archive/",
)


@pytest.mark.parametrize("url", WRITING)
def test_writing_is_for_experts_and_leads(client, people, row, url):
    assert allowed(people, url) == WRITERS
    assert {status for role, status in statuses(people, url).items() if role not in WRITERS} == {403}
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    "url", ["/evidence/", "/evidence/a-trial/", "/evidence/a-trial/versions/", "/evidence/export.csv"]
)
def test_reading_is_for_everybody(client, people, row, url):
    assert allowed(people, url) == set(Role) and client.get(url).status_code == 200


def test_a_row_that_waits_is_not_there_for_others(client, people):
    add_evidence(fields=GOOD, by=people[Role.EXPERT], now=NOW)
    for url in ("/evidence/a-trial/", "/evidence/a-trial/versions/", "/evidence/a-trial/edit/"):
        assert allowed(people, url) == WRITERS
        assert {status for role, status in statuses(people, url).items() if role not in WRITERS} == {404}
    assert client.get("/evidence/a-trial/").status_code == 404
    page = as_(people[Role.LEAD]).get("/evidence/")
    assert page.context["waiting"] == 1 and "?waiting=1" in page.content.decode()
    assert "tag-warn" in page.content.decode() and "tag-warn" not in client.get("/evidence/").content.decode()


@pytest.mark.parametrize("end", ["review", "archive", "edit"])
def test_others_send_in_vain(people, row, end):
    for role in set(Role) - WRITERS:
        answer = as_(people[role]).post(f"/evidence/a-trial/{end}/", {"version": row.version, "status": "draft"})
        assert answer.status_code == 403
    assert EvidenceRow.objects.get().status == "reviewed"


# --- Writing ------------------------------------------------------------------------------------


def sent(**changes) -> dict[str, object]:
    fields = replace(GOOD, **changes)
    values = {name: getattr(fields, name) for name in COLUMNS}
    values = {name: list(v) if isinstance(v, tuple) else "on" if v is True else v for name, v in values.items()}
    return {name: v for name, v in values.items() if v not in (None, False)} | {"submission": SUBMISSION}


def test_an_expert_adds_and_a_lead_reviews(client, people):
    expert, lead = as_(people[Role.EXPERT]), as_(people[Role.LEAD])
    answer = expert.post("/evidence/add/", sent(), follow=True)
    assert answer.redirect_chain == [("/evidence/a-trial/", 302)]
    words = answer.content.decode()
    assert "message-warning" in words and "/evidence/a-trial/review/" not in words  # nobody reviews their own words
    expert.post("/evidence/add/", sent())  # the second click
    assert EvidenceRow.objects.count() == 1
    version = EvidenceRow.objects.get().version
    assert "/evidence/a-trial/review/" in lead.get("/evidence/a-trial/").content.decode()
    assert 'value="reviewed"' in lead.get("/evidence/a-trial/review/").content.decode()
    decide = {"version": version, "status": "reviewed", "why": "Read twice"}
    open_ = lead.post("/evidence/a-trial/review/", decide | answers("evidence") | {"point_margin": ""})
    assert open_.status_code == 422 and "Read twice" in open_.content.decode()
    answer = lead.post("/evidence/a-trial/review/", decide | answers("evidence"), follow=True)
    assert "message-success" in answer.content.decode()
    assert client.get("/evidence/a-trial/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"effect": "1,945"}, "effect", "without $, % or commas"),
        ({"unit": ""}, "unit", "An effect needs its unit"),
        ({"study_takeup": "47"}, "study_takeup", "47% is 0.47"),
        ({"key": "Bad Key"}, "key", "small letters"),
        ({"source": ""}, "source", "required"),
        ({"tier": "gold"}, "tier", "gold"),
        ({"summary": "x\x07"}, "summary", "control characters"),
        ({"sample_size": "1.5"}, "sample_size", "no whole number"),
        ({"verified_on": "soon"}, "verified_on", "Give a day"),
        ({"verified_on": "2030-01-01"}, "verified_on", "still to come"),
        ({"gaps": ["hope"]}, "gaps", "hope"),
        ({"cost_usd": "-1"}, "cost_usd", "not below 0"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(people, changes, field, words):
    answer = as_(people[Role.EXPERT]).post("/evidence/add/", sent() | changes | {"population": "Typed by hand"})
    page = answer.content.decode()
    assert answer.status_code == 422 and EvidenceRow.objects.count() == 0
    assert words in " ".join(answer.context["form"].errors[field]) and "Typed by hand" in page


def test_an_edit_sends_back_what_it_got_and_changes_only_what_was_changed(people, row):
    seed_evidence()
    lead = as_(people[Role.LEAD])
    for key in ("a-trial", "mto-13-or-older-college", "year-up-earnings-3", "saveusa-savings", "expungement-wages"):
        page = lead.get(f"/evidence/{key}/edit/")
        before = EvidenceRow.objects.get(key=key).version
        answer = lead.post(f"/evidence/{key}/edit/", form_of(page) | {"why": "Nothing"})
        assert answer.status_code == 302 and EvidenceRow.objects.get(key=key).version == before, key
    page = lead.get("/evidence/a-trial/edit/")
    lead.post("/evidence/a-trial/edit/", form_of(page) | {"fadeout": "Gone", "why": "Read on"})
    found = EvidenceRow.objects.get(key="a-trial")
    assert (found.fadeout, found.status, found.effect) == ("Gone", "draft", 0.2)


def test_two_edits_of_one_field_show_both(people, row):
    lead = as_(people[Role.LEAD])
    sent_by_lead = form_of(lead.get("/evidence/a-trial/edit/")) | {"fadeout": "Gone", "tried_in": [], "why": "x"}
    change_evidence(
        key="a-trial", changes={"fadeout": "Stays"}, expected_version=row.version, by=people[Role.EXPERT], now=NOW
    )
    answer = lead.post("/evidence/a-trial/edit/", sent_by_lead)
    words = answer.content.decode()
    assert answer.status_code == 409 and "Stays" in words and "Gone" in words
    again = dict(answer.context["typed"]) | {"version": answer.context["version"], "gaps": list(GOOD.gaps)}
    assert lead.post("/evidence/a-trial/edit/", again).status_code == 302
    found = EvidenceRow.objects.get()
    assert found.fadeout == "Gone" and found.tried_in.count() == 0


def test_a_refused_review_is_said(people):
    made = add_evidence(fields=GOOD, by=people[Role.EXPERT], now=NOW)
    answer = as_(people[Role.EXPERT]).post(
        "/evidence/a-trial/review/", {"version": made.version, "status": "reviewed"} | answers("evidence"), follow=True
    )
    assert "Someone else reviews it." in answer.content.decode()


def test_archiving_asks_why(people, row):
    lead = as_(people[Role.LEAD])
    assert (
        lead.post("/evidence/a-trial/archive/", {"version": row.version, "submission": SUBMISSION}).status_code == 422
    )
    answer = lead.post(
        "/evidence/a-trial/archive/", {"version": row.version, "submission": SUBMISSION, "why": "Retracted"}
    )
    assert answer.url == "/evidence/" and lead.get("/evidence/a-trial/").status_code == 404


# --- A table ------------------------------------------------------------------------------------


def bring(person, content: bytes, name="evidence.csv"):
    return as_(person).post("/evidence/import/", {"file": SimpleUploadedFile(name, content, "text/csv")})


def tried(answer) -> dict[str, str]:
    context = answer.context
    return {"table": context["packed"], "seen": context["result"].fingerprint, "submission": str(context["submission"])}


def test_a_table_is_tried_and_then_kept_whole(people, row):
    new = replace(GOOD, key="another", intervention="Coaching")
    content = csv_of(
        evidence_table(), [evidence_cells(replace(GOOD, fadeout="Gone"), row.version), evidence_cells(new)]
    )
    answer = bring(people[Role.EXPERT], content)
    words = answer.content.decode()
    assert answer.status_code == 200 and "Import 2 rows" in words and "<ins>Gone</ins>" in words
    assert EvidenceRow.objects.count() == 1
    expert = as_(people[Role.EXPERT])
    assert expert.post("/evidence/import/keep/", tried(answer)).url == "/evidence/?waiting=1"
    assert set(EvidenceRow.objects.values_list("key", "fadeout", "status")) == {
        ("a-trial", "Gone", "draft"),
        ("another", "", "draft"),
    }
    again = expert.post("/evidence/import/keep/", tried(answer), follow=True)
    assert "It was kept before." in again.content.decode() and EvidenceRow.objects.count() == 2


def test_the_export_brought_back_changes_nothing(client, people):
    seed_evidence()
    answer = bring(people[Role.LEAD], client.get("/evidence/export.csv").content)
    assert answer.context["unchanged"] == 132 and "There is nothing to import." in answer.content.decode()


def test_a_table_with_bad_rows_changes_nothing_and_comes_back_with_reasons(people, row):
    good, bad, worse = (evidence_cells(replace(GOOD, key=key), None) for key in ("good", "bad", "worse"))
    bad = bad[: HEADER.index("unit")] + ("",) + bad[HEADER.index("unit") + 1 :]
    worse = worse[: HEADER.index("tried_in")] + ("atlantis",) + worse[HEADER.index("tried_in") + 1 :]
    answer = bring(people[Role.EXPERT], csv_of(evidence_table(), [good, bad, worse]))
    assert answer.status_code == 422 and "2 rows have errors" in answer.content.decode()
    file = as_(people[Role.EXPERT]).post("/evidence/import/reasons/", tried(answer)).content.decode("utf-8-sig")
    assert "unit: An effect needs its unit" in file and "tried_in: There is no city “atlantis”." in file
    as_(people[Role.EXPERT]).post("/evidence/import/keep/", tried(answer))
    assert EvidenceRow.objects.count() == 1


def test_what_somebody_changed_since_the_export_is_not_undone(people, row):
    content = csv_of(evidence_table(), [evidence_cells(replace(GOOD, fadeout="Gone"), row.version)])
    change_evidence(
        key="a-trial",
        changes={"fadeout": "Stays", "duration": "A year"},
        expected_version=row.version,
        by=people[Role.LEAD],
        now=NOW,
    )
    answer = bring(people[Role.EXPERT], content)
    assert answer.status_code == 422 and "it is now “Stays”" in answer.content.decode()


def test_what_was_shown_is_what_is_kept(people, row):
    content = csv_of(evidence_table(), [evidence_cells(replace(GOOD, fadeout="Gone"))])
    answer = bring(people[Role.EXPERT], content)
    change_evidence(
        key="a-trial", changes={"fadeout": "Stays"}, expected_version=row.version, by=people[Role.LEAD], now=NOW
    )
    kept = as_(people[Role.EXPERT]).post("/evidence/import/keep/", tried(answer))
    assert "since you checked this file" in kept.content.decode()
    assert EvidenceRow.objects.get().fadeout == "Stays"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no rows"),
        (b"PK\x03\x04", "Save the sheet as"),
        (b"key,stars\na,b\n", "There is no column"),
        (b"intervention\nx\n", "The column “key” is missing"),
        ("key\nü".encode("cp1252"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(people, content, words):
    answer = bring(people[Role.EXPERT], content)
    assert answer.status_code == 422 and words in answer.content.decode()


# --- Statements ---------------------------------------------------------------------------------


def test_pages_take_as_many_statements_for_two_rows_as_for_many(people, row, django_assert_max_num_queries):
    for viewer, most in ((Client(), 13), (as_(people[Role.FUNDER]), 21), (as_(people[Role.EXPERT]), 19)):
        for url in ("/evidence/", "/evidence/a-trial/"):
            with django_assert_max_num_queries(most):
                assert viewer.get(url).status_code == 200
    seed_evidence()
    for viewer, most in ((Client(), 13), (as_(people[Role.FUNDER]), 21), (as_(people[Role.EXPERT]), 19)):
        for url in ("/evidence/", "/evidence/a-trial/"):
            with django_assert_max_num_queries(most):
                assert viewer.get(url).status_code == 200
