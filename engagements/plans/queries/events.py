"""The history of a model's rows, as the database's triggers keep it."""

from typing import Any

import pghistory.core
from django.db import models


def events_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """A row for each version of each row of a tracked `model`, with its columns beside those of pghistory.

    pghistory makes the class of these rows at run time: their columns are not known to a type checker.
    """
    (events,) = pghistory.core.event_models(tracks_model=model)
    return events._default_manager.all()
