"""A stored name or address that is a whole value, in columns and in JSON, is replaced wherever it stands."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

_APPS = ("engagements", "atlas", "account")
_CHAINED = frozenset({"SecurityEvent", "SecurityEventSource", "SecurityLink"})  # no names in them, and hashed


def replace_in_json(values: dict[str, str]) -> int:
    """Each string of any JSON that is one of `values` becomes what it says; how many rows. History included."""
    found = 0
    for model, field in _json_fields():
        wanted = Q()
        for value in values:
            wanted |= Q(said__icontains=_inside_json(value))
        rows = model._base_manager.annotate(said=Cast(field, TextField())).filter(wanted).values_list("pk", field)
        with without_protection(model):
            for pk, kept in list(rows):
                changed = _replaced(kept, values)
                if changed != kept:
                    model._base_manager.filter(pk=pk).update(**{field: changed})
                    found += 1
    return found


def without_protection(model: type[models.Model]) -> AbstractContextManager[None]:
    """Rows of append-only tables may be changed inside: their history is to forget, too."""
    names = [
        f"{model._meta.label}:{trigger.name}"
        for trigger in getattr(model._meta, "triggers", ())
        if isinstance(trigger, pgtrigger.Protect) and "UPDATE" in str(trigger.operation)
    ]
    return pgtrigger.ignore(*names) if names else nullcontext()


def history_of(model: type[models.Model]) -> type[models.Model]:
    return apps.get_model(f"{model._meta.label}Event")


def _json_fields() -> Iterator[tuple[type[models.Model], str]]:
    for app in _APPS:
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in _CHAINED or not model._meta.managed:
                continue
            for field in model._meta.concrete_fields:
                if isinstance(field, models.JSONField):
                    yield model, field.name


def _inside_json(text: str) -> str:
    """As Postgres writes it inside a JSON text, between the quotation marks."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _replaced(kept: Any, values: dict[str, str]) -> Any:
    if isinstance(kept, str):
        return values.get(kept, kept)
    if isinstance(kept, list):
        return [_replaced(each, values) for each in kept]
    if isinstance(kept, dict):
        return {name: _replaced(each, values) for name, each in kept.items()}
    return kept
