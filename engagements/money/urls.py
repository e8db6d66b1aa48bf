"""Writing the ledger, its imports, and its API."""

from django.urls import path

from engagements.money import api as ledger
from engagements.money.views import entries as money
from engagements.money.views import imports as money_import

_MONEY = "engagements/<slug:slug>/money"
_IMPORT = "engagements/<slug:engagement>/money/import"

urlpatterns = [
    path(f"{_MONEY}/new/", money.new, name="money_new"),
    path("portfolio/<slug:slug>/money/new/", money.new_whole, name="portfolio_money_new"),
    path(f"{_MONEY}/budget/new/", money.budget_new, name="budget_new"),
    path(f"{_IMPORT}/", money_import.bring, name="money_import"),
    path(f"{_IMPORT}/columns/", money_import.read_as, name="money_import_columns"),
    path(f"{_IMPORT}/keep/", money_import.keep, name="money_import_keep"),
    path(f"{_IMPORT}/reasons/", money_import.reasons, name="money_import_reasons"),
    path("mappings/<int:pk>/archive/", money_import.forget, name="money_mapping_archive"),
    path("money/<int:pk>/reverse/", money.take_back, name="money_reverse"),
    path("money/<int:pk>/place/", money.place, name="money_place"),
    path("budget/<int:pk>/edit/", money.budget_edit, name="budget_edit"),
    path("budget/<int:pk>/archive/", money.budget_archive, name="budget_archive"),
    path("api/v1/ledger/entries/", ledger.EntryList.as_view(), name="api-ledger-entries"),
    path("api/v1/ledger/entries/<int:pk>/", ledger.EntryDetail.as_view(), name="api-ledger-entry"),
    path("api/v1/ledger/entries/<int:pk>/reverse/", ledger.EntryReversal.as_view(), name="api-ledger-reverse"),
    path("api/v1/ledger/entries/<int:pk>/tracts/", ledger.EntryTracts.as_view(), name="api-ledger-tracts"),
    path("api/v1/ledger/sums/", ledger.SumList.as_view(), name="api-ledger-sums"),
]
