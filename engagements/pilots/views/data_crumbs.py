"""Where the pages of a pilot's data stand."""

from django.utils.translation import gettext as _

from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Pilot


def crumbs_of(pilot: Pilot) -> tuple[tuple[str, str], ...]:
    """The last is the page of data itself."""
    return (
        *breadcrumbs_of(pilot.engagement),
        (f"/pilots/{pilot.pk}/", pilot.title),
        (f"/pilots/{pilot.pk}/data/", _("Data")),
    )
