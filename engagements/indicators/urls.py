"""Indicators and their values: pages without charts, and the API."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from engagements.indicators.api import indicators as indicator_api
from engagements.indicators.api import values as value_api
from engagements.indicators.views import imports, indicators, review, values

_IMPORT = "engagements/<slug:slug>/indicators/import"
_DEFINITIONS = "engagements/<slug:slug>/indicators/definitions"

urlpatterns = [
    path("engagements/<slug:slug>/indicators/", indicators.index, name="indicators"),
    path("engagements/<slug:slug>/indicators/new/", indicators.new, name="indicator_new"),
    path("engagements/<slug:slug>/indicators/export.csv", imports.export, name="indicators_export"),
    path("engagements/<slug:slug>/indicators/export.<table_file:kind>", imports.export, name="indicators_file"),
    path("engagements/<slug:slug>/indicators/import/", imports.upload, name="indicators_import"),
    path(
        "engagements/<slug:slug>/indicators/import/columns/", imports.choose_columns, name="indicators_import_columns"
    ),
    path("engagements/<slug:slug>/indicators/import/keep/", imports.confirm, name="indicators_keep"),
    path("engagements/<slug:slug>/indicators/import/reasons/", imports.reasons, name="indicators_reasons"),
    path("engagements/<slug:slug>/indicators/import/template.csv", imports.template, name="indicators_template"),
    path(f"{_DEFINITIONS}/export.<table_file:kind>", imports.export_indicators, name="indicator_definitions_export"),
    path(f"{_DEFINITIONS}/import/", imports.upload_indicators, name="indicator_definitions_import"),
    path(f"{_DEFINITIONS}/import/columns/", imports.choose_indicator_columns, name="indicator_definitions_columns"),
    path(f"{_DEFINITIONS}/import/keep/", imports.confirm_indicators, name="indicator_definitions_keep"),
    path(f"{_DEFINITIONS}/import/reasons/", imports.indicator_reasons, name="indicator_definitions_reasons"),
    path("indicators/<int:pk>/edit/", indicators.edit, name="indicator_edit"),
    path("indicators/<int:pk>/archive/", indicators.archive, name="indicator_archive"),
    path("indicators/<int:pk>/enter/", values.enter, name="indicator_enter"),
    path("indicators/<int:pk>/move/", values.move, name="indicator_move"),
    path("indicators/<int:pk>/review/", review.review, name="indicator_review"),
    path("indicators/<int:pk>/reopen/", values.reopen, name="indicator_reopen"),
    path("values/<int:pk>/archive/", values.archive, name="value_archive"),
    path("api/v1/indicators/", indicator_api.IndicatorList.as_view(), name="api-indicators"),
    path("api/v1/indicators/<int:pk>/", indicator_api.IndicatorDetail.as_view(), name="api-indicator"),
    path("api/v1/indicators/<int:pk>/values/", indicator_api.ValueList.as_view(), name="api-values"),
    path("api/v1/indicators/<int:pk>/archive/", indicator_api.IndicatorArchive.as_view(), name="api-indicator-archive"),
    path("api/v1/indicators/<int:pk>/moves/", value_api.ValueMoves.as_view(), name="api-value-moves"),
    path("api/v1/values/<int:pk>/", value_api.ValueDetail.as_view(), name="api-value"),
    path("api/v1/values/<int:pk>/archive/", value_api.ValueArchive.as_view(), name="api-value-archive"),
]
