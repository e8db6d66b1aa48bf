"""What is deleted for good is told, so that restoring an older backup deletes it again.

Whoever deletes calls `record_erasure` in the same transaction. Where deleting takes more than the row, such as the
erasure of a person, its subject registers how with `erases`.
"""

from collections.abc import Callable

from django.apps import apps
from django.db import models, transaction
from django.dispatch import Signal

erased = Signal()  # sent with `model` ("engagements.User") and `object_id`, as text
_ERASERS: dict[str, Callable[[str], None]] = {}


def record_erasure(thing: models.Model) -> None:
    """Call it before or after `thing` is deleted, with its key still on it, in the same transaction."""
    assert thing.pk is not None, "ask before the row is gone from memory too"
    erased.send(sender=None, model=thing._meta.label, object_id=str(thing.pk))


def erases(label: str) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Marks how a thing of this model is erased when its key is known. It must not mind when nothing is there."""

    def register(erase: Callable[[str], None]) -> Callable[[str], None]:
        _ERASERS[label] = erase
        return erase

    return register


def erase_again(label: str, object_id: str) -> None:
    """As it was erased before; nothing happens where it is not there. Raises LookupError for an unknown model, and
    django.db.Error where the database refuses."""
    with transaction.atomic():
        if label in _ERASERS:
            _ERASERS[label](object_id)
        else:
            apps.get_model(label)._base_manager.filter(pk=object_id).delete()
