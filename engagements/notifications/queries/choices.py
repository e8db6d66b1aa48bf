"""What somebody chose to hear about, and whose mails are due because of it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.models import DEFAULT_WHEN, Notification, NotificationChoice, User

_When = NotificationChoice.When


def choices_of(user: User) -> dict[str, str]:
    """Kind: when an email tells of it; every kind is there. One statement."""
    chosen = dict(NotificationChoice.objects.filter(user_id=user.pk).values_list("kind", "email"))
    return {kind.value: chosen.get(kind.value, when.value) for kind, when in DEFAULT_WHEN.items()}


def waiting_for_mail(when: str) -> QuerySet[Notification]:
    """Unsent ones that are to be mailed so: of somebody's own choice since they made it, else by the default."""
    mine = NotificationChoice.objects.filter(user_id=OuterRef("user_id"), kind=OuterRef("kind"))
    since = mine.filter(email=when, changed_at__lte=OuterRef("created_at"))
    wanted = Q(Exists(since))
    by_default = [kind.value for kind, default in DEFAULT_WHEN.items() if default == when]
    if by_default:
        wanted |= Q(kind__in=by_default) & ~Q(Exists(mine))
    return Notification.objects.filter(wanted, sent_at=None).order_by("created_at", "pk")


def collected_people(when: str) -> QuerySet[User]:
    """Who has something that waits for their morning."""
    return User.objects.filter(
        is_active=True, pk__in=waiting_for_mail(when).order_by().values("user_id").distinct()
    ).order_by("pk")
