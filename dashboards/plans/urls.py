"""Pages of plans."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.plans import area_views, edit_views, intervention_views, review, views

_ONE = "plans/<int:pk>/"
_INTERVENTION = "interventions/<int:pk>/"

urlpatterns = [
    path("engagements/<slug:slug>/plans/", views.index, name="plans"),
    path("cities/<slug:slug>/plans/", views.of_city, name="city_plans"),
    path("plans/new/", edit_views.new, name="plan_new"),
    path(_ONE, views.read, name="plan"),
    path(f"{_ONE}plan.csv", views.table, name="plan_csv"),
    path(f"{_ONE}plan.<table_file:extension>", views.table, name="plan_file"),
    path(f"{_ONE}tracts.csv", views.table, {"what": "tracts"}, name="plan_tracts_csv"),
    path(f"{_ONE}tracts.<table_file:extension>", views.table, {"what": "tracts"}, name="plan_tracts_file"),
    path(f"{_ONE}wages.csv", views.table, {"what": "wages"}, name="plan_wages_csv"),
    path(f"{_ONE}wages.<table_file:extension>", views.table, {"what": "wages"}, name="plan_wages_file"),
    path(f"{_ONE}versions/", views.versions, name="plan_versions"),
    path(f"{_ONE}history/", views.history, name="plan_history"),
    path(f"{_ONE}review/", review.review, name="plan_review"),
    path(f"{_ONE}compare-areas/", area_views.compare, name="plan_compare"),
    path(f"{_ONE}edit/", edit_views.edit, name="plan_edit"),
    path(f"{_ONE}edit/area/", area_views.choose, name="plan_area"),
    path(f"{_ONE}edit/links/", edit_views.links, name="plan_links"),
    path(f"{_ONE}edit/<slug:section>/", edit_views.section, name="plan_section"),
    path(f"{_ONE}interventions/choose/", intervention_views.choose, name="plan_library"),
    path(f"{_ONE}interventions/new/", intervention_views.new, name="intervention_new"),
    path(f"{_ONE}move/", edit_views.move, name="plan_move"),
    path(f"{_ONE}close/", edit_views.close, name="plan_close"),
    path(f"{_ONE}public/", edit_views.public, name="plan_public"),
    path(f"{_ONE}archive/", edit_views.archive, name="plan_archive"),
    path(f"{_INTERVENTION}edit/", intervention_views.edit, name="intervention_edit"),
    path(f"{_INTERVENTION}archive/", intervention_views.archive, name="intervention_archive"),
    path(f"{_INTERVENTION}order/", intervention_views.order, name="intervention_order"),
    path(f"{_INTERVENTION}evidence/", intervention_views.take, name="intervention_evidence"),
]
