"""What belongs to one person alone: their absences and the views of work they keep."""

from engagements.access.errors import first_or_not_found
from engagements.models import Absence, User, WorkView


def absence_for(user: User, pk: int) -> Absence:
    """One's own. Raises NotFound."""
    return first_or_not_found(Absence.objects.filter(user_id=user.pk, pk=pk))


def work_view_for(user: User, pk: int) -> WorkView:
    """One's own. Raises NotFound."""
    return first_or_not_found(WorkView.objects.filter(user_id=user.pk, pk=pk))
