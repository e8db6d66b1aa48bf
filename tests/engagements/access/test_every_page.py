"""Every page and every form of engagements x every role x one's own and another city, against the permission table."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.urls import get_resolver
from django.utils import timezone

from engagements.feeds.actions.pushing import make_key
from engagements.models import (
    Contact,
    DocumentPreview,
    Engagement,
    ExpertRequest,
    HoursEntry,
    Indicator,
    LocalNote,
    PilotLink,
    PublicRecordExport,
    QuarterlyUpdate,
    Record,
    Risk,
    TableImport,
    UpdateLink,
    User,
    Webhook,
)
from engagements.people.actions.invitations import invite
from engagements.permissions import (
    ANALYZE_PILOT,
    ANSWER_REQUEST,
    APPROVE_INDICATOR,
    APPROVE_MILESTONE,
    APPROVE_UPDATE,
    COMMENT_CITY,
    COMMENT_TEAM,
    CREATE_INITIATIVE,
    DRAW_PILOT,
    EDIT_INDICATOR,
    EDIT_MILESTONE,
    EDIT_MONEY,
    EDIT_PILOT,
    EDIT_PLAN,
    EDIT_RECORD,
    EDIT_RESULT,
    EDIT_UPDATE,
    ELSEWHERE,
    EXPORT,
    EXPORT_CITY_RECORD,
    EXPORT_PUBLIC_RECORD,
    IMPORT,
    MANAGE_INITIATIVE,
    MANAGE_ROLES,
    MARK_PUBLIC_RECORD,
    PERMISSIONS,
    PUBLISH_PLAN,
    READ_PILOT_UNITS,
    REPLY_RESULT,
    REVIEW_RESULT,
    UPLOAD_DOCUMENT,
    UPLOAD_PILOT_DATA,
    VIEW_HISTORY,
    VIEW_INDICATOR,
    VIEW_MONEY,
    VIEW_PILOT,
    VIEW_PLAN,
    VIEW_PUBLISHED,
    VIEW_REQUEST,
    VIEW_RESULT,
    VIEW_TEAM,
    VIEW_TEAM_DOCUMENT,
    WRITE_LOCAL_NOTE,
    Role,
)
from engagements.results.actions.links import make_reply_link
from engagements.results.actions.searches import add_search
from engagements.results.records import SearchFields
from tests.factories.engagements import (
    NOW,
    CommentFactory,
    MilestoneFactory,
    UserFactory,
    everybody,
    give,
    member,
    pair,
)
from tests.factories.feeds import make_feed, waiting_reading
from tests.factories.import_export import things_of
from tests.factories.indicators import enter, make_indicator
from tests.factories.ledger import budget_line, commitment, saved_mapping
from tests.factories.pilots import agree, analyze, deliver, make_pilot
from tests.factories.pilots import lock as lock_pilot
from tests.factories.plans import make_plan
from tests.factories.results import make_desk
from tests.test_addresses import routes

pytestmark = pytest.mark.django_db

# Page: what reading it takes.
PAGES = {
    "engagements/<slug:slug>/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/call/": VIEW_TEAM,
    "engagements/<slug:slug>/history/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/people/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/people/invite/": MANAGE_ROLES,
    "engagements/<slug:slug>/documents/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/documents/new/": UPLOAD_DOCUMENT,
    "engagements/<slug:slug>/public-records/": MARK_PUBLIC_RECORD,
    "engagements/<slug:slug>/public-records/export/": EXPORT_PUBLIC_RECORD,
    "engagements/<slug:slug>/record/": EXPORT_CITY_RECORD,
    "public-exports/<int:pk>/file/": EXPORT_PUBLIC_RECORD,
    "engagements/<slug:slug>/records/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/records/new/": EDIT_RECORD,
    "engagements/<slug:slug>/hours/": VIEW_TEAM,
    "engagements/<slug:slug>/security/": MANAGE_ROLES,
    "engagements/<slug:slug>/limits/": MANAGE_ROLES,
    "engagements/<slug:slug>/security/log.<table_file:kind>": MANAGE_ROLES,
    "hours/<int:pk>/archive/": MANAGE_ROLES,  # somebody else's
    "engagements/<slug:slug>/status/": EDIT_RECORD,
    "engagements/<slug:slug>/edit/": EDIT_RECORD,
    "engagements/<slug:slug>/updates/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/updates/new/": EDIT_UPDATE,
    "engagements/<slug:slug>/updates/sent-links/": EDIT_UPDATE,
    "engagements/<slug:slug>/milestones/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/milestones/add/": EDIT_MILESTONE,
    "engagements/<slug:slug>/milestones/template/": EDIT_MILESTONE,
    "engagements/<slug:engagement>/milestones/export.csv": EXPORT,
    "engagements/<slug:engagement>/milestones/export.<table_file:kind>": EXPORT,
    "engagements/<slug:engagement>/milestones/export.xlsx": EXPORT,
    "engagements/<slug:engagement>/milestones/import/": IMPORT,
    "engagements/<slug:engagement>/milestones/import/template.csv": IMPORT,
    "engagements/<slug:engagement>/milestones/import/template.xlsx": IMPORT,
    "engagements/<slug:slug>/imports/": EDIT_MONEY,  # who may import any kind of table
    "imports/<int:pk>/": IMPORT,
    "mappings/<int:pk>/milestones.<table_file:kind>": "of mappings of milestones alone",
    "engagements/<slug:slug>/contacts/": VIEW_TEAM,
    "engagements/<slug:slug>/contacts/add/": EDIT_RECORD,
    "engagements/<slug:slug>/contacts/export.<table_file:kind>": EXPORT,
    "engagements/<slug:slug>/contacts/import/": IMPORT,
    "contacts/<int:pk>/edit/": EDIT_RECORD,
    "contacts/<int:pk>/archive/": EDIT_RECORD,
    "engagements/<slug:slug>/indicators/definitions/export.<table_file:kind>": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/definitions/import/": EDIT_INDICATOR,
    "engagements/<slug:slug>/money/": VIEW_MONEY,
    "engagements/<slug:slug>/money/live/": VIEW_MONEY,
    "engagements/<slug:slug>/money/entries/": VIEW_MONEY,
    "engagements/<slug:slug>/money/entries.csv": VIEW_MONEY,
    "engagements/<slug:slug>/money/entries.<table_file:extension>": VIEW_MONEY,
    "engagements/<slug:slug>/money/sums.csv": VIEW_MONEY,
    "engagements/<slug:slug>/money/sums.<table_file:extension>": VIEW_MONEY,
    "engagements/<slug:slug>/money/places/": VIEW_MONEY,
    "engagements/<slug:slug>/money/new/": EDIT_MONEY,
    "engagements/<slug:slug>/money/budget/new/": EDIT_MONEY,
    "engagements/<slug:engagement>/money/import/": EDIT_MONEY,
    "money/<int:pk>/": VIEW_MONEY,
    "money/<int:pk>/reverse/": EDIT_MONEY,
    "money/<int:pk>/place/": EDIT_MONEY,
    "budget/<int:pk>/edit/": EDIT_MONEY,
    "budget/<int:pk>/archive/": EDIT_MONEY,
    "milestones/<int:pk>/": VIEW_PUBLISHED,
    "milestones/<int:pk>/edit/": EDIT_MILESTONE,
    "updates/<int:pk>/": VIEW_TEAM,  # a draft
    "updates/<int:pk>/edit/": EDIT_UPDATE,
    "updates/<int:pk>/archive/": APPROVE_UPDATE,
    "updates/<int:pk>/versions/": VIEW_TEAM,
    "updates/<int:pk>/review/": VIEW_TEAM,
    "requests/<int:pk>/": VIEW_REQUEST,
    "records/<int:pk>/edit/": EDIT_RECORD,
    "records/<int:pk>/archive/": EDIT_RECORD,
    "requests/<int:pk>/assign/": ANSWER_REQUEST,
    "requests/<int:pk>/close/": VIEW_REQUEST,
    "requests/<int:pk>/reopen/": VIEW_REQUEST,
    "documents/<int:pk>/": VIEW_TEAM_DOCUMENT,
    "documents/<int:pk>/about/": VIEW_TEAM_DOCUMENT,
    "documents/<int:pk>/preview.webp": VIEW_TEAM_DOCUMENT,
    "documents/<int:pk>/preview-small.webp": VIEW_TEAM_DOCUMENT,
    "documents/<int:pk>/archive/": MANAGE_ROLES,  # somebody else's
    "comments/<int:pk>/": VIEW_TEAM,
    "comments/<int:pk>/archive/": MANAGE_ROLES,  # somebody else's
    "engagements/<slug:slug>/comments/new/": COMMENT_CITY,  # who writes at any level writes at this one
    "initiatives/": MANAGE_INITIATIVE,
    "initiatives/new/": CREATE_INITIATIVE,
    "initiatives/places/": CREATE_INITIATIVE,
    "initiatives/<slug:initiative>/": MANAGE_INITIATIVE,
    "initiatives/<slug:initiative>/edit/": MANAGE_INITIATIVE,
    "initiatives/<slug:initiative>/cities/": MANAGE_INITIATIVE,
    "initiatives/<slug:initiative>/archive/": MANAGE_INITIATIVE,
    "initiatives/<slug:initiative>/people/": MANAGE_ROLES,
    "initiatives/<slug:initiative>/people/invite/": MANAGE_ROLES,
    "roles/<int:pk>/end/": MANAGE_ROLES,
    "engagements/<slug:slug>/plans/": VIEW_PUBLISHED,
    "plans/<int:pk>/": VIEW_PLAN,  # a draft
    "plans/<int:pk>/reports/": VIEW_PLAN,
    "plans/<int:pk>/plan.csv": VIEW_PLAN,
    "plans/<int:pk>/plan.<table_file:extension>": VIEW_PLAN,
    "plans/<int:pk>/tracts.csv": VIEW_PLAN,
    "plans/<int:pk>/wages.csv": VIEW_PLAN,
    "plans/<int:pk>/wages.<table_file:extension>": VIEW_PLAN,
    "plans/<int:pk>/tracts.<table_file:extension>": VIEW_PLAN,
    "plans/<int:pk>/versions/": VIEW_PLAN,
    "plans/<int:pk>/history/": VIEW_HISTORY,
    "plans/<int:pk>/review/": VIEW_PLAN,
    "plans/<int:pk>/compare-areas/": VIEW_PLAN,
    "plans/<int:pk>/edit/": EDIT_PLAN,
    "plans/<int:pk>/edit/area/": EDIT_PLAN,
    "plans/<int:pk>/edit/links/": EDIT_PLAN,
    "plans/<int:pk>/edit/<slug:section>/": EDIT_PLAN,
    "plans/<int:pk>/interventions/choose/": EDIT_PLAN,
    "plans/<int:pk>/interventions/new/": EDIT_PLAN,
    "plans/<int:pk>/close/": EDIT_PLAN,
    "plans/<int:pk>/archive/": EDIT_PLAN,
    "plans/<int:pk>/public/": PUBLISH_PLAN,
    "interventions/<int:pk>/edit/": EDIT_PLAN,
    "interventions/<int:pk>/archive/": EDIT_PLAN,
    "cities/<slug:slug>/notes/new/": WRITE_LOCAL_NOTE,
    "notes/<int:pk>/edit/": MANAGE_ROLES,  # somebody else's
    "notes/<int:pk>/archive/": MANAGE_ROLES,
    "engagements/<slug:slug>/indicators/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/indicators/new/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/export.csv": VIEW_PUBLISHED,
    "engagements/<slug:slug>/indicators/export.<table_file:kind>": VIEW_PUBLISHED,
    "engagements/<slug:slug>/indicators/import/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/import/template.csv": EDIT_INDICATOR,
    "engagements/<slug:slug>/timeline/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/timeline.csv": VIEW_PUBLISHED,
    "engagements/<slug:slug>/timeline.<table_file:kind>": VIEW_PUBLISHED,
    "engagements/<slug:slug>/timeline.svg": VIEW_PUBLISHED,
    "engagements/<slug:slug>/timeline.png": VIEW_PUBLISHED,
    "engagements/<slug:slug>/risks/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/risks/new/": EDIT_RECORD,
    "indicators/<int:pk>/": VIEW_INDICATOR,  # without an approved value
    "indicators/<int:pk>/edit/": EDIT_INDICATOR,
    "indicators/<int:pk>/archive/": EDIT_INDICATOR,
    "indicators/<int:pk>/enter/": EDIT_INDICATOR,
    "indicators/<int:pk>/review/": VIEW_INDICATOR,  # which moves, the workflow says
    "indicators/<int:pk>/reopen/": APPROVE_INDICATOR,
    "indicators/<int:pk>/feed/": EDIT_INDICATOR,
    "engagements/<slug:slug>/feeds/new/": EDIT_MONEY,
    "feeds/<int:pk>/": VIEW_INDICATOR,
    "feeds/<int:pk>/edit/": EDIT_INDICATOR,
    "feeds/<int:pk>/archive/": EDIT_INDICATOR,
    "indicators/<int:pk>/<slug:panel_slug>.csv": VIEW_INDICATOR,
    "indicators/<int:pk>/<slug:panel_slug>.<table_file:kind>": VIEW_INDICATOR,
    "indicators/<int:pk>/<slug:panel_slug>.svg": VIEW_INDICATOR,
    "indicators/<int:pk>/<slug:panel_slug>.png": VIEW_INDICATOR,
    "values/<int:pk>/archive/": EDIT_INDICATOR,
    "risks/<int:pk>/edit/": EDIT_RECORD,
    "risks/<int:pk>/close/": EDIT_RECORD,
    "risks/<int:pk>/archive/": EDIT_RECORD,
    "engagements/<slug:slug>/results/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/results/new/": EDIT_RESULT,
    "engagements/<slug:slug>/projects/new/": EDIT_RESULT,
    "engagements/<slug:slug>/searches/new/": EDIT_RESULT,
    "projects/<int:pk>/edit/": EDIT_RESULT,
    "projects/<int:pk>/archive/": EDIT_RESULT,
    "searches/<int:pk>/archive/": EDIT_RESULT,
    "searches/<int:pk>/ask/": EDIT_RESULT,
    "engagements/<slug:slug>/pilots/": VIEW_PUBLISHED,
    "engagements/<slug:slug>/pilots/new/": EDIT_PILOT,
    "pilots/<int:pk>/": VIEW_PILOT,
    "pilots/<int:pk>/registration/": VIEW_PILOT,
    "pilots/<int:pk>/registration/edit/": EDIT_PILOT,
    "pilots/<int:pk>/registration/lock/": EDIT_PILOT,
    "pilots/<int:pk>/registration/simulation/": EDIT_PILOT,
    "pilots/<int:pk>/registration/<int:number>/registration.json": VIEW_PILOT,
    "pilots/<int:pk>/registration/<int:number>/aea.csv": VIEW_PILOT,
    "pilots/<int:pk>/units/": VIEW_PILOT,
    "pilots/<int:pk>/units/units.csv": READ_PILOT_UNITS,
    "pilots/<int:pk>/analysis/": VIEW_PILOT,
    "pilots/<int:pk>/data/": VIEW_PILOT,
    "pilots/<int:pk>/data/bring/": UPLOAD_PILOT_DATA,
    "pilots/<int:pk>/data/<slug:kind>-empty.csv": VIEW_PILOT,
    "pilots/<int:pk>/data/<int:dataset>/delete/": UPLOAD_PILOT_DATA,
    "pilots/<int:pk>/data/agreements/add/": EDIT_PILOT,
    "pilots/<int:pk>/data/agreements/<int:agreement>/end/": EDIT_PILOT,
    "pilots/<int:pk>/stop/": EDIT_PILOT,
    "pilots/<int:pk>/cities/": EDIT_PILOT,
    "pilots/<int:pk>/links/": EDIT_PILOT,
    "results/<int:pk>/": VIEW_RESULT,  # a draft
    "results/<int:pk>/edit/": EDIT_RESULT,
    "results/<int:pk>/review/": VIEW_RESULT,  # which moves, the workflow says
    "results/<int:pk>/archive/": EDIT_RESULT,
    "results/<int:pk>/ask/": EDIT_RESULT,
    "webhooks/<int:pk>/": MANAGE_ROLES,  # somebody else's
    "replies/<int:pk>/": VIEW_RESULT,
    "replies/<int:pk>/link/": EDIT_RESULT,
}
# What only carries something out.
DEEDS = {
    "engagements/<slug:slug>/public-records/mark/": MARK_PUBLIC_RECORD,
    "engagements/<slug:slug>/record/": EXPORT_CITY_RECORD,
    "engagements/<slug:slug>/public-records/export/": EXPORT_PUBLIC_RECORD,
    "milestones/<int:pk>/archive/": EDIT_MILESTONE,
    "milestones/<int:pk>/restore/": EDIT_MILESTONE,
    "milestones/<int:pk>/dependency/": EDIT_MILESTONE,
    "milestones/<int:pk>/review/": APPROVE_MILESTONE,
    "update-links/<int:pk>/end/": MANAGE_ROLES,  # somebody else's
    "comments/<int:pk>/settle/": COMMENT_TEAM,
    "updates/<int:pk>/move/": VIEW_TEAM,  # which moves, the workflow says
    "initiatives/<slug:initiative>/restore/": MANAGE_INITIATIVE,
    "invitations/<int:pk>/withdraw/": MANAGE_ROLES,
    "plans/<int:pk>/move/": VIEW_PLAN,  # which moves, the workflow says
    "interventions/<int:pk>/order/": EDIT_PLAN,
    "interventions/<int:pk>/evidence/": EDIT_PLAN,
    "engagements/<slug:engagement>/milestones/import/columns/": IMPORT,
    "engagements/<slug:slug>/contacts/import/columns/": IMPORT,
    "engagements/<slug:slug>/contacts/import/keep/": IMPORT,
    "engagements/<slug:slug>/contacts/import/reasons/": IMPORT,
    "engagements/<slug:slug>/indicators/import/columns/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/definitions/import/columns/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/definitions/import/keep/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/definitions/import/reasons/": EDIT_INDICATOR,
    "imports/<int:pk>/keep/": "who brought it alone",
    "imports/<int:pk>/undo/": IMPORT,
    "engagements/<slug:engagement>/milestones/import/keep/": IMPORT,
    "engagements/<slug:engagement>/milestones/import/reasons/": IMPORT,
    "engagements/<slug:slug>/indicators/import/keep/": EDIT_INDICATOR,
    "engagements/<slug:slug>/indicators/import/reasons/": EDIT_INDICATOR,
    "indicators/<int:pk>/move/": VIEW_INDICATOR,  # which moves, the workflow says
    "feeds/<int:pk>/move/": EDIT_INDICATOR,
    "feeds/<int:pk>/keys/": EDIT_INDICATOR,
    "feed-keys/<int:pk>/end/": EDIT_INDICATOR,
    "feed-values/<int:pk>/decide/": EDIT_INDICATOR,
    "engagements/<slug:engagement>/money/import/columns/": EDIT_MONEY,
    "engagements/<slug:engagement>/money/import/keep/": EDIT_MONEY,
    "engagements/<slug:engagement>/money/import/reasons/": EDIT_MONEY,
    "mappings/<int:pk>/archive/": EDIT_MONEY,
    "webhooks/<int:pk>/end/": MANAGE_ROLES,  # somebody else's
    "webhooks/<int:pk>/test/": "its owner alone",
    "webhooks/<int:pk>/pause/": "its owner alone",
    "webhooks/<int:pk>/resume/": "its owner alone",
    "pilots/<int:pk>/registration/power/": EDIT_PILOT,
    "pilots/<int:pk>/registration/simulation/ask/": EDIT_PILOT,
    "pilots/<int:pk>/registration/simulation/cancel/": EDIT_PILOT,
    "pilots/<int:pk>/analysis/ask/": ANALYZE_PILOT,
    "pilots/<int:pk>/analysis/<int:number>/cancel/": ANALYZE_PILOT,
    "pilots/<int:pk>/result/write/": EDIT_RESULT,
    "pilots/<int:pk>/data/columns/": UPLOAD_PILOT_DATA,
    "pilots/<int:pk>/data/keep/": UPLOAD_PILOT_DATA,
    "pilots/<int:pk>/data/discard/": UPLOAD_PILOT_DATA,
    "pilots/<int:pk>/units/lock/": DRAW_PILOT,
    "pilots/<int:pk>/units/draw/": DRAW_PILOT,
    "pilots/<int:pk>/units/verify/": VIEW_PILOT,
    "pilots/<int:pk>/units/<int:engagement>/": DRAW_PILOT,
    "pilots/<int:pk>/units/<int:engagement>/match/": READ_PILOT_UNITS,
    "pilots/<int:pk>/start/": EDIT_PILOT,
    "pilots/<int:pk>/cities/<int:engagement>/accept/": EDIT_PILOT,
    "pilots/<int:pk>/cities/<int:engagement>/leave/": EDIT_PILOT,
    "pilots/<int:pk>/links/<int:link>/remove/": EDIT_PILOT,
    "searches/<int:pk>/publish/": REVIEW_RESULT,
    "reply-links/<int:pk>/end/": EDIT_RESULT,
    "replies/<int:pk>/": REPLY_RESULT,  # more read it than answer it
}
# Forms that are sent to the address they are shown at.
FORMS = {
    route: permission
    for route, permission in PAGES.items()
    if route.endswith(
        (
            "/new/",
            "/edit/",
            "/archive/",
            "/invite/",
            "/assign/",
            "/close/",
            "/reopen/",
            "/end/",
            "/status/",
            "/add/",
            "/enter/",
            "/template/",
            "/import/",
            "/reverse/",
            "/place/",
            "/area/",
            "/links/",
            "/link/",
            "<slug:section>/",
            "/public/",
            "/ask/",
            "results/<int:pk>/review/",
            "pilots/<int:pk>/registration/lock/",
            "pilots/<int:pk>/data/bring/",
            "pilots/<int:pk>/data/<int:dataset>/delete/",
            "pilots/<int:pk>/stop/",
            "pilots/<int:pk>/cities/",
            "updates/<int:pk>/review/",
            "plans/<int:pk>/review/",
            "indicators/<int:pk>/review/",
        )
    )
    and route != "plans/<int:pk>/edit/"  # leads to the forms
}
# One's own words: nobody else is let in, whatever their role. Answering is walked with the API.
OWN = {"comments/<int:pk>/edit/"}
# Of a draft nobody has anything to add; who adds a published result, or tests a published pilot again, is walked there.
PUBLISHED = {
    "results/<int:pk>/library/",
    "pilots/<int:pk>/replicate/",
    "pilots/<int:pk>/replicate.pdf",
    "pilots/<int:pk>/copy/",
    "pilots/<int:pk>/estimates.csv",
    "pilots/<int:pk>/effect.svg",
    "pilots/<int:pk>/effect.png",
    "pilots/<int:pk>/bundle.zip",
}
# Not of this pilot: no series, and its counts are none that may be shown. Who may is walked in its own tests.
NOT_HERE = {"pilots/<int:pk>/data/feeds/", "pilots/<int:pk>/data/<int:number>.csv"}
ONLY_POST = {"results/<int:pk>/library/", "pilots/<int:pk>/copy/"}
SECRET = {"invitations/<str:secret>/", "updates/by-link/<str:secret>/", "replies/by-link/<str:secret>/"}


def things(engagement, by) -> dict[str, int]:
    """One of each in an engagement, at the level of the team, by somebody who plays no part in the walk."""
    update = QuarterlyUpdate.objects.create(engagement=engagement, year=2026, quarter=3, written_by=by)
    update_link = UpdateLink.objects.create(
        engagement=engagement,
        year=2026,
        quarter=3,
        user=by,
        sha256=engagement.slug,
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    asked = ExpertRequest.objects.create(
        engagement=engagement,
        kind="question",
        question="Which?",
        due_on=(NOW + timedelta(days=9)).date(),
        asked_by=by,
        asked_at=NOW,
    )
    record = Record.objects.create(
        engagement=engagement, kind="decision", title="One", on=NOW.date(), written_by=by, created_at=NOW
    )
    note = LocalNote.objects.create(
        city=engagement.city, body="So it was.", began_on=NOW.date(), source="a test", author=by, created_at=NOW
    )
    invitation, _ = invite(
        email=f"{engagement.slug}@example.org",
        role="expert",
        engagement=engagement.pk,
        by=member(Role.LEAD, engagement),
        now=timezone.now(),
    )
    milestone = MilestoneFactory(engagement=engagement).pk
    indicator = make_indicator(engagement, by)
    (value,) = enter(indicator, by)
    risk = Risk.objects.create(engagement=engagement, title="Rain", likelihood=1, severity=1, opened_on=NOW.date())
    plan = make_plan(engagement, by, interventions=1)
    desk = make_desk(engagement)
    result = desk.draft()
    search = add_search(
        engagement=engagement.pk,
        fields=SearchFields(desk.project.pk, "Ann", "A result", "example.org", NOW.date()),
        by=desk.adviser,
        now=NOW,
    )
    now = timezone.now()
    asked_outside = desk.ask_an_organization(desk.draft(finding="another"), now)
    reply_link, _ = make_reply_link(request=asked_outside.pk, email="a@example.org", by=desk.adviser, now=now)
    return {
        **registered_pilot(engagement, milestone, by),
        "projects": desk.project.pk,
        "results": result.pk,
        "searches": search.pk,
        "replies": desk.ask(result).pk,
        "plans": plan.pk,
        "interventions": plan.interventions.get().pk,
        "indicators": indicator.pk,
        "values": value.pk,
        **push_feed(indicator),
        "risks": risk.pk,
        "milestones": milestone,
        "updates": update.pk,
        "update-links": update_link.pk,
        "reply-links": reply_link.pk,
        "requests": asked.pk,
        "records": record.pk,
        "public-exports": made_export(engagement, by),
        "hours": HoursEntry.objects.create(
            engagement=engagement, user=by, on=NOW.date(), hours=1, what="Read it", created_at=NOW
        ).pk,
        "notes": note.pk,
        "webhooks": Webhook.objects.create(
            engagement=engagement, user=by, name="w", shape="json", host="a.example", created_at=NOW, tells_from=NOW
        ).pk,
        "comments": CommentFactory(engagement=engagement, author=by).pk,
        "documents": with_preview(things_of(engagement)["d"]),
        "roles": member(Role.EXPERT, engagement).roles.get().pk,
        "invitations": invitation.pk,
        "money": commitment(engagement, by).pk,
        "budget": budget_line(engagement).pk,
        "mappings": saved_mapping(engagement, by).pk,
        "contacts": Contact.objects.create(engagement=engagement, name="Ann Lee").pk,
        "imports": TableImport.objects.create(
            engagement=engagement, kind="milestones", state="checked", by=by, at=NOW, result={"counts": {}}
        ).pk,
    }


def push_feed(indicator: Indicator) -> dict[str, int]:
    """A feed with a key and a value that waits, by the lead."""
    lead = member(Role.LEAD, indicator.engagement)
    feed = make_feed(indicator, lead, "", kind="push")
    key, _ = make_key(feed=feed.pk, by=lead, now=NOW)
    waiting = waiting_reading(feed)
    return {"feeds": feed.pk, "feed-keys": key.pk, "feed-values": waiting.pk}


def registered_pilot(engagement: Engagement, milestone: int, by: User) -> dict[str, int]:
    """Registered, not drawn, linked to a milestone; with counts, an agreement and an analysis that waits."""
    desk = make_pilot(engagement)
    lock_pilot(desk)
    waiting = {"state": "queued", "progress": 0, "result": None, "started_at": None, "ended_at": None}
    data = deliver(desk)
    link = PilotLink.objects.create(
        pilot=desk.pilot, engagement=engagement, milestone_id=milestone, linked_by=by, linked_at=NOW
    )
    return {
        "pilots": desk.pilot.pk,
        "pilot-links": link.pk,
        "pilot-data": data.pk,
        "pilot-agreements": agree(desk).pk,
        "pilot-analyses": analyze(desk, data, **waiting).pk,
    }


def made_export(engagement, by: User) -> int:
    row = PublicRecordExport(
        engagement=engagement,
        first=NOW.date(),
        last=NOW.date(),
        status="done",
        size=1,
        asked_by=by,
        asked_at=NOW,
        expires_at=timezone.now() + timedelta(days=1),
    )
    row.file.save("", ContentFile(b"x"), save=False)
    row.save()
    return row.pk


def with_preview(document: int) -> int:
    row = DocumentPreview(document_id=document, width=1, height=1, made_at=NOW)
    row.large.save("", ContentFile(b"large"), save=False)
    row.small.save("", ContentFile(b"small"), save=False)
    row.save()
    return document


def holds(role: Role, permission: str, own: bool) -> bool:
    """What the table says: leads and funders hold theirs in the whole initiative."""
    if own or role in (Role.LEAD, Role.FUNDER):
        return permission in PERMISSIONS[role]
    return permission in ELSEWHERE.get(role, frozenset())


def address(route: str, engagement, ids: dict[str, int]) -> str:
    slug = engagement.city.slug if route.startswith("cities/") else engagement.slug
    for name, value in (
        ("<slug:slug>", slug),
        ("<slug:engagement>", slug),
        ("<slug:initiative>", engagement.initiative.slug),
        ("<int:pk>", str(ids.get(route.split("/")[0], 0))),
        ("<int:engagement>", str(engagement.pk)),
        ("analysis/<int:number>", f"analysis/{ids['pilot-analyses']}"),
        ("<int:number>", "1"),
        ("<int:dataset>", str(ids["pilot-data"])),
        ("<int:agreement>", str(ids["pilot-agreements"])),
        ("<slug:kind>", "aggregates"),
        ("<int:link>", str(ids["pilot-links"])),
        ("<slug:panel_slug>", "actuals"),
        ("<table_file:kind>", "json"),
        ("<table_file:extension>", "json"),
        ("<slug:section>", "need"),
    ):
        route = route.replace(name, value)
    return f"/{route}"


@dataclass(frozen=True)
class Cities:
    """Two cities with one of each thing, and everybody who works in the first."""

    mine: Engagement
    other: Engagement
    ids: dict[int, dict[str, int]]
    people: dict[Role, User]
    documents: Path


@pytest.fixture(scope="module")
def made(module_rows, tmp_path_factory) -> Cities:
    """Made once: every test begins with the same rows."""
    documents = tmp_path_factory.mktemp("documents")
    with module_rows.unblock(), override_settings(DOCUMENTS_DIR=documents):
        mine, other = pair()
        ids = {row.pk: things(row, give(UserFactory(), Role.ADVISER, row).user) for row in (mine, other)}
        return Cities(mine, other, ids, everybody(mine), documents)


@pytest.fixture
def cities(made, settings) -> Cities:
    settings.DOCUMENTS_DIR = made.documents
    return made


def wrong_answers(cities: Cities, role: Role, wanted: dict[str, str], send, good: set[int]) -> list[tuple]:
    """What does not answer as the table says: (address, whose city, status, whether they may)."""
    client, found = Client(), []
    client.force_login(cities.people[role])
    for own, engagement in ((True, cities.mine), (False, cities.other)):
        for route, permission in wanted.items():
            answer = send(client, address(route, engagement, cities.ids[engagement.pk]))
            if answer.streaming:
                b"".join(answer.streaming_content)  # closes the file
            may = holds(role, permission, own)
            if route.startswith("initiatives/"):
                may = holds(role, permission, True)  # both cities are the initiative's
            sees = holds(role, VIEW_PUBLISHED, own)
            refused = {403, 404} if sees or route.startswith("notes/") else {404}  # notes are public
            if answer.status_code not in (good if may else refused):
                found.append((route, "own" if own else "other", answer.status_code, may))
    return found


OURS = (
    "engagements/",
    "milestones/<",
    "updates/",
    "update-links/",
    "requests/<",
    "records/",
    "hours/",
    "documents/",
    "public-exports/",
    "comments/",
    "notes/",
    "invitations/",
    "roles/",
    "initiatives/",
    "indicators/",
    "values/",
    "feeds/<",
    "feed-keys/",
    "feed-values/",
    "risks/",
    "money/",
    "budget/",
    "mappings/",
    "contacts/",
    "imports/",
    "plans/<",
    "interventions/",
    "results/",
    "pilots/<",
    "projects/",
    "searches/",
    "replies/",
    "reply-links/",
    "webhooks/",
)


def test_the_walk_names_every_page():
    every = {
        route.replace("initiatives/<slug:slug>", "initiatives/<slug:initiative>")
        for route in routes(get_resolver().url_patterns)
        if route.startswith(OURS)
    }
    walked = set(PAGES) | set(DEEDS) | OWN | PUBLISHED | NOT_HERE | SECRET
    assert every - {"engagements/"} == walked - {"cities/<slug:slug>/notes/new/"}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_answers_each_role_as_the_table_says_in_both_cities(role, cities):
    assert wrong_answers(cities, role, PAGES, lambda client, url: client.get(url), {200, 302}) == []


@pytest.mark.parametrize("role", list(Role))
def test_each_form_that_is_sent_is_taken_from_whom_the_table_says_in_both_cities(role, cities):
    """Sent empty: who may is told what is missing or gets on, who may not learns nothing."""
    assert wrong_answers(cities, role, FORMS | DEEDS, lambda client, url: client.post(url), {200, 302, 409, 422}) == []


@pytest.mark.parametrize("role", list(Role))
def test_another_persons_words_are_changed_by_nobody(role, cities):
    nobody = dict.fromkeys(OWN, "nobody may")
    for send in (lambda client, url: client.get(url), lambda client, url: client.post(url)):
        assert [w for w in wrong_answers(cities, role, nobody, send, set()) if w[2] not in (403, 404)] == []


@pytest.mark.parametrize("role", list(Role))
def test_a_draft_is_added_to_the_library_by_nobody(role, cities):
    for routes_of, send in (
        (ONLY_POST, lambda client, url: client.post(url)),
        (PUBLISHED - ONLY_POST | NOT_HERE, lambda client, url: client.get(url)),
    ):
        wrong = wrong_answers(cities, role, dict.fromkeys(routes_of, "nobody may"), send, set())
        assert [one for one in wrong if one[2] not in (403, 404)] == []
