"""Where a name or an address stands in what people wrote: found for somebody to read, never changed by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast

from engagements.models import User
from engagements.privacy.rules.inventory import INVENTORY, Fate

MOST_IN_A_TABLE = 50
_APPS = ("engagements", "atlas")
_DERIVED = frozenset({"SearchEntry", "SearchWord", "SecurityEvent", "SecurityEventSource", "SecurityLink"})
# Tables whose rows are as long as a country has tracts, and name nobody.
_DATA = frozenset(
    {"Estimand", "Estimate", "Tract", "TractRelation", "CityTract", "MapFeature", "Boundary", "Observation"}
    | {"ZipTracts", "OccupationWage", "CensusPlace", "TractRankSet", "AreaTract", "LedgerPlacementTract", "PlanTract"}
)
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Mention:
    """`is_earlier`: it stands in the history of a row, as it was at some time. `model`: its label; `city`: of the
    engagement it belongs to, "" for none. Not the text itself: who operates a portal need not have a role there."""

    model: str
    table: str
    object_id: int
    field: str
    is_earlier: bool
    city: str


def mentions_of(person: User) -> tuple[Mention, ...]:
    """At most MOST_IN_A_TABLE of each table. One statement for each table with text, for a page opened rarely."""
    words = [word for word in (person.email, person.name.strip()) if len(word) >= _SHORTEST_NAME]
    if not words:
        return ()
    pattern = rf"(^|\W)({'|'.join(re.escape(word) for word in words)})(\W|$)"
    matcher = re.compile(pattern, re.IGNORECASE)
    return tuple(found for model in _models() for found in _in(model, pattern, matcher))


def _models() -> Iterator[type[models.Model]]:
    for app in _APPS:
        for model in apps.get_app_config(app).get_models():
            label = model._meta.label
            goes = label in INVENTORY and INVENTORY[label].fate is Fate.DELETED
            skipped = model.__name__ in _DERIVED | _DATA or label == "engagements.User" or goes
            if not skipped and model._meta.managed:
                yield model


def _in(model: type[models.Model], pattern: str, matcher: re.Pattern[str]) -> Iterator[Mention]:
    texts = [field.name for field in model._meta.concrete_fields if is_text(field)]
    if not texts:
        return
    wanted = Q()
    shown = {f"said_{name}": Cast(name, TextField()) for name in texts}
    for name in shown:
        wanted |= Q(**{f"{name}__iregex": pattern})
    is_earlier = hasattr(model, "pgh_obj")
    key = "pgh_obj_id" if is_earlier else "pk"
    has_place = any(field.name == "engagement" for field in model._meta.concrete_fields)
    city = F("engagement__city__name") if has_place else Value("")
    found = model._base_manager.annotate(**shown, city_name=city).filter(wanted).order_by("pk")
    rows = found.values_list(key, "city_name", *shown)
    tracked = apps.get_model(model._meta.label.removesuffix("Event")) if is_earlier else model
    for pk, place, *said in rows[:MOST_IN_A_TABLE]:
        for name, value in zip(texts, said, strict=True):
            if value and matcher.search(value):
                yield Mention(tracked._meta.label, str(tracked._meta.verbose_name), pk, name, is_earlier, place or "")


def is_text(field: models.Field) -> bool:
    """Of what somebody may have typed: texts without a list of choices, and JSON."""
    free = isinstance(field, models.CharField | models.TextField) and not field.choices
    return not field.primary_key and field.name not in _OURS and (free or isinstance(field, models.JSONField))


_OURS = frozenset({"sha256", "file", "media_type", "pgh_label", "slug", "packed", "address_hash", "body_sha256"})
