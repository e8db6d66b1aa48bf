from django.urls import path

from engagements.views import downloads

urlpatterns = [
    path("documents/<int:pk>/", downloads.document, name="document"),
]
