"""Writing the ledger, its imports, and its API."""

from django.urls import path

from engagements.money import api
from engagements.money.views import entries, imports

_MONEY = "engagements/<slug:slug>/money"
_IMPORT = "engagements/<slug:engagement>/money/import"

urlpatterns = [
    path(f"{_MONEY}/new/", entries.new, name="money_new"),
    path("portfolio/<slug:slug>/money/new/", entries.new_of_initiative, name="portfolio_money_new"),
    path(f"{_MONEY}/budget/new/", entries.budget_new, name="budget_new"),
    path(f"{_IMPORT}/", imports.upload, name="money_import"),
    path(f"{_IMPORT}/columns/", imports.choose_columns, name="money_import_columns"),
    path(f"{_IMPORT}/keep/", imports.confirm, name="money_import_keep"),
    path(f"{_IMPORT}/reasons/", imports.reasons, name="money_import_reasons"),
    path("money/<int:pk>/reverse/", entries.reversal, name="money_reverse"),
    path("money/<int:pk>/place/", entries.place, name="money_place"),
    path("budget/<int:pk>/edit/", entries.budget_edit, name="budget_edit"),
    path("budget/<int:pk>/archive/", entries.budget_archive, name="budget_archive"),
    path("api/v1/ledger/entries/", api.EntryList.as_view(), name="api-ledger-entries"),
    path("api/v1/ledger/entries/<int:pk>/", api.EntryDetail.as_view(), name="api-ledger-entry"),
    path("api/v1/ledger/entries/<int:pk>/reverse/", api.EntryReversal.as_view(), name="api-ledger-reverse"),
    path("api/v1/ledger/entries/<int:pk>/tracts/", api.EntryTracts.as_view(), name="api-ledger-tracts"),
    path("api/v1/ledger/sums/", api.SumList.as_view(), name="api-ledger-sums"),
]
