"""Indicators and risks: pages without charts, and the API."""

from django.urls import path

from engagements.discussion.api import risks as risk_api
from engagements.discussion.views import risks
from engagements.indicators.api import indicators as api
from engagements.indicators.api import values as value_api
from engagements.indicators.views import imports as indicator_tables
from engagements.indicators.views import indicators
from engagements.indicators.views import values as indicator_values

urlpatterns = [
    path("engagements/<slug:slug>/indicators/", indicators.index, name="indicators"),
    path("engagements/<slug:slug>/indicators/new/", indicators.new, name="indicator_new"),
    path("engagements/<slug:slug>/indicators/export.csv", indicator_tables.export, name="indicators_export"),
    path("engagements/<slug:slug>/indicators/import/", indicator_tables.bring, name="indicators_import"),
    path("engagements/<slug:slug>/indicators/import/keep/", indicator_tables.keep, name="indicators_keep"),
    path("engagements/<slug:slug>/indicators/import/reasons/", indicator_tables.reasons, name="indicators_reasons"),
    path(
        "engagements/<slug:slug>/indicators/import/template.csv", indicator_tables.template, name="indicators_template"
    ),
    path("indicators/<int:pk>/edit/", indicators.edit, name="indicator_edit"),
    path("indicators/<int:pk>/archive/", indicators.archive, name="indicator_archive"),
    path("indicators/<int:pk>/enter/", indicator_values.enter, name="indicator_enter"),
    path("indicators/<int:pk>/move/", indicator_values.move, name="indicator_move"),
    path("indicators/<int:pk>/reopen/", indicator_values.reopen, name="indicator_reopen"),
    path("values/<int:pk>/archive/", indicator_values.archive, name="value_archive"),
    path("engagements/<slug:slug>/risks/", risks.index, name="risks"),
    path("engagements/<slug:slug>/risks/new/", risks.new, name="risk_new"),
    path("risks/<int:pk>/edit/", risks.edit, name="risk_edit"),
    path("risks/<int:pk>/close/", risks.close, name="risk_close"),
    path("risks/<int:pk>/archive/", risks.archive, name="risk_archive"),
    path("api/v1/indicators/", api.IndicatorList.as_view(), name="api-indicators"),
    path("api/v1/indicators/<int:pk>/", api.IndicatorDetail.as_view(), name="api-indicator"),
    path("api/v1/indicators/<int:pk>/values/", api.ValueList.as_view(), name="api-values"),
    path("api/v1/indicators/<int:pk>/archive/", api.IndicatorArchive.as_view(), name="api-indicator-archive"),
    path("api/v1/indicators/<int:pk>/moves/", value_api.ValueMoves.as_view(), name="api-value-moves"),
    path("api/v1/values/<int:pk>/", value_api.ValueDetail.as_view(), name="api-value"),
    path("api/v1/values/<int:pk>/archive/", value_api.ValueArchive.as_view(), name="api-value-archive"),
    path("api/v1/risks/", risk_api.RiskList.as_view(), name="api-risks"),
    path("api/v1/risks/<int:pk>/", risk_api.RiskDetail.as_view(), name="api-risk"),
    path("api/v1/risks/<int:pk>/archive/", risk_api.RiskArchive.as_view(), name="api-risk-archive"),
]
