"""A pilot before its verdict is published: where it stands and what is next, for its team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from engagements.access.pilots import pilot_of_team_for
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.pilots.queries.way import standings
from engagements.pilots.views.shown_way import shown_way


def show_team_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises NotFound for who is not of the team."""
    pilot = pilot_of_team_for(request.user, pk)
    context = {
        "pilot": pilot,
        "crumbs": breadcrumbs_of(pilot.engagement),
        "way": shown_way(pk, standings([pilot])[pk]),
    }
    return render(request, "engagements/pilots/team.html", context)
