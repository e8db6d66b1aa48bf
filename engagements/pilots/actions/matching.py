"""The program's own file, answered with salted ids and arms."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.access.pilots import pilot_city_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.tables.table import Table
from engagements.models import PilotUnit, User
from engagements.permissions import READ_PILOT_UNITS
from engagements.pilots.actions.salting import salt_of, salted
from engagements.pilots.actions.unit_files import FileRefused
from engagements.pilots.rules.unit_lists import ID


def answer_file(*, pk: int, engagement: int, table: Table, by: User, now: datetime) -> list[tuple[str, ...]]:
    """The program's own rows, each with its salted id, arm and start: made from the file, and nothing of it kept.

    Header first. An id that is not in the list gets empty cells. Raises NotFound, FileRefused, ValidationError.
    """
    city = pilot_city_for(by, pk, engagement, READ_PILOT_UNITS)
    place = next((at for at, name in enumerate(table.header) if name.strip().casefold() == ID), None)
    if place is None:
        raise FileRefused([(0, _("The file has no column “id”."))])
    key = salt_of(city.pilot, now=now)
    given: Mapping[str, tuple[str, str]] = {
        salted_id: (arm or "", starts or "")
        for salted_id, arm, starts in PilotUnit.objects.filter(
            unit_list__pilot=city.pilot, city_id=engagement
        ).values_list("salted_id", "assignment__arm", "assignment__starts_in")
    }
    answer: list[tuple[str, ...]] = [(*(table.titles or table.header), "salted_id", "arm", "starts_in")]
    for one in table.rows:
        name = salted(key, one.cells[place])
        arm, starts = given.get(name, ("", ""))
        answer.append((*one.cells, name if name in given else "", arm, starts))
    with audited_transaction(by):
        add_activity(by=by, now=now, verb="matched the units of", thing=city.pilot, engagement_id=engagement)
    return answer
