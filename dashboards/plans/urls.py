"""Pages of plans."""

from django.urls import path

from dashboards.plans import area_views as areas
from dashboards.plans import edit_views as writing
from dashboards.plans import intervention_views as interventions
from dashboards.plans import review
from dashboards.plans import views as reading

_ONE = "plans/<int:pk>/"
_INTERVENTION = "interventions/<int:pk>/"

urlpatterns = [
    path("engagements/<slug:slug>/plans/", reading.index, name="plans"),
    path("cities/<slug:slug>/plans/", reading.of_city, name="city_plans"),
    path("plans/new/", writing.new, name="plan_new"),
    path(_ONE, reading.read, name="plan"),
    path(f"{_ONE}plan.csv", reading.csv, name="plan_csv"),
    path(f"{_ONE}tracts.csv", reading.csv, {"what": "tracts"}, name="plan_tracts_csv"),
    path(f"{_ONE}versions/", reading.versions, name="plan_versions"),
    path(f"{_ONE}history/", reading.history, name="plan_history"),
    path(f"{_ONE}review/", review.review, name="plan_review"),
    path(f"{_ONE}compare-areas/", areas.compare, name="plan_compare"),
    path(f"{_ONE}edit/", writing.edit, name="plan_edit"),
    path(f"{_ONE}edit/area/", areas.choose, name="plan_area"),
    path(f"{_ONE}edit/links/", writing.links, name="plan_links"),
    path(f"{_ONE}edit/<slug:section>/", writing.section, name="plan_section"),
    path(f"{_ONE}interventions/choose/", interventions.choose, name="plan_library"),
    path(f"{_ONE}interventions/new/", interventions.new, name="intervention_new"),
    path(f"{_ONE}move/", writing.move, name="plan_move"),
    path(f"{_ONE}close/", writing.close, name="plan_close"),
    path(f"{_ONE}public/", writing.public, name="plan_public"),
    path(f"{_ONE}archive/", writing.archive, name="plan_archive"),
    path(f"{_INTERVENTION}edit/", interventions.edit, name="intervention_edit"),
    path(f"{_INTERVENTION}archive/", interventions.archive, name="intervention_archive"),
    path(f"{_INTERVENTION}order/", interventions.order, name="intervention_order"),
    path(f"{_INTERVENTION}evidence/", interventions.take, name="intervention_evidence"),
]
