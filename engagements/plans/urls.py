"""The API on plans."""

from django.urls import path

from engagements.plans.api import plans

_ONE = "api/v1/plans/<int:pk>/"

urlpatterns = [
    path("api/v1/plans/", plans.PlanList.as_view(), name="api-plans"),
    path(_ONE, plans.PlanDetail.as_view(), name="api-plan"),
    path(f"{_ONE}figures/", plans.PlanFigureSet.as_view(), name="api-plan-figures"),
    path(f"{_ONE}tracts/", plans.PlanTractSet.as_view(), name="api-plan-tracts"),
    path(f"{_ONE}interventions/", plans.InterventionList.as_view(), name="api-plan-interventions"),
    path(f"{_ONE}interventions/<int:intervention>/", plans.InterventionDetail.as_view(), name="api-plan-intervention"),
    path(f"{_ONE}links/", plans.PlanLinking.as_view(), name="api-plan-links"),
    path(f"{_ONE}status/", plans.PlanMove.as_view(), name="api-plan-status"),
    path(f"{_ONE}public/", plans.PlanPublicity.as_view(), name="api-plan-public"),
]
