"""Pages of a pilot's data: who opens which, the three steps of a file, and what is said when it is refused."""

import re
import uuid
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile

from engagements.base.waiting_files import bytes_waiting
from engagements.feeds.actions.checking import check_now
from engagements.models import IndicatorValue, PilotDataset, User
from engagements.permissions import Role
from engagements.pilots.files.tables import LARGEST, too_large
from engagements.pilots.queries.feed_series import period_of, why_no_feed
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind
from tests.engagements.discussion.discussion import allowed, as_
from tests.engagements.pilots.drawn_pilot import counts, make_drawn, rows
from tests.engagements.pilots.made_registration import MADE, make_registration
from tests.engagements.pilots.worked_pilot import lock_plan
from tests.factories.engagements import NOW
from tests.factories.feeds import as_now, make_feed, year
from tests.factories.indicators import make_indicator
from tests.factories.pilots import agree, make_pilot
from tests.factories.publisher import publisher

pytestmark = pytest.mark.django_db
TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
UPLOAD = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}


@pytest.fixture
def desk(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    return make_drawn()


def send(desk, content, step="bring", name="data.csv", by=None, **fields):
    said = {"submission": str(uuid.uuid4()), "kind": "aggregates", "agreement": ""} | fields
    if content is not None:
        said["file"] = SimpleUploadedFile(name, content)
    return as_(by or desk.staff).post(f"/pilots/{desk.pilot.pk}/data/{step}/", said)


def body(answer) -> str:
    return answer.content.decode()


def hidden(answer) -> dict[str, str]:
    """The hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body(answer))
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_who_brought_data_is_told_by_name_and_never_by_email(desk):
    send(desk, None, "keep", **hidden(send(desk, counts())))
    for name in ("Ann Ames", ""):
        User.objects.filter(pk=desk.staff.pk).update(name=name)
        page = body(as_(desk.lead).get(f"/pilots/{desk.pilot.pk}/data/"))
        assert (name or "Someone") in page and desk.staff.email not in page


def test_each_page_opens_for_those_who_may(desk):
    made = send(desk, None, "keep", **hidden(send(desk, counts())))
    assert made.status_code == 302
    number = PilotDataset.objects.get().pk
    base = f"/pilots/{desk.pilot.pk}/data"
    assert allowed(desk.people, f"{base}/") >= TEAM
    assert allowed(desk.people, f"{base}/1.csv") == allowed(desk.people, f"{base}/")
    assert allowed(desk.people, f"{base}/bring/") == UPLOAD
    assert allowed(desk.people, f"{base}/{number}/delete/") == UPLOAD
    assert allowed(desk.people, f"{base}/agreements/add/") == UPLOAD


def test_a_file_is_looked_at_then_kept(desk):
    shown = send(desk, counts())
    assert shown.status_code == 200
    assert "Nothing is saved yet." in body(shown) and "Save data" in body(shown)
    assert not PilotDataset.objects.exists()
    kept = send(desk, None, "keep", **hidden(shown))
    assert kept.status_code == 302
    assert [str(one) for one in get_messages(kept.wsgi_request)] == ["Data 1 were saved."]
    page = body(as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/"))
    assert "Data 1" in page
    assert PilotDataset.objects.get().content_sha256 in page


@pytest.mark.parametrize(("work", "is_said"), [(0, True), (120_000, False)])
def test_the_page_says_where_only_sums_are_shown(desk, monkeypatch, work, is_said):
    """4 who had the outcome need the solver: with no work left for it, no cell is shown."""
    monkeypatch.setattr("engagements.pilots.rules.released.WORK", work)
    content = counts().replace(b",20,", b",4,")
    assert content != counts()
    assert send(desk, None, "keep", **hidden(send(desk, content))).status_code == 302
    page = body(as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/"))
    assert ("Too many small counts: only sums by group are shown." in page) is is_said


def test_a_second_click_keeps_it_once(desk):
    fields = hidden(send(desk, counts()))
    for _ in range(2):
        send(desk, None, "keep", **fields)
    assert PilotDataset.objects.count() == 1


def test_a_file_with_names_of_its_own_is_asked_about_and_nothing_of_it_is_shown(desk):
    content = counts().replace(b"arm,n,total,assigned", b"Group,People,Good,Drawn")
    asked = send(desk, content)
    assert "Which column is which" in body(asked)
    chosen = {"column_arm": "Group", "column_n": "People", "column_total": "Good", "column_assigned": "Drawn"}
    wrong = send(desk, None, "columns", **hidden(asked) | chosen | {"column_total": "People"})
    assert wrong.status_code == 422
    assert "chosen twice" in body(wrong)
    shown = send(desk, None, "columns", **hidden(asked) | chosen)
    assert "What the file says" in body(shown)
    assert send(desk, None, "keep", **hidden(shown)).status_code == 302
    assert PilotDataset.objects.get().content["total"] == ["20", "15"]


def test_who_cancels_leaves_nothing_waiting(desk):
    content = counts().replace(b"arm,n,total,assigned", b"Group,People,Good,Drawn")
    for brought in (counts(), content):
        fields = hidden(send(desk, brought))
        assert bytes_waiting(desk.city.pk) == len(brought)
        assert send(desk, None, "discard", by=desk.adviser, **fields).status_code == 302  # a token is of one person
        assert bytes_waiting(desk.city.pk) == len(brought)
        assert send(desk, None, "discard", **fields).status_code == 302
        assert bytes_waiting(desk.city.pk) == 0
        assert send(desk, None, "keep", **{"seen": "0" * 64} | fields).status_code == 422
    assert not PilotDataset.objects.exists()


def test_what_is_kept_waits_no_longer(desk, django_capture_on_commit_callbacks):
    fields = hidden(send(desk, counts()))
    with django_capture_on_commit_callbacks(execute=True):
        assert send(desk, None, "keep", **fields).status_code == 302
    assert bytes_waiting(desk.city.pk) == 0


def test_a_file_beyond_the_quota_is_refused_and_does_not_wait(desk, settings):
    settings.QUOTAS = settings.QUOTAS | {"documents": len(counts())}
    desk.city.documents.update(size=1)
    answer = send(desk, counts())
    assert answer.status_code == 422 and "left of" in body(answer)
    assert bytes_waiting(desk.city.pk) == 0


def test_rows_with_names_of_their_own_wait_under_an_agreement_only(desk):
    content = rows().replace(b"id,arm,had_job", b"Number,Group,Job")
    answer = send(desk, content, kind="rows")
    assert answer.status_code == 422 and "only under an agreement" in body(answer)
    assert bytes_waiting(desk.city.pk) == 0
    agreement = agree(desk, delete_on="2030-01-01")
    assert "Which column is which" in body(send(desk, content, kind="rows", agreement=agreement.pk))


def test_what_is_refused_after_its_columns_were_named_waits_no_longer(desk):
    """Rows sent as counts: nobody can know it before the columns have names."""
    content = counts().replace(b"arm,n,total,assigned", b"Group,People,Good,Drawn").replace(b"usual", b"nobody")
    asked = send(desk, content)
    assert bytes_waiting(desk.city.pk) == len(content)
    chosen = {"column_arm": "Group", "column_n": "People", "column_total": "Good", "column_assigned": "Drawn"}
    assert send(desk, None, "columns", **hidden(asked) | chosen).status_code == 422
    assert bytes_waiting(desk.city.pk) == 0


def test_rows_are_never_on_a_page(desk):
    agreement = agree(desk, delete_on="2030-01-01")
    shown = send(desk, rows(), kind="rows", agreement=agreement.pk)
    assert "are deleted on January 1, 2030" in body(shown)
    assert "0000000001" not in body(shown)
    send(desk, None, "keep", **hidden(shown))
    assert "0000000001" not in body(as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/1.csv"))
    assert "0000000001" not in body(as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"arm,n\nusual,38\n", "Which column is which"),
        (b"arm,n,total\nusual,38,15\nusual,2,1\ncoaching,39,20\n", "Line 2 counts the same people already."),
        (b"arm,n,total\nusual,38,=1+1\ncoaching,39,20\n", "This looks like a formula"),
        (b"arm,n,total\nusual,38,15\ncoaching,99,20\n", "only 40 were drawn"),
        (b"arm,n,total,measured_on\nusual,38,15,2020-01-01\n", "outside the outcome"),
        (b"arm,n,total,ssn\nusual,38,15,219-09-9999\n", "looks like Social Security numbers"),
        (b"arm,n,total\nother,38,15\n", "This is not a registered group"),
        (b"", "There are no rows"),
        (b"PK\x03\x04broken", "not a workbook that can be read"),
        (b"\xff\xfe\x00", "can"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk, content, sentence):
    answer = send(desk, content)
    assert sentence in body(answer).replace("&#x27;", "'").replace("’", "’")
    assert "219-09" not in body(answer)
    assert not PilotDataset.objects.exists()


def test_rows_without_an_agreement_are_refused(desk):
    answer = send(desk, rows(), kind="rows")
    assert answer.status_code == 422
    assert "only under an agreement" in body(answer)


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(desk):
    assert too_large(200_000_000).startswith("The file has 200 MB; at most 25 MB are read. Nothing was saved.")
    assert too_large(LARGEST) == ""
    answer = send(desk, b"x" * (LARGEST + 1))
    assert answer.status_code == 422
    assert "at most 25 MB are read" in body(answer)


def test_a_token_of_somebody_else_or_of_another_pilot_is_refused(desk):
    fields = hidden(send(desk, counts()))
    assert send(desk, None, "keep", by=desk.adviser, **fields).status_code == 422
    assert send(desk, None, "keep", **fields | {"token": "forged"}).status_code == 422
    assert not PilotDataset.objects.exists()


def test_the_empty_file_has_the_columns_of_the_registration(desk):
    client = as_(desk.staff)
    assert body(client.get(f"/pilots/{desk.pilot.pk}/data/aggregates-empty.csv")).startswith("arm,city,block,cluster")
    assert client.get(f"/pilots/{desk.pilot.pk}/data/other-empty.csv").status_code == 404


def test_data_are_deleted_with_a_reason(desk):
    send(desk, None, "keep", **hidden(send(desk, counts())))
    made = PilotDataset.objects.get()
    client, address = as_(desk.staff), f"/pilots/{desk.pilot.pk}/data/{made.pk}/delete/"
    said = {"submission": str(uuid.uuid4()), "why": "The wrong file"}
    assert client.post(address, said).status_code == 302
    page = body(client.get(f"/pilots/{desk.pilot.pk}/data/"))
    assert "The wrong file" in page
    assert made.content_sha256 in page
    assert client.get(f"/pilots/{desk.pilot.pk}/data/1.csv").status_code == 404
    assert client.get(address).status_code == 404


def test_an_agreement_is_written_down_and_ended(desk):
    client, base = as_(desk.adviser), f"/pilots/{desk.pilot.pk}/data"
    said = {
        "submission": str(uuid.uuid4()),
        "title": "Wages",
        "parties": "City and state",
        "legal_basis": "State code 12",
        "allowed_uses": "This pilot",
        "delete_on": "2031-01-01",
        "smallest_cell": "10",
        "document": desk.document.pk,
    }
    assert client.post(f"{base}/agreements/add/", said | {"delete_on": "2020-01-01"}).status_code == 422
    assert client.post(f"{base}/agreements/add/", said).status_code == 302
    made = desk.city.data_agreements.get()
    assert "State code 12" in body(client.get(f"{base}/"))
    ended = {"submission": str(uuid.uuid4()), "version": made.version, "why": "Over"}
    assert client.post(f"{base}/agreements/{made.pk}/end/", ended).status_code == 302
    made.refresh_from_db()
    assert made.archived_at is not None


class TestFeeds:
    SERIES = make_registration(
        design=DesignKind.SERIES,
        estimator=Estimator.SERIES,
        unit="city",
        outcome={"key": "riders", "kind": OutcomeKind.MEAN, "unit": "riders", "window_from": date(2026, 4, 1)},
        starts_in=("2026-04",),
    )

    @pytest.fixture
    def world(self, settings):
        settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
        desk = make_pilot(title="Buses")
        lock_plan(desk, self.SERIES, at=NOW)
        with publisher() as server:
            made = {}
            for arm, name in (("usual", "Riders elsewhere"), ("coaching", "Riders here")):
                indicator = make_indicator(desk.city, desk.staff, name=name, target=None, target_on=None)
                feed = make_feed(indicator, desk.staff, server.put(f"/{arm}.csv", year()), trusted_by=desk.lead)
                check_now(as_now(feed), now=NOW)
                made[arm] = indicator
            yield desk, made

    def test_a_feed_serves_a_series_only(self):
        assert why_no_feed(self.SERIES) == ""
        assert "who was in which group" in why_no_feed(MADE)

    def test_the_page_is_not_there_for_other_designs(self, desk):
        assert as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/feeds/").status_code == 404

    def test_what_feeds_hold_through_a_day_becomes_a_delivery_with_its_vintages(self, world):
        desk, made = world
        said = {"submission": str(uuid.uuid4()), "through": "2026-08-31"} | {k: v.pk for k, v in made.items()}
        answer = as_(desk.staff).post(f"/pilots/{desk.pilot.pk}/data/feeds/", said)
        assert answer.status_code == 302, body(answer)
        kept = PilotDataset.objects.get()
        assert kept.row_count == 22  # October to August, twice
        assert kept.checks["feeds"]["coaching"]["vintages"]["2026-08"] == 1
        assert kept.feed.indicator == made["coaching"]
        assert "vintage 1" in body(as_(desk.staff).get(f"/pilots/{desk.pilot.pk}/data/"))

    def test_a_day_before_any_value_is_refused(self, world):
        desk, made = world
        said = {"submission": str(uuid.uuid4()), "through": "2020-01-31"} | {k: v.pk for k, v in made.items()}
        answer = as_(desk.staff).post(f"/pilots/{desk.pilot.pk}/data/feeds/", said)
        assert "holds no approved value through this day" in body(answer)
        assert not PilotDataset.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 4, 1), date(2027, 6, 30), "2027Q2"),
        (date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (date(2027, 5, 1), date(2027, 7, 31), "2027-05-01"),
        (date(2027, 5, 3), date(2027, 5, 9), "2027-05-03"),
    ],
)
def test_periods_are_named_as_in_files(start, end, name):
    assert period_of(IndicatorValue(period_start=start, period_end=end)) == name
