"""Money of an engagement."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.money import views

urlpatterns = [
    path("engagements/<slug:slug>/money/", views.page, name="money"),
    path("engagements/<slug:slug>/money/live/", views.live, name="money_live"),
    path("engagements/<slug:slug>/money/entries/", views.entry_list, name="money_entries"),
    path("engagements/<slug:slug>/money/entries.csv", views.entries_table, name="money_entries_csv"),
    path(
        "engagements/<slug:slug>/money/entries.<table_file:extension>", views.entries_table, name="money_entries_file"
    ),
    path("engagements/<slug:slug>/money/sums.csv", views.sums_table, name="money_sums_csv"),
    path("engagements/<slug:slug>/money/sums.<table_file:extension>", views.sums_table, name="money_sums_file"),
    path("engagements/<slug:slug>/money/places/", views.place_list, name="money_places"),
    path("money/<int:pk>/", views.entry, name="money_entry"),
]
