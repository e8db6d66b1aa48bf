"""What an erasure would do, before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from engagements.models import Contact, EngagementRole, Feed, Initiative, Milestone, User
from engagements.permissions import Role
from engagements.privacy.queries.mentions import Mention, mentions_of
from engagements.privacy.rules.inventory import INVENTORY, Fate


@dataclass(frozen=True)
class Preview:
    """`goes` and `stays`: what, and how many rows. `only_lead_of`: initiatives that would be left without a lead."""

    goes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int], ...]
    open_roles: int
    owned: int
    contacts: int
    only_lead_of: tuple[str, ...]
    mentions: tuple[Mention, ...]


def preview_of(person: User) -> Preview:
    counts = {label: _count(label, held.path, person) for label, held in INVENTORY.items() if held.path}
    return Preview(
        goes=_of_fate(counts, Fate.DELETED),
        stays=_of_fate(counts, Fate.FORMER),
        open_roles=EngagementRole.objects.open().filter(user=person).count(),
        owned=Milestone.objects.filter(owner=person, archived_at=None).exclude(status="done").count()
        + Feed.objects.filter(owner=person, archived_at=None).count(),
        contacts=Contact.objects.filter(email__iexact=person.email).count(),
        only_lead_of=only_lead_of(person),
        mentions=mentions_of(person),
    )


def own_counts(person: User) -> tuple[tuple[str, str, int], ...]:
    """(what, how long it stays, rows) of what is the person's own. One statement each."""
    return tuple(
        (held.what, held.how_long, count)
        for label, held in INVENTORY.items()
        if held.is_own and held.path and (count := _count(label, held.path, person))
    )


def only_lead_of(person: User) -> tuple[str, ...]:
    """Initiatives, by name, that nobody else who may sign in leads."""
    leads = EngagementRole.objects.open().filter(role=Role.LEAD.value)
    others = leads.filter(~Q(user=person), user__is_active=True).values("initiative_id")
    led = leads.filter(user=person).values("initiative_id")
    return tuple(
        Initiative.objects.filter(pk__in=led, archived_at=None)
        .exclude(pk__in=others)
        .order_by("name")
        .values_list("name", flat=True)
    )


def _count(label: str, path: str, person: User) -> int:
    return apps.get_model(label)._base_manager.filter(**{path: person.pk}).count()


def _of_fate(counts: Mapping[str, int], fate: Fate) -> tuple[tuple[str, int], ...]:
    return tuple(
        (INVENTORY[label].what, count) for label, count in counts.items() if count and INVENTORY[label].fate is fate
    )
