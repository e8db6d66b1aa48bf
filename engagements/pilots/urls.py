"""Pilots: registration, units and the draw, data, the analysis and the verdict."""

from django.urls import path

from engagements.pilots import api
from engagements.pilots.views import agreements, analysis, bundle, data, pages, steps, units, verdict, writing

urlpatterns = [
    path("engagements/<slug:slug>/pilots/", pages.index, name="pilots"),
    path("engagements/<slug:slug>/pilots/new/", writing.new, name="pilot_new"),
    path("pilots/<int:pk>/", verdict.read, name="pilot"),
    path("pilots/<int:pk>/estimates.csv", verdict.estimates, name="pilot_estimates"),
    path("pilots/<int:pk>/bundle.zip", bundle.download, name="pilot_bundle"),
    path("pilots/<int:pk>/analysis/", analysis.read, name="pilot_analysis"),
    path("pilots/<int:pk>/analysis/ask/", analysis.ask, name="pilot_analysis_ask"),
    path("pilots/<int:pk>/analysis/<int:number>/cancel/", analysis.cancel, name="pilot_analysis_cancel"),
    path("pilots/<int:pk>/result/write/", analysis.write, name="pilot_result_write"),
    path("pilots/<int:pk>/registration/", pages.registration, name="pilot_registration"),
    path("pilots/<int:pk>/registration/edit/", writing.edit, name="pilot_registration_edit"),
    path("pilots/<int:pk>/registration/power/", writing.power, name="pilot_power"),
    path("pilots/<int:pk>/registration/lock/", writing.lock, name="pilot_registration_lock"),
    path(
        "pilots/<int:pk>/registration/<int:number>/registration.json",
        pages.registration_json,
        name="pilot_registration_json",
    ),
    path("pilots/<int:pk>/registration/<int:number>/aea.csv", pages.registration_aea, name="pilot_registration_aea"),
    path("pilots/<int:pk>/units/", units.read, name="pilot_units"),
    path("pilots/<int:pk>/units/units.csv", units.download, name="pilot_units_csv"),
    path("pilots/<int:pk>/units/lock/", units.lock, name="pilot_units_lock"),
    path("pilots/<int:pk>/units/draw/", units.draw_arms, name="pilot_draw"),
    path("pilots/<int:pk>/units/verify/", units.verify, name="pilot_units_verify"),
    path("pilots/<int:pk>/units/<int:engagement>/", units.bring, name="pilot_units_bring"),
    path("pilots/<int:pk>/units/<int:engagement>/match/", units.match, name="pilot_units_match"),
    path("pilots/<int:pk>/data/", data.index, name="pilot_data"),
    path("pilots/<int:pk>/data/bring/", data.bring, name="pilot_data_bring"),
    path("pilots/<int:pk>/data/columns/", data.columns, name="pilot_data_columns"),
    path("pilots/<int:pk>/data/keep/", data.keep, name="pilot_data_keep"),
    path("pilots/<int:pk>/data/feeds/", data.from_feeds, name="pilot_data_feeds"),
    path("pilots/<int:pk>/data/<int:number>.csv", data.counts, name="pilot_data_counts"),
    path("pilots/<int:pk>/data/<slug:kind>-empty.csv", data.template, name="pilot_data_template"),
    path("pilots/<int:pk>/data/<int:dataset>/delete/", data.delete, name="pilot_data_delete"),
    path("pilots/<int:pk>/data/agreements/add/", agreements.add, name="pilot_agreement_add"),
    path("pilots/<int:pk>/data/agreements/<int:agreement>/end/", agreements.end, name="pilot_agreement_end"),
    path("pilots/<int:pk>/stop/", steps.stop, name="pilot_stop"),
    path("pilots/<int:pk>/start/", steps.start, name="pilot_start"),
    path("pilots/<int:pk>/cities/", steps.invite, name="pilot_cities"),
    path("pilots/<int:pk>/cities/<int:engagement>/accept/", steps.accept, name="pilot_city_accept"),
    path("pilots/<int:pk>/cities/<int:engagement>/leave/", steps.leave, name="pilot_city_leave"),
    path("pilots/<int:pk>/links/", steps.link, name="pilot_link"),
    path("pilots/<int:pk>/links/<int:link>/remove/", steps.unlink, name="pilot_unlink"),
    path("api/v1/pilots/", api.PilotList.as_view(), name="api-pilots"),
    path("api/v1/pilots/<int:pk>/", api.PilotDetail.as_view(), name="api-pilot"),
]
