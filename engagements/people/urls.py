"""People, invitations and one's own page."""

from django.urls import path

from engagements.people import api
from engagements.people.views import away, invitations, me, people

urlpatterns = [
    path("engagements/<slug:slug>/people/", people.engagement_people, name="engagement_people"),
    path("engagements/<slug:slug>/people/invite/", people.invite_to_engagement, name="invite_to_engagement"),
    path("initiatives/<slug:slug>/people/", people.initiative_people, name="initiative_people"),
    path("initiatives/<slug:slug>/people/invite/", people.invite_to_initiative, name="invite_to_initiative"),
    path("invitations/<int:pk>/withdraw/", people.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("roles/<int:pk>/end/", people.role_end, name="role_end"),
    path("me/", me.me, name="me"),
    path("me/away/", away.away, name="away"),
    path("me/away/<int:pk>/end/", away.end, name="away_end"),
    path("me/tokens/", me.tokens, name="tokens"),
    path("me/tokens/<int:pk>/end/", me.end_token, name="end_token"),
]

# In the namespace "exchange": see engagements/urls.py.
exchange_patterns = [
    path("api/v1/absences/", api.AbsenceList.as_view(), name="api-absences"),
    path("api/v1/absences/<int:pk>/end/", api.AbsenceEnd.as_view(), name="api-absence-end"),
]
