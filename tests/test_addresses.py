"""Every address the portal has, for strangers, readers and operators: what answers, what it may do, never say."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver

from atlas.ingest import operations
from atlas.ingest.pipeline import Mode, run
from atlas.models import Release
from tests.factories import files, portal
from tests.factories.counts import forget_counts

OPEN = (200, 200, 200)  # stranger, signed in, operator
NOWHERE = (404, 404, 404)
SIGNED_IN = (302, 200, 200)  # a stranger is asked to sign in
MEMBERS = (302, 404, 404)  # without a role there is nothing
MEMBERS_SEND = (401, 404, 404)  # a stranger keeps what they typed
WRITERS = (302, 403, 403)  # the library is public, who may not write it is told so
WRITERS_SEND = (401, 403, 403)
PROGRAMS = (401, 200, 200)  # the API on engagements: lists without a role are empty
NO_ROW = (401, 404, 404)
OPERATORS = (302, 404, 200)  # a stranger is asked to sign in; for others the address does not exist
ONLY_POST = (405, 405, 405)
GET = {
    "": OPEN,
    "cities/": OPEN,
    "accessibility/": OPEN,
    "manifest.webmanifest": OPEN,
    "worker.js": OPEN,
    "offline/": OPEN,
    "waiting/": SIGNED_IN,
    "device/": OPEN,
    "methods/": OPEN,
    "data.json": OPEN,
    "data/download/": OPEN,
    "^data/download/latest/(?P<name>[a-z0-9-]+\\.[a-z.]+)$": (302, 302, 302),  # to the newest version
    "^data/download/(?P<version>[0-9a-f]{12})/(?P<name>[a-z0-9-]+\\.[a-z.]+)$": NOWHERE,  # a version never made
    "healthz": OPEN,
    "livez": OPEN,
    "readyz": OPEN,
    "metrics": NOWHERE,  # asked by no name of this machine: test_metrics.py has who may
    "operations/": OPERATORS,
    "operations/people/": OPERATORS,
    "operations/people/<int:pk>/": (302, 404, 404),  # nobody has this number
    "me/data/": SIGNED_IN,
    "me/data/file/": ONLY_POST,
    "me/data/erasure/": ONLY_POST,
    "me/data/erasure/withdraw/": ONLY_POST,
    "robots.txt": OPEN,
    "share/cities/<slug:slug>.png": OPEN,
    "share/tracts/<tract:geoid>.png": OPEN,
    "embed/cities/<slug:slug>/map/": OPEN,
    "embed/cities/<slug:slug>/<slug:panel_slug>/": OPEN,
    "sitemap.xml": OPEN,
    "api/schema/": OPEN,
    "api/docs/": OPEN,
    "accounts/login/": (200, 302, 302),
    "accounts/logout/": (302, 200, 200),
    "accounts/inactive/": OPEN,
    "accounts/reauthenticate/": (302, 200, 200),
    "accounts/password/change/": (302, 200, 200),
    "accounts/password/set/": (302, 302, 302),
    "accounts/password/reset/": OPEN,
    "accounts/password/reset/done/": OPEN,
    "accounts/password/reset/key/done/": OPEN,
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": OPEN,
    "accounts/2fa/": (302, 200, 200),
    "accounts/2fa/authenticate/": (302, 302, 302),
    "accounts/2fa/reauthenticate/": (302, 302, 302),
    "accounts/2fa/totp/activate/": (302, 302, 302),
    "accounts/2fa/totp/deactivate/": (302, 404, 404),
    "accounts/2fa/recovery-codes/": (302, 404, 404),
    "accounts/2fa/recovery-codes/generate/": (302, 302, 302),
    "accounts/2fa/recovery-codes/download/": (302, 404, 404),
    "accounts/2fa/webauthn/": (302, 200, 200),
    "accounts/2fa/webauthn/add/": (302, 302, 302),
    "accounts/2fa/webauthn/login/": (302, 302, 302),
    "accounts/2fa/webauthn/reauthenticate/": (302, 302, 302),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": (302, 302, 302),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": (302, 302, 302),
    "mail/": (302, 404, 200 if settings.MAIL_IS_READABLE else 404),
    "mail/<slug:key>/": (302, 404, 404),
    "mail/<slug:key>/html/": (302, 404, 404),
    "engagements/<slug:slug>/people/": (302, 404, 404),
    "engagements/<slug:slug>/people/invite/": (302, 404, 404),
    "initiatives/<slug:slug>/people/": (302, 404, 404),
    "initiatives/<slug:slug>/people/invite/": (302, 404, 404),
    "initiatives/": MEMBERS,
    "initiatives/new/": MEMBERS,
    "initiatives/places/": MEMBERS,
    "initiatives/<slug:slug>/": MEMBERS,
    "initiatives/<slug:slug>/edit/": MEMBERS,
    "initiatives/<slug:slug>/cities/": MEMBERS,
    "initiatives/<slug:slug>/archive/": MEMBERS,
    "initiatives/<slug:slug>/restore/": ONLY_POST,
    "api/v1/initiatives/": PROGRAMS,
    "api/v1/initiatives/<int:pk>/": NO_ROW,
    "api/v1/initiatives/<int:pk>/cities/": (401, 405, 405),
    "api/v1/initiatives/<int:pk>/archive/": (401, 405, 405),
    "api/v1/initiatives/<int:pk>/copies/": (401, 405, 405),
    "api/v1/initiatives/<int:pk>/restore/": (401, 405, 405),
    "invitations/<int:pk>/withdraw/": (405, 405, 405),
    "invitations/<str:secret>/": NOWHERE,
    "roles/<int:pk>/end/": (302, 404, 404),
    "me/webhooks/": SIGNED_IN,
    "webhooks/<int:pk>/": MEMBERS,
    "webhooks/<int:pk>/test/": ONLY_POST,
    "webhooks/<int:pk>/pause/": ONLY_POST,
    "webhooks/<int:pk>/resume/": ONLY_POST,
    "webhooks/<int:pk>/end/": ONLY_POST,
    "inbound-mail/": ONLY_POST,
    "inbound-mail/events/": ONLY_POST,
    "notifications/": SIGNED_IN,
    "notifications/read/": ONLY_POST,
    "notifications/mail-again/": ONLY_POST,
    "notifications/choices/": SIGNED_IN,
    "notifications/<int:pk>/": MEMBERS,  # somebody else's, or none
    "notifications/<int:pk>/mark/": ONLY_POST,
    "me/": (302, 200, 200),
    "me/tokens/": (302, 200, 200),
    "me/sessions/": (302, 200, 200),
    "me/sessions/end/": ONLY_POST,
    "me/sessions/<int:pk>/end/": ONLY_POST,
    "security-log/": OPERATORS,
    "access-reviews/": (302, 404, 200),
    "access-reviews/<int:pk>/": (302, 404, 404),
    "security-log/log.<table_file:kind>": OPERATORS,
    "engagements/<slug:slug>/security/": (302, 404, 404),
    "engagements/<slug:slug>/limits/": (302, 404, 404),
    "engagements/<slug:slug>/security/log.<table_file:kind>": (302, 404, 404),
    "me/tokens/<int:pk>/end/": (405, 405, 405),
    "data/": OPEN,
    "data/jobs/": OPEN,
    "data/fetches/": OPEN,
    "data/jobs/<uuid:pk>/": NOWHERE,
    "data/jobs/<uuid:pk>/progress/": NOWHERE,
    "data/sources/<slug:dataset>/": OPEN,
    "data/errata/": OPEN,
    "data/units/": OPERATORS,
    "data/bring-in/": OPERATORS,
    "data/releases/<int:pk>/": (404, 404, 200),  # of a staged release
    "data/releases/<int:pk>/report.json": (404, 404, 200),
    "data/releases/<int:pk>/activate/": OPERATORS,
    "data/releases/<int:pk>/discard/": OPERATORS,
    "data/releases/<int:pk>/roll-back/": (302, 404, 302),  # staged: there is nothing to take back
    "api/v1/measures/": OPEN,
    "api/v1/errata/": OPEN,
    "api/v1/releases/": OPEN,
    "engagements/<slug:engagement>/milestones/export.csv": MEMBERS,
    "engagements/<slug:engagement>/milestones/export.<table_file:kind>": MEMBERS,
    "engagements/<slug:engagement>/milestones/export.xlsx": MEMBERS,
    "engagements/<slug:engagement>/milestones/import/": MEMBERS,
    "engagements/<slug:engagement>/milestones/import/columns/": ONLY_POST,
    "mappings/<int:pk>/milestones.<table_file:kind>": MEMBERS,
    "engagements/<slug:engagement>/milestones/import/keep/": (405, 405, 405),
    "engagements/<slug:slug>/imports/": MEMBERS,
    "imports/<int:pk>/": MEMBERS,
    "imports/<int:pk>/keep/": ONLY_POST,
    "imports/<int:pk>/undo/": ONLY_POST,
    "engagements/<slug:slug>/contacts/": MEMBERS,
    "engagements/<slug:slug>/contacts/add/": MEMBERS,
    "engagements/<slug:slug>/contacts/export.<table_file:kind>": MEMBERS,
    "engagements/<slug:slug>/contacts/import/": MEMBERS,
    "engagements/<slug:slug>/contacts/import/columns/": ONLY_POST,
    "engagements/<slug:slug>/contacts/import/keep/": ONLY_POST,
    "engagements/<slug:slug>/contacts/import/reasons/": ONLY_POST,
    "contacts/<int:pk>/edit/": MEMBERS,
    "contacts/<int:pk>/archive/": MEMBERS,
    "engagements/<slug:slug>/indicators/import/columns/": ONLY_POST,
    "engagements/<slug:slug>/indicators/definitions/export.<table_file:kind>": MEMBERS,
    "engagements/<slug:slug>/indicators/definitions/import/": MEMBERS,
    "engagements/<slug:slug>/indicators/definitions/import/columns/": ONLY_POST,
    "engagements/<slug:slug>/indicators/definitions/import/keep/": ONLY_POST,
    "engagements/<slug:slug>/indicators/definitions/import/reasons/": ONLY_POST,
    "engagements/<slug:engagement>/milestones/import/reasons/": (405, 405, 405),
    "engagements/<slug:engagement>/milestones/import/template.csv": MEMBERS,
    "engagements/<slug:engagement>/milestones/import/template.xlsx": MEMBERS,
    "me/first-steps/dismiss/": ONLY_POST,
    "me/calendar/": SIGNED_IN,
    "me/calendar/<int:pk>/revoke/": (405, 405, 405),
    "calendar/<str:secret>.ics": NOWHERE,
    "api/v1/engagements/": PROGRAMS,
    "api/v1/engagements/<int:pk>/": NO_ROW,
    "api/v1/milestones/": PROGRAMS,
    "api/v1/milestones/<int:pk>/": NO_ROW,
    "api/v1/milestones/<int:pk>/progress/": (401, 405, 405),
    "api/v1/hours/": (401, 400, 400),  # of which engagement
    "api/v1/hours/<int:pk>/archive/": (401, 405, 405),
    "api/v1/calls/": (401, 405, 405),
    "api/v1/absences/": PROGRAMS,
    "api/v1/absences/<int:pk>/end/": (401, 405, 405),
    "api/v1/comments/": PROGRAMS,
    "api/v1/documents/": PROGRAMS,
    "api/v1/documents/<int:pk>/file/": NO_ROW,
    "api/v1/activity/": PROGRAMS,
    "api/v1/requests/": PROGRAMS,
    "api/v1/requests/<int:pk>/": NO_ROW,
    "api/v1/requests/<int:pk>/answer/": (401, 405, 405),
    "api/v1/updates/": PROGRAMS,
    "api/v1/updates/<int:pk>/": NO_ROW,
    "indicators/<int:pk>/": MEMBERS,
    "indicators/<int:pk>/<slug:panel_slug>.csv": MEMBERS,
    "indicators/<int:pk>/<slug:panel_slug>.<table_file:kind>": MEMBERS,
    "indicators/<int:pk>/<slug:panel_slug>.svg": MEMBERS,
    "indicators/<int:pk>/<slug:panel_slug>.png": MEMBERS,
    "engagements/<slug:slug>/timeline/": MEMBERS,
    "engagements/<slug:slug>/timeline.csv": MEMBERS,
    "engagements/<slug:slug>/timeline.<table_file:kind>": MEMBERS,
    "engagements/<slug:slug>/timeline.svg": MEMBERS,
    "engagements/<slug:slug>/timeline.png": MEMBERS,
    "engagements/<slug:slug>/indicators/": MEMBERS,
    "engagements/<slug:slug>/indicators/new/": MEMBERS,
    "engagements/<slug:slug>/indicators/export.csv": MEMBERS,
    "engagements/<slug:slug>/indicators/export.<table_file:kind>": MEMBERS,
    "engagements/<slug:slug>/indicators/import/": MEMBERS,
    "engagements/<slug:slug>/indicators/import/keep/": ONLY_POST,
    "engagements/<slug:slug>/indicators/import/reasons/": ONLY_POST,
    "engagements/<slug:slug>/indicators/import/template.csv": MEMBERS,
    "indicators/<int:pk>/edit/": MEMBERS,
    "indicators/<int:pk>/archive/": MEMBERS,
    "indicators/<int:pk>/enter/": MEMBERS,
    "indicators/<int:pk>/review/": MEMBERS,
    "indicators/<int:pk>/move/": ONLY_POST,
    "indicators/<int:pk>/reopen/": MEMBERS,
    "values/<int:pk>/archive/": MEMBERS,
    "pilots/<int:pk>/data/": MEMBERS,
    "pilots/<int:pk>/data/bring/": MEMBERS,
    "pilots/<int:pk>/data/columns/": ONLY_POST,
    "pilots/<int:pk>/data/keep/": ONLY_POST,
    "pilots/<int:pk>/data/discard/": ONLY_POST,
    "pilots/<int:pk>/data/feeds/": MEMBERS,
    "pilots/<int:pk>/data/<int:number>.csv": MEMBERS,
    "pilots/<int:pk>/data/<slug:kind>-empty.csv": MEMBERS,
    "pilots/<int:pk>/data/<int:dataset>/delete/": MEMBERS,
    "pilots/<int:pk>/data/agreements/add/": MEMBERS,
    "pilots/<int:pk>/data/agreements/<int:agreement>/end/": MEMBERS,
    "feeds/": MEMBERS,
    "feeds/<int:pk>/": MEMBERS,
    "feeds/<int:pk>/edit/": MEMBERS,
    "feeds/<int:pk>/move/": ONLY_POST,
    "feeds/<int:pk>/archive/": MEMBERS,
    "feeds/<int:pk>/keys/": ONLY_POST,
    "feed-keys/<int:pk>/end/": ONLY_POST,
    "feed-values/<int:pk>/decide/": ONLY_POST,
    "indicators/<int:pk>/feed/": MEMBERS,
    "engagements/<slug:slug>/feeds/new/": MEMBERS,
    "api/v1/feeds/": PROGRAMS,
    "api/v1/feeds/<int:pk>/": NO_ROW,
    "api/v1/feeds/<int:pk>/moves/": (401, 405, 405),
    "api/v1/feeds/<int:pk>/keys/": (401, 405, 405),
    "api/v1/feeds/<int:pk>/push/": (401, 401, 401),  # only a key of the feed opens it
    "api/v1/feeds/<int:pk>/values/": NO_ROW,
    "api/v1/feed-values/<int:pk>/decision/": (401, 405, 405),
    "api/v1/feed-keys/<int:pk>/end/": (401, 405, 405),
    "engagements/<slug:slug>/risks/": MEMBERS,
    "engagements/<slug:slug>/risks/new/": MEMBERS,
    "risks/<int:pk>/edit/": MEMBERS,
    "risks/<int:pk>/close/": MEMBERS,
    "risks/<int:pk>/archive/": MEMBERS,
    "api/v1/indicators/": PROGRAMS,
    "api/v1/indicators/<int:pk>/": NO_ROW,
    "api/v1/indicators/<int:pk>/values/": NO_ROW,
    "api/v1/indicators/<int:pk>/archive/": (401, 405, 405),
    "api/v1/indicators/<int:pk>/moves/": (401, 405, 405),
    "api/v1/values/<int:pk>/": NO_ROW,
    "api/v1/values/<int:pk>/archive/": (401, 405, 405),
    "api/v1/risks/": PROGRAMS,
    "api/v1/risks/<int:pk>/": NO_ROW,
    "api/v1/risks/<int:pk>/archive/": (401, 405, 405),
    "api/v1/cities/": OPEN,
    "api/v1/cities/<slug:slug>/": OPEN,
    "api/v1/cities/<slug:slug>/tracts/": OPEN,
    "cities/<slug:slug>/": OPEN,
    "cities/<slug:slug>/geometry.json": OPEN,
    "cities/<slug:slug>/map.json": OPEN,
    "cities/<slug:slug>/card.html": NOWHERE,  # without outlines there is no card
    "cities/<slug:slug>/tracts.html": SIGNED_IN,  # for forms of people who are signed in
    "cities/<slug:slug>/<slug:panel_slug>.csv": OPEN,
    "cities/<slug:slug>/<slug:panel_slug>.<table_file:extension>": OPEN,
    "cities/<slug:slug>/analysis/": OPEN,
    "cities/<slug:slug>/charts/<slug:panel_slug>/": OPEN,
    "cities/<slug:slug>/<slug:panel_slug>.svg": OPEN,
    "cities/<slug:slug>/<slug:panel_slug>.png": OPEN,
    "cities/<slug:slug>/profile.pdf": OPEN,
    "cities/<slug:slug>/profile.pptx": OPEN,
    "api/v1/cities/<slug:slug>/summary/": OPEN,
    "search/": OPEN,
    "search/suggestions/": ONLY_POST,
    "search/here/": ONLY_POST,
    "api/v1/search/": (401, 400, 400),  # it needs words
    "compare/": OPEN,
    "compare/<slug:panel_slug>.csv": (404, 404, 404),
    "compare/<slug:panel_slug>.<table_file:extension>": (404, 404, 404),
    "api/v1/compare/": (400, 400, 400),
    "tracts/<tract:geoid>/": OPEN,
    "tracts/<tract:geoid>/measures.csv": OPEN,
    "tracts/<tract:geoid>/measures.<table_file:extension>": OPEN,
    "api/v1/cities/<slug:slug>/panels/<slug:panel_slug>/": OPEN,
    "portfolio/": MEMBERS,
    "portfolio/<slug:slug>/": MEMBERS,
    "portfolio/<slug:slug>/newer/": MEMBERS,
    "portfolio/<slug:slug>/cities.csv": MEMBERS,
    "portfolio/<slug:slug>/cities.<table_file:kind>": MEMBERS,
    "portfolio/<slug:slug>/cities.xlsx": MEMBERS,
    "portfolio/<slug:slug>/entries/": MEMBERS,
    "portfolio/<slug:slug>/milestones/": MEMBERS,
    "portfolio/<slug:slug>/values/": MEMBERS,
    "portfolio/<slug:slug>/budget/": MEMBERS,
    "portfolio/<slug:slug>/add/<slug:what>/": MEMBERS,
    "portfolio/views/save/": ONLY_POST,
    "portfolio/views/<int:pk>/remove/": ONLY_POST,
    "portfolio/<slug:slug>/shares/": MEMBERS,
    "portfolio/<slug:slug>/money/new/": MEMBERS,
    "portfolio/shares/<int:pk>/revoke/": ONLY_POST,
    "shared/<str:secret>/": NOWHERE,
    "api/v1/portfolio/": PROGRAMS,
    "api/v1/portfolio/<slug:slug>/": NO_ROW,
    "portfolio/<slug:slug>/reports/": MEMBERS,
    "portfolio/<slug:slug>/grants.csv": MEMBERS,
    "portfolio/<slug:slug>/grants.<table_file:extension>": MEMBERS,
    "plans/<int:pk>/reports/": MEMBERS,
    "reports/ask/": ONLY_POST,
    "reports/<int:pk>/": MEMBERS,
    "reports/<int:pk>/progress/": MEMBERS,
    "reports/<int:pk>/file/": MEMBERS,
    "api/v1/reports/": PROGRAMS,
    "api/v1/reports/<int:pk>/": NO_ROW,
    "api/v1/reports/<int:pk>/file/": NO_ROW,
    "pilots/<int:pk>/estimates.csv": NOWHERE,
    "pilots/<int:pk>/bundle.zip": NOWHERE,
    "pilots/<int:pk>/analysis/": MEMBERS,
    "pilots/<int:pk>/analysis/ask/": ONLY_POST,
    "pilots/<int:pk>/analysis/<int:number>/cancel/": ONLY_POST,
    "pilots/<int:pk>/result/write/": ONLY_POST,
    "engagements/<slug:slug>/results/": MEMBERS,
    "engagements/<slug:slug>/results/new/": MEMBERS,
    "engagements/<slug:slug>/projects/new/": MEMBERS,
    "engagements/<slug:slug>/searches/new/": MEMBERS,
    "projects/<int:pk>/edit/": MEMBERS,
    "projects/<int:pk>/archive/": MEMBERS,
    "searches/<int:pk>/publish/": ONLY_POST,
    "searches/<int:pk>/archive/": MEMBERS,
    "searches/<int:pk>/ask/": MEMBERS,
    "engagements/<slug:slug>/pilots/": MEMBERS,
    "engagements/<slug:slug>/pilots/new/": MEMBERS,
    "pilots/<int:pk>/": NOWHERE,
    "pilots/<int:pk>/registration/": NOWHERE,
    "pilots/<int:pk>/registration/edit/": MEMBERS,
    "pilots/<int:pk>/registration/power/": ONLY_POST,
    "pilots/<int:pk>/registration/lock/": MEMBERS,
    "pilots/<int:pk>/registration/simulation/": MEMBERS,
    "pilots/<int:pk>/registration/simulation/ask/": ONLY_POST,
    "pilots/<int:pk>/registration/simulation/cancel/": ONLY_POST,
    "pilots/<int:pk>/registration/<int:number>/registration.json": NOWHERE,
    "pilots/<int:pk>/registration/<int:number>/aea.csv": NOWHERE,
    "pilots/<int:pk>/units/": MEMBERS,
    "pilots/<int:pk>/units/units.csv": MEMBERS,
    "pilots/<int:pk>/units/lock/": ONLY_POST,
    "pilots/<int:pk>/units/draw/": ONLY_POST,
    "pilots/<int:pk>/units/verify/": ONLY_POST,
    "pilots/<int:pk>/units/<int:engagement>/": ONLY_POST,
    "pilots/<int:pk>/units/<int:engagement>/match/": ONLY_POST,
    "pilots/<int:pk>/stop/": MEMBERS,
    "pilots/<int:pk>/start/": ONLY_POST,
    "pilots/<int:pk>/cities/": MEMBERS,
    "pilots/<int:pk>/cities/<int:engagement>/accept/": ONLY_POST,
    "pilots/<int:pk>/cities/<int:engagement>/leave/": ONLY_POST,
    "pilots/<int:pk>/links/": MEMBERS,
    "pilots/<int:pk>/links/<int:link>/remove/": ONLY_POST,
    "results/<int:pk>/": NOWHERE,
    "results/<int:pk>/edit/": MEMBERS,
    "results/<int:pk>/review/": MEMBERS,
    "results/<int:pk>/archive/": MEMBERS,
    "results/<int:pk>/ask/": MEMBERS,
    "results/<int:pk>/library/": ONLY_POST,
    "replies/<int:pk>/": MEMBERS,
    "api/v1/projects/": OPEN,
    "api/v1/projects/<int:pk>/": NOWHERE,
    "api/v1/pilots/": OPEN,
    "api/v1/pilots/<int:pk>/": NOWHERE,
    "api/v1/results/": OPEN,
    "api/v1/results/<int:pk>/": NOWHERE,
    "api/v1/results/<int:pk>/move/": ONLY_POST,
    "api/v1/searches/": OPEN,
    "api/v1/searches/<int:pk>/publish/": ONLY_POST,
    "api/v1/replies/": PROGRAMS,
    "api/v1/replies/<int:pk>/": NO_ROW,
    "evidence/": OPEN,
    "pilots/<int:pk>/effect.svg": NOWHERE,
    "pilots/<int:pk>/effect.png": NOWHERE,
    "pilots/<int:pk>/replicate/": NOWHERE,
    "pilots/<int:pk>/replicate.pdf": NOWHERE,
    "pilots/<int:pk>/copy/": ONLY_POST,
    "what-works/": OPEN,
    "what-works/export.csv": OPEN,
    "what-works/export.<table_file:kind>": OPEN,
    "what-works/<slug:outcome>.svg": NOWHERE,  # no test of such an outcome has a number
    "what-works/<slug:outcome>.png": NOWHERE,
    "evidence/export.csv": OPEN,
    "evidence/export.<table_file:kind>": OPEN,
    "evidence/add/": WRITERS,
    "evidence/import/": WRITERS,
    "evidence/import/keep/": ONLY_POST,
    "evidence/import/reasons/": ONLY_POST,
    "evidence/import/template.csv": WRITERS,
    "evidence/<slug:slug>/": NOWHERE,
    "evidence/<slug:slug>/edit/": MEMBERS,
    "evidence/<slug:slug>/review/": MEMBERS,
    "evidence/<slug:slug>/archive/": MEMBERS,
    "evidence/<slug:slug>/versions/": NOWHERE,
    "api/v1/evidence/": OPEN,
    "api/v1/evidence/<slug:slug>/": NOWHERE,
    "api/v1/evidence/<slug:slug>/review/": ONLY_POST,
    "log/": SIGNED_IN,
    "todo/": SIGNED_IN,
    "engagements/": SIGNED_IN,
    "engagements/<slug:slug>/": MEMBERS,
    "engagements/<slug:slug>/call/": MEMBERS,
    "engagements/<slug:slug>/history/": MEMBERS,
    "engagements/<slug:slug>/milestones/": MEMBERS,
    "engagements/<slug:slug>/milestones/add/": MEMBERS,
    "engagements/<slug:slug>/milestones/template/": MEMBERS,
    "milestones/": SIGNED_IN,
    "milestones/change/": SIGNED_IN,
    "work/move/": ONLY_POST,
    "work/views/": ONLY_POST,
    "work/views/<int:pk>/remove/": ONLY_POST,
    "me/away/": SIGNED_IN,
    "me/away/<int:pk>/end/": ONLY_POST,
    "work/undo/": ONLY_POST,
    "milestones/<int:pk>/": MEMBERS,
    "milestones/<int:pk>/edit/": MEMBERS,
    "milestones/<int:pk>/review/": ONLY_POST,
    "milestones/<int:pk>/archive/": ONLY_POST,
    "milestones/<int:pk>/restore/": ONLY_POST,
    "milestones/<int:pk>/dependency/": ONLY_POST,
    "documents/<int:pk>/": MEMBERS,
    "documents/<int:pk>/about/": MEMBERS,
    "engagements/<slug:slug>/public-records/": MEMBERS,
    "engagements/<slug:slug>/public-records/mark/": ONLY_POST,
    "engagements/<slug:slug>/public-records/export/": MEMBERS,
    "engagements/<slug:slug>/record/": MEMBERS,
    "public-exports/<int:pk>/file/": MEMBERS,
    "documents/<int:pk>/preview.webp": MEMBERS,
    "documents/<int:pk>/preview-small.webp": MEMBERS,
    "documents/<int:pk>/archive/": MEMBERS,
    "engagements/<slug:slug>/documents/": MEMBERS,
    "engagements/<slug:slug>/documents/new/": MEMBERS,
    "engagements/<slug:slug>/comments/new/": MEMBERS,
    "comments/<int:pk>/": MEMBERS,
    "comments/<int:pk>/edit/": MEMBERS,
    "comments/<int:pk>/archive/": MEMBERS,
    "comments/<int:pk>/settle/": ONLY_POST,
    "engagements/<slug:slug>/status/": MEMBERS,
    "engagements/<slug:slug>/edit/": MEMBERS,
    "engagements/<slug:slug>/hours/": MEMBERS,
    "hours/<int:pk>/archive/": MEMBERS,
    "engagements/<slug:slug>/records/": MEMBERS,
    "engagements/<slug:slug>/records/new/": MEMBERS,
    "records/<int:pk>/edit/": MEMBERS,
    "records/<int:pk>/archive/": MEMBERS,
    "engagements/<slug:slug>/updates/": MEMBERS,
    "engagements/<slug:slug>/updates/new/": MEMBERS,
    "engagements/<slug:slug>/updates/sent-links/": MEMBERS,
    "update-links/<int:pk>/end/": ONLY_POST,
    "updates/by-link/<str:secret>/": NOWHERE,  # a link nobody was sent
    "replies/<int:pk>/link/": MEMBERS,
    "reply-links/<int:pk>/end/": ONLY_POST,
    "replies/by-link/<str:secret>/": NOWHERE,
    "updates/<int:pk>/": MEMBERS,
    "updates/<int:pk>/edit/": MEMBERS,
    "updates/<int:pk>/review/": MEMBERS,
    "updates/<int:pk>/move/": ONLY_POST,
    "updates/<int:pk>/archive/": MEMBERS,
    "updates/<int:pk>/versions/": MEMBERS,
    "requests/": SIGNED_IN,
    "requests/new/": (302, 403, 403),  # who works in no engagement
    "requests/problem/": MEMBERS,  # without a page that shows the number
    "requests/<int:pk>/": MEMBERS,
    "requests/<int:pk>/assign/": MEMBERS,
    "requests/<int:pk>/close/": MEMBERS,
    "requests/<int:pk>/reopen/": MEMBERS,
    "cities/<slug:slug>/notes/new/": MEMBERS,
    "notes/<int:pk>/edit/": MEMBERS,
    "notes/<int:pk>/archive/": MEMBERS,
    "unsubscribe/<str:token>/": NOWHERE,  # a token nobody was sent
    "engagements/<slug:slug>/money/": MEMBERS,
    "engagements/<slug:slug>/money/live/": MEMBERS,
    "engagements/<slug:slug>/money/entries/": MEMBERS,
    "engagements/<slug:slug>/money/entries.csv": MEMBERS,
    "engagements/<slug:slug>/money/entries.<table_file:extension>": MEMBERS,
    "engagements/<slug:slug>/money/sums.csv": MEMBERS,
    "engagements/<slug:slug>/money/sums.<table_file:extension>": MEMBERS,
    "engagements/<slug:slug>/money/places/": MEMBERS,
    "engagements/<slug:slug>/money/new/": MEMBERS,
    "engagements/<slug:slug>/money/budget/new/": MEMBERS,
    "engagements/<slug:engagement>/money/import/": MEMBERS,
    "engagements/<slug:engagement>/money/import/columns/": ONLY_POST,
    "engagements/<slug:engagement>/money/import/keep/": ONLY_POST,
    "engagements/<slug:engagement>/money/import/reasons/": ONLY_POST,
    "money/<int:pk>/": MEMBERS,
    "money/<int:pk>/reverse/": MEMBERS,
    "money/<int:pk>/place/": MEMBERS,
    "budget/<int:pk>/edit/": MEMBERS,
    "budget/<int:pk>/archive/": MEMBERS,
    "mappings/<int:pk>/archive/": ONLY_POST,
    "api/v1/ledger/entries/": PROGRAMS,
    "api/v1/ledger/entries/<int:pk>/": NO_ROW,
    "api/v1/ledger/entries/<int:pk>/reverse/": (401, 405, 405),
    "api/v1/ledger/entries/<int:pk>/tracts/": (401, 405, 405),
    "api/v1/ledger/sums/": PROGRAMS,
    "engagements/<slug:slug>/plans/": MEMBERS,
    "cities/<slug:slug>/plans/": OPEN,
    "cities/<slug:slug>/wages/": OPEN,
    "cities/<slug:slug>/wages/suggestions/": OPEN,
    "cities/<slug:slug>/wages/occupations.csv": NOWHERE,  # no file of wages is loaded
    "cities/<slug:slug>/wages/occupations.<table_file:extension>": NOWHERE,
    "api/v1/cities/<slug:slug>/wages/": NOWHERE,
    "plans/new/": (302, 403, 403),  # who works in no engagement
    "plans/<int:pk>/": MEMBERS,  # a stranger reads what a city made public
    "plans/<int:pk>/plan.csv": MEMBERS,
    "plans/<int:pk>/plan.<table_file:extension>": MEMBERS,
    "plans/<int:pk>/tracts.csv": MEMBERS,
    "plans/<int:pk>/wages.csv": MEMBERS,
    "plans/<int:pk>/wages.<table_file:extension>": MEMBERS,
    "plans/<int:pk>/tracts.<table_file:extension>": MEMBERS,
    "plans/<int:pk>/versions/": MEMBERS,
    "plans/<int:pk>/history/": MEMBERS,
    "plans/<int:pk>/review/": MEMBERS,
    "plans/<int:pk>/compare-areas/": MEMBERS,
    "plans/<int:pk>/edit/": MEMBERS,
    "plans/<int:pk>/edit/area/": MEMBERS,
    "plans/<int:pk>/edit/links/": MEMBERS,
    "plans/<int:pk>/edit/<slug:section>/": MEMBERS,
    "plans/<int:pk>/interventions/choose/": MEMBERS,
    "plans/<int:pk>/interventions/new/": MEMBERS,
    "plans/<int:pk>/move/": ONLY_POST,
    "plans/<int:pk>/close/": MEMBERS,
    "plans/<int:pk>/public/": MEMBERS,
    "plans/<int:pk>/archive/": MEMBERS,
    "interventions/<int:pk>/edit/": MEMBERS,
    "interventions/<int:pk>/archive/": MEMBERS,
    "interventions/<int:pk>/order/": ONLY_POST,
    "interventions/<int:pk>/evidence/": ONLY_POST,
    "api/v1/plans/": PROGRAMS,
    "api/v1/plans/<int:pk>/": NO_ROW,
    "api/v1/plans/<int:pk>/figures/": NO_ROW,
    "api/v1/plans/<int:pk>/tracts/": NO_ROW,
    "api/v1/plans/<int:pk>/interventions/": NO_ROW,
    "api/v1/plans/<int:pk>/interventions/<int:intervention>/": NO_ROW,
    "api/v1/plans/<int:pk>/links/": (401, 405, 405),
    "api/v1/plans/<int:pk>/status/": (401, 405, 405),
    "api/v1/plans/<int:pk>/public/": (401, 405, 405),
    "areas/": OPEN,
    "areas/new/": OPEN,
    "areas/uploads/": (302, 302, 302),  # to the form
    "areas/uploads/<slug:slug>/": NOWHERE,  # tokens nobody was given
    "areas/<slug:slug>/": NOWHERE,
    "areas/<slug:slug>/edit/": (302, 404, 404),
    "areas/<slug:slug>/archive/": (302, 404, 404),
    "areas/<slug:slug>/analysis/": NOWHERE,
    "areas/<slug:slug>/charts/<slug:panel_slug>/": NOWHERE,
    "areas/<slug:slug>/geometry.json": NOWHERE,
    "areas/<slug:slug>/map.json": NOWHERE,
    "areas/<slug:slug>/card.html": NOWHERE,
    "areas/<slug:slug>/<slug:panel_slug>.csv": NOWHERE,
    "areas/<slug:slug>/<slug:panel_slug>.<table_file:extension>": NOWHERE,
    "areas/<slug:slug>/<slug:panel_slug>.svg": NOWHERE,
    "areas/<slug:slug>/<slug:panel_slug>.png": NOWHERE,
    "areas/<slug:slug>/profile.pdf": NOWHERE,
    "areas/<slug:slug>/profile.pptx": NOWHERE,
    "api/v1/areas/<slug:slug>/summary/": NOWHERE,
    "api/v1/areas/": (405, 405, 405),  # nobody's areas are listed
    "api/v1/areas/<slug:slug>/": NOWHERE,
    "api/v1/areas/<slug:slug>/panels/<slug:panel_slug>/": NOWHERE,
}
# What takes a POST, and what an empty one gets; everything else refuses each.
POST = {
    "search/": (403, 403, 403),  # not from one of our own pages
    "search/suggestions/": (403, 403, 403),
    "search/here/": (403, 403, 403),
    "accounts/login/": (200, 302, 302),
    "accounts/logout/": (302, 302, 302),
    "accounts/reauthenticate/": (302, 200, 200),
    "accounts/password/change/": (302, 200, 200),
    "accounts/password/reset/": (200, 200, 200),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (200, 200, 200),
    "engagements/<slug:engagement>/milestones/import/": MEMBERS_SEND,
    "engagements/<slug:engagement>/milestones/import/keep/": MEMBERS_SEND,
    "engagements/<slug:engagement>/milestones/import/reasons/": MEMBERS_SEND,
    "me/calendar/": (401, 200, 200),
    "me/calendar/<int:pk>/revoke/": MEMBERS_SEND,
    "api/v1/milestones/": (401, 415, 415),  # a form is not JSON
    "api/v1/milestones/<int:pk>/progress/": (401, 415, 415),
    "api/v1/comments/": (401, 415, 415),
    "api/v1/documents/": (401, 400, 400),
    "api/v1/requests/": (401, 415, 415),
    "api/v1/requests/<int:pk>/answer/": (401, 415, 415),
    "initiatives/new/": MEMBERS_SEND,
    "initiatives/<slug:slug>/edit/": MEMBERS_SEND,
    "initiatives/<slug:slug>/cities/": MEMBERS_SEND,
    "initiatives/<slug:slug>/archive/": MEMBERS_SEND,
    "initiatives/<slug:slug>/restore/": MEMBERS_SEND,
    "api/v1/initiatives/": (401, 415, 415),
    "api/v1/initiatives/<int:pk>/cities/": (401, 415, 415),
    "api/v1/initiatives/<int:pk>/archive/": (401, 415, 415),
    "api/v1/initiatives/<int:pk>/copies/": (401, 415, 415),
    "api/v1/initiatives/<int:pk>/restore/": (401, 404, 404),
    "update-links/<int:pk>/end/": MEMBERS_SEND,
    "updates/by-link/<str:secret>/": NOWHERE,
    "replies/<int:pk>/link/": MEMBERS_SEND,
    "reply-links/<int:pk>/end/": MEMBERS_SEND,
    "replies/by-link/<str:secret>/": NOWHERE,
    "pilots/<int:pk>/analysis/ask/": MEMBERS_SEND,
    "pilots/<int:pk>/analysis/<int:number>/cancel/": MEMBERS_SEND,
    "pilots/<int:pk>/result/write/": MEMBERS_SEND,
    "engagements/<slug:slug>/results/new/": MEMBERS_SEND,
    "engagements/<slug:slug>/projects/new/": MEMBERS_SEND,
    "engagements/<slug:slug>/searches/new/": MEMBERS_SEND,
    "projects/<int:pk>/edit/": MEMBERS_SEND,
    "projects/<int:pk>/archive/": MEMBERS_SEND,
    "searches/<int:pk>/publish/": MEMBERS_SEND,
    "searches/<int:pk>/archive/": MEMBERS_SEND,
    "searches/<int:pk>/ask/": MEMBERS_SEND,
    "engagements/<slug:slug>/pilots/new/": MEMBERS_SEND,
    "pilots/<int:pk>/registration/edit/": MEMBERS_SEND,
    "pilots/<int:pk>/registration/power/": MEMBERS_SEND,
    "pilots/<int:pk>/registration/lock/": MEMBERS_SEND,
    "pilots/<int:pk>/registration/simulation/ask/": MEMBERS_SEND,
    "pilots/<int:pk>/registration/simulation/cancel/": MEMBERS_SEND,
    "pilots/<int:pk>/units/lock/": MEMBERS_SEND,
    "pilots/<int:pk>/units/draw/": MEMBERS_SEND,
    "pilots/<int:pk>/units/verify/": MEMBERS_SEND,
    "pilots/<int:pk>/units/<int:engagement>/": MEMBERS_SEND,
    "pilots/<int:pk>/units/<int:engagement>/match/": MEMBERS_SEND,
    "pilots/<int:pk>/stop/": MEMBERS_SEND,
    "pilots/<int:pk>/start/": MEMBERS_SEND,
    "pilots/<int:pk>/copy/": MEMBERS_SEND,
    "pilots/<int:pk>/cities/": MEMBERS_SEND,
    "pilots/<int:pk>/cities/<int:engagement>/accept/": MEMBERS_SEND,
    "pilots/<int:pk>/cities/<int:engagement>/leave/": MEMBERS_SEND,
    "pilots/<int:pk>/links/": MEMBERS_SEND,
    "pilots/<int:pk>/links/<int:link>/remove/": MEMBERS_SEND,
    "results/<int:pk>/edit/": MEMBERS_SEND,
    "results/<int:pk>/review/": MEMBERS_SEND,
    "results/<int:pk>/archive/": MEMBERS_SEND,
    "results/<int:pk>/ask/": MEMBERS_SEND,
    "results/<int:pk>/library/": WRITERS_SEND,
    "replies/<int:pk>/": MEMBERS_SEND,
    "api/v1/projects/": (401, 415, 415),
    "api/v1/results/": (401, 415, 415),
    "api/v1/results/<int:pk>/move/": (401, 415, 415),
    "api/v1/searches/": (401, 415, 415),
    "api/v1/searches/<int:pk>/publish/": (401, 415, 415),
    "api/v1/replies/": (401, 415, 415),
    "api/v1/replies/<int:pk>/": (401, 415, 415),
    "evidence/add/": WRITERS_SEND,
    "evidence/import/": WRITERS_SEND,
    "evidence/import/keep/": WRITERS_SEND,
    "evidence/import/reasons/": WRITERS_SEND,
    "evidence/<slug:slug>/edit/": MEMBERS_SEND,
    "evidence/<slug:slug>/review/": MEMBERS_SEND,
    "evidence/<slug:slug>/archive/": MEMBERS_SEND,
    "api/v1/evidence/": (401, 415, 415),  # a form is not JSON
    "api/v1/evidence/<slug:slug>/review/": (401, 415, 415),
    "engagements/<slug:slug>/indicators/new/": MEMBERS_SEND,
    "engagements/<slug:slug>/indicators/import/": MEMBERS_SEND,
    "engagements/<slug:slug>/indicators/import/keep/": MEMBERS_SEND,
    "engagements/<slug:slug>/indicators/import/reasons/": MEMBERS_SEND,
    "indicators/<int:pk>/edit/": MEMBERS_SEND,
    "indicators/<int:pk>/archive/": MEMBERS_SEND,
    "indicators/<int:pk>/enter/": MEMBERS_SEND,
    "indicators/<int:pk>/review/": MEMBERS_SEND,
    "indicators/<int:pk>/move/": MEMBERS_SEND,
    "indicators/<int:pk>/reopen/": MEMBERS_SEND,
    "values/<int:pk>/archive/": MEMBERS_SEND,
    "feeds/<int:pk>/edit/": MEMBERS_SEND,
    "feeds/<int:pk>/move/": MEMBERS_SEND,
    "feeds/<int:pk>/archive/": MEMBERS_SEND,
    "feeds/<int:pk>/keys/": MEMBERS_SEND,
    "feed-keys/<int:pk>/end/": MEMBERS_SEND,
    "feed-values/<int:pk>/decide/": MEMBERS_SEND,
    "indicators/<int:pk>/feed/": MEMBERS_SEND,
    "pilots/<int:pk>/data/bring/": MEMBERS_SEND,
    "pilots/<int:pk>/data/columns/": MEMBERS_SEND,
    "pilots/<int:pk>/data/keep/": MEMBERS_SEND,
    "pilots/<int:pk>/data/discard/": MEMBERS_SEND,
    "pilots/<int:pk>/data/feeds/": MEMBERS_SEND,
    "pilots/<int:pk>/data/<int:dataset>/delete/": MEMBERS_SEND,
    "pilots/<int:pk>/data/agreements/add/": MEMBERS_SEND,
    "pilots/<int:pk>/data/agreements/<int:agreement>/end/": MEMBERS_SEND,
    "engagements/<slug:slug>/feeds/new/": MEMBERS_SEND,
    "api/v1/hours/": (401, 415, 415),
    "api/v1/hours/<int:pk>/archive/": (401, 415, 415),
    "api/v1/calls/": (401, 415, 415),
    "api/v1/absences/": (401, 415, 415),
    "api/v1/feeds/": (401, 415, 415),
    "api/v1/feeds/<int:pk>/moves/": (401, 415, 415),
    "api/v1/feeds/<int:pk>/keys/": (401, 404, 404),
    "api/v1/feeds/<int:pk>/push/": (401, 401, 401),
    "api/v1/feed-values/<int:pk>/decision/": (401, 415, 415),
    "api/v1/feed-keys/<int:pk>/end/": (401, 404, 404),
    "engagements/<slug:slug>/risks/new/": MEMBERS_SEND,
    "risks/<int:pk>/edit/": MEMBERS_SEND,
    "risks/<int:pk>/close/": MEMBERS_SEND,
    "risks/<int:pk>/archive/": MEMBERS_SEND,
    "api/v1/indicators/": (401, 415, 415),
    "api/v1/indicators/<int:pk>/values/": (401, 415, 415),
    "api/v1/indicators/<int:pk>/archive/": (401, 415, 415),
    "api/v1/indicators/<int:pk>/moves/": (401, 415, 415),
    "api/v1/values/<int:pk>/archive/": (401, 415, 415),
    "api/v1/risks/": (401, 415, 415),
    "api/v1/risks/<int:pk>/archive/": (401, 415, 415),
    "plans/new/": (401, 403, 403),
    "plans/<int:pk>/edit/area/": MEMBERS_SEND,
    "plans/<int:pk>/edit/links/": MEMBERS_SEND,
    "plans/<int:pk>/edit/<slug:section>/": MEMBERS_SEND,
    "plans/<int:pk>/interventions/new/": MEMBERS_SEND,
    "plans/<int:pk>/review/": MEMBERS_SEND,
    "plans/<int:pk>/move/": MEMBERS_SEND,
    "plans/<int:pk>/close/": MEMBERS_SEND,
    "plans/<int:pk>/public/": MEMBERS_SEND,
    "plans/<int:pk>/archive/": MEMBERS_SEND,
    "interventions/<int:pk>/edit/": MEMBERS_SEND,
    "interventions/<int:pk>/archive/": MEMBERS_SEND,
    "interventions/<int:pk>/order/": MEMBERS_SEND,
    "interventions/<int:pk>/evidence/": MEMBERS_SEND,
    "api/v1/plans/": (401, 415, 415),
    "api/v1/plans/<int:pk>/tracts/": (401, 415, 415),
    "api/v1/plans/<int:pk>/interventions/": (401, 415, 415),
    "api/v1/plans/<int:pk>/links/": (401, 415, 415),
    "api/v1/plans/<int:pk>/status/": (401, 415, 415),
    "api/v1/plans/<int:pk>/public/": (401, 415, 415),
    "areas/new/": (422, 422, 422),
    "areas/uploads/": (422, 422, 422),
    "areas/uploads/<slug:slug>/": NOWHERE,
    "areas/<slug:slug>/edit/": (302, 404, 404),
    "areas/<slug:slug>/archive/": (302, 404, 404),
    "api/v1/areas/": (415, 415, 415),  # takes JSON only
    "accounts/2fa/": (302, 405, 405),
    "accounts/2fa/webauthn/": (302, 405, 405),
    "accounts/2fa/recovery-codes/": (302, 405, 405),
    "accounts/2fa/recovery-codes/download/": (302, 404, 404),
    "accounts/2fa/authenticate/": (302, 302, 302),
    "accounts/2fa/reauthenticate/": (302, 302, 302),
    "accounts/2fa/totp/activate/": (302, 302, 302),
    "accounts/2fa/totp/deactivate/": (302, 404, 404),
    "accounts/2fa/recovery-codes/generate/": (302, 302, 302),
    "accounts/2fa/webauthn/add/": (302, 302, 302),
    "accounts/2fa/webauthn/login/": (302, 302, 302),
    "accounts/2fa/webauthn/reauthenticate/": (302, 302, 302),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": (302, 302, 302),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": (302, 302, 302),
    "engagements/<slug:slug>/people/invite/": (401, 404, 404),
    "initiatives/<slug:slug>/people/invite/": (401, 404, 404),
    "invitations/<int:pk>/withdraw/": (401, 404, 404),
    "invitations/<str:secret>/": NOWHERE,
    "roles/<int:pk>/end/": (401, 404, 404),
    "me/webhooks/": (401, 422, 422),
    "webhooks/<int:pk>/test/": MEMBERS_SEND,
    "webhooks/<int:pk>/pause/": MEMBERS_SEND,
    "webhooks/<int:pk>/resume/": MEMBERS_SEND,
    "webhooks/<int:pk>/end/": MEMBERS_SEND,
    "inbound-mail/": NOWHERE,  # where no mail service is set up
    "inbound-mail/events/": NOWHERE,
    "notifications/read/": (401, 302, 302),
    "notifications/mail-again/": (401, 302, 302),
    "notifications/choices/": (401, 422, 422),
    "notifications/<int:pk>/mark/": MEMBERS_SEND,
    "me/": (401, 422, 422),
    "me/tokens/": (401, 422, 422),
    "operations/people/<int:pk>/": (302, 404, 404),
    "me/data/file/": (401, 200, 200),
    "me/data/erasure/": (401, 302, 302),
    "me/data/erasure/withdraw/": (401, 302, 302),
    "me/sessions/end/": (401, 302, 302),
    "access-reviews/<int:pk>/": (401, 404, 404),
    "me/sessions/<int:pk>/end/": (401, 404, 404),
    "me/tokens/<int:pk>/end/": (401, 404, 404),
    "data/units/": (302, 404, 422),
    "data/bring-in/": (302, 404, 422),
    "data/releases/<int:pk>/activate/": (302, 404, 302),
    "data/releases/<int:pk>/discard/": (302, 404, 302),
    "data/releases/<int:pk>/roll-back/": (302, 404, 302),
    "portfolio/views/save/": MEMBERS_SEND,
    "portfolio/views/<int:pk>/remove/": MEMBERS_SEND,
    "portfolio/<slug:slug>/shares/": MEMBERS_SEND,
    "portfolio/<slug:slug>/money/new/": MEMBERS_SEND,
    "portfolio/shares/<int:pk>/revoke/": MEMBERS_SEND,
    "reports/ask/": (401, 302, 302),
    "api/v1/reports/": (401, 415, 415),
    "log/": (401, 422, 422),
    "todo/": (401, 302, 302),  # the form of no card: back to the page, which says so
    "milestones/": (401, 302, 302),
    "engagements/<slug:slug>/milestones/": MEMBERS_SEND,
    "milestones/change/": (401, 422, 422),
    "work/move/": (401, 422, 422),
    "work/views/": (401, 302, 302),
    "work/views/<int:pk>/remove/": MEMBERS_SEND,
    "me/away/": (401, 422, 422),
    "me/away/<int:pk>/end/": MEMBERS_SEND,
    "me/first-steps/dismiss/": (401, 302, 302),
    "work/undo/": (401, 302, 302),
    "engagements/<slug:slug>/milestones/add/": MEMBERS_SEND,
    "engagements/<slug:slug>/milestones/template/": MEMBERS_SEND,
    "milestones/<int:pk>/edit/": MEMBERS_SEND,
    "milestones/<int:pk>/review/": MEMBERS_SEND,
    "milestones/<int:pk>/archive/": MEMBERS_SEND,
    "milestones/<int:pk>/restore/": MEMBERS_SEND,
    "milestones/<int:pk>/dependency/": MEMBERS_SEND,
    "documents/<int:pk>/archive/": MEMBERS_SEND,
    "engagements/<slug:slug>/documents/new/": MEMBERS_SEND,
    "engagements/<slug:slug>/public-records/mark/": MEMBERS_SEND,
    "engagements/<slug:slug>/public-records/export/": MEMBERS_SEND,
    "engagements/<slug:slug>/record/": MEMBERS_SEND,
    "engagements/<slug:slug>/comments/new/": MEMBERS_SEND,
    "comments/<int:pk>/edit/": MEMBERS_SEND,
    "comments/<int:pk>/archive/": MEMBERS_SEND,
    "comments/<int:pk>/settle/": MEMBERS_SEND,
    "engagements/<slug:slug>/status/": MEMBERS_SEND,
    "engagements/<slug:slug>/edit/": MEMBERS_SEND,
    "engagements/<slug:slug>/records/new/": MEMBERS_SEND,
    "records/<int:pk>/edit/": MEMBERS_SEND,
    "hours/<int:pk>/archive/": MEMBERS_SEND,
    "records/<int:pk>/archive/": MEMBERS_SEND,
    "engagements/<slug:slug>/updates/new/": MEMBERS_SEND,
    "updates/<int:pk>/edit/": MEMBERS_SEND,
    "updates/<int:pk>/review/": MEMBERS_SEND,
    "updates/<int:pk>/move/": MEMBERS_SEND,
    "updates/<int:pk>/archive/": MEMBERS_SEND,
    "requests/new/": (401, 403, 403),  # who works in no engagement
    "requests/problem/": MEMBERS_SEND,  # without a page that shows the number
    "requests/<int:pk>/": MEMBERS_SEND,
    "requests/<int:pk>/assign/": MEMBERS_SEND,
    "requests/<int:pk>/close/": MEMBERS_SEND,
    "requests/<int:pk>/reopen/": MEMBERS_SEND,
    "cities/<slug:slug>/notes/new/": MEMBERS_SEND,
    "notes/<int:pk>/edit/": MEMBERS_SEND,
    "notes/<int:pk>/archive/": MEMBERS_SEND,
    "unsubscribe/<str:token>/": NOWHERE,
    "engagements/<slug:slug>/money/new/": MEMBERS_SEND,
    "engagements/<slug:slug>/money/budget/new/": MEMBERS_SEND,
    "engagements/<slug:engagement>/money/import/": MEMBERS_SEND,
    "engagements/<slug:engagement>/money/import/columns/": MEMBERS_SEND,
    "engagements/<slug:engagement>/money/import/keep/": MEMBERS_SEND,
    "engagements/<slug:engagement>/money/import/reasons/": MEMBERS_SEND,
    "money/<int:pk>/reverse/": MEMBERS_SEND,
    "money/<int:pk>/place/": MEMBERS_SEND,
    "budget/<int:pk>/edit/": MEMBERS_SEND,
    "budget/<int:pk>/archive/": MEMBERS_SEND,
    "mappings/<int:pk>/archive/": MEMBERS_SEND,
    "api/v1/ledger/entries/": (401, 415, 415),  # a form is not JSON
    "api/v1/ledger/entries/<int:pk>/reverse/": (401, 415, 415),
    "api/v1/ledger/entries/<int:pk>/tracts/": (401, 415, 415),
}
PUBLIC = [route for route, (stranger, *_) in GET.items() if stranger in (200, 404)]
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    """A stranger, somebody signed in, an operator: a client each."""
    found = [client]
    for email, is_staff in (("reader@example.org", False), ("ann@example.org", True)):
        user = get_user_model().objects.create_user(email, "quiet-Harbour-42", is_staff=is_staff)
        found.append(Client())
        found[-1].force_login(user)
    return found


def stage(tmp_path) -> int:
    """The small portal with one release that waits for a decision."""
    portal.build(tmp_path)
    changed = files.shown_tract(tmp_path / "new.csv", dict.fromkeys(("26163500100", "26163500200"), "21000"))
    return run(changed, mode=Mode.STAGE).release_id


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


NOBODYS = str(10**6)  # a number that no row has


def address(route: str, slug: str = "springfield", release: int = 10**6) -> str:
    """`release` only where an address asks for one: its number may also be that of a person made for the same test."""
    filled = (
        route.replace("<slug:slug>", slug)
        .replace("<slug:panel_slug>", "where")
        .replace("<tract:geoid>", portal.CITY_TRACTS[0])
        .replace("<table_file:extension>", "parquet")
        .replace("<table_file:kind>", "parquet")
        .replace("<int:pk>", str(release) if route.startswith("data/releases/") else NOBODYS)
        .replace("<slug:key>", "none")
        .replace("<slug:what>", "risks")
        .replace("<slug:kind>-empty", "rows-empty")
        .replace("<str:secret>", "guessed")
    )
    filled = filled.replace("<slug:engagement>", "nowhere").replace("<str:secret>", "unknown")
    filled = filled.replace("<slug:dataset>", "shown_tract_kfr_rP_gP_p25")
    filled = filled.replace("^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-set/")
    filled = filled.replace("^data/download/", "data/download/").replace(
        "(?P<name>[a-z0-9-]+\\.[a-z.]+)$", "estimates.csv"
    )
    filled = filled.replace("(?P<version>[0-9a-f]{12})", "0123456789ab")
    filled = filled.replace("<str:token>", "nobody").replace("<slug:section>", "need")
    for name in ("intervention", "engagement", "number", "link", "dataset", "agreement"):
        filled = filled.replace(f"<int:{name}>", "1")
    return "/" + filled.replace("<uuid:pk>", "12345678-1234-5678-1234-567812345678")


def test_the_table_names_every_address():
    assert set(routes(get_resolver().url_patterns)) == set(GET)


def test_each_answers_everybody_as_the_table_says(tmp_path, people):
    release = stage(tmp_path)
    wrong = {}
    for route, expected in GET.items():
        forget_counts()  # so many addresses of the API in a minute are too many for a stranger
        found = tuple(person.get(address(route, release=release)).status_code for person in people)
        if found != expected:
            wrong[route] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize("who", [0, 1, 2])
def test_a_post_does_for_each_what_the_table_says(tmp_path, people, who):
    release = stage(tmp_path)
    for route in GET:
        forget_counts()  # so many addresses of the API in a minute are too many for a stranger
        people[2].force_login(get_user_model().objects.get(email="ann@example.org"))  # signing out is one of them
        response = people[who].post(address(route, release=release))
        status = response.status_code
        if response.streaming:
            b"".join(response.streaming_content)  # to its end, which closes its file
        if route in POST:
            assert status == POST[route][who], route
        else:
            assert status in (401, 403, 404, 405), route
        if who == 1:
            people[1].force_login(get_user_model().objects.get(email="reader@example.org"))
        release = release if who < 2 else _still_staged(release, tmp_path)


def _still_staged(release: int, tmp_path) -> int:
    if Release.objects.filter(pk=release, status="staged").exists():
        return release
    values = dict.fromkeys(("26163500100", "26163500200"), str(22000 + release))
    return run(files.shown_tract(tmp_path / "again.csv", values), mode=Mode.STAGE).release_id


def test_operators_forms_refuse_what_another_site_sends(tmp_path):
    release = stage(tmp_path)
    operator = Client(enforce_csrf_checks=True)
    operator.force_login(get_user_model().objects.create_user("bo@example.org", "quiet-Harbour-42", is_staff=True))
    for route in POST:
        if route.startswith("data/"):
            assert operator.post(address(route, release=release), {"upload": "x"}).status_code == 403, route
    assert Release.objects.get(pk=release).status == "staged"


def test_strangers_and_readers_learn_no_name_from_the_history(tmp_path, people):
    release = stage(tmp_path)
    operations.discard(release_id=release, by=get_user_model().objects.get(email="ann@example.org").pk, reason="Trial")
    url = address("data/sources/<slug:dataset>/")
    shown = ["ann@example.org" in p.get(url).content.decode().split("<main")[1] for p in people]
    assert shown == [False, False, True]


def test_unknown_cities_are_404_everywhere(client):
    for route in GET:
        if "<slug:slug>" in route:
            # a stranger is asked to sign in first; a button's address says that it takes no reading
            expected = GET[route][0] if GET[route][0] in (302, 401, 405) else 404
            assert client.get(address(route, "nowhere")).status_code == expected, route


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_is_written_by_other_methods(tmp_path, people, method):
    portal.build(tmp_path)
    for route in GET:
        forget_counts()  # so many addresses of the API in a minute are too many for a stranger
        if not route.startswith("accounts/"):
            for person in people:
                assert getattr(person, method)(address(route)).status_code in (302, 400, 401, 403, 404, 405, 415), route


def test_every_page_carries_the_strict_policy(tmp_path, client):
    portal.build(tmp_path)
    for route in ("", "data/", "api/docs/", "cities/<slug:slug>/"):
        policy = client.get(address(route))["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy and "http" not in policy, route


def test_pages_and_data_page_tell_no_path_of_the_machine(tmp_path, client):
    portal.build(tmp_path)
    for route in PUBLIC:
        assert str(tmp_path).encode() not in client.get(address(route)).content, route
