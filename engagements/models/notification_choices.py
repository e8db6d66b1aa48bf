"""What somebody wants to hear about, where and when."""

import pghistory
from django.conf import settings
from django.db import models

from engagements.models.mail import Notification


@pghistory.track()
class NotificationChoice(models.Model):
    """One kind of notification for one person. Without a row `DEFAULT_WHEN` holds; the page has all of them anyway."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day"
        WEEKLY = "weekly", "Once a week"
        NEVER = "never", "Never"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=10, choices=Notification.Kind)
    email = models.CharField(max_length=7, choices=When, help_text="when an email tells of it")
    changed_at = models.DateTimeField(help_text="what happened before stays as it was told")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_choice_once"),
            models.CheckConstraint(
                name="notification_choice_kind_is_known", condition=models.Q(kind__in=Notification.Kind.values)
            ),
            models.CheckConstraint(
                name="notification_choice_when_is_known",
                condition=models.Q(email__in=["at_once", "daily", "weekly", "never"]),
            ),
        ]


# Changes come with the digest of one's work already: a mail for each would say everything twice.
DEFAULT_WHEN = {
    Notification.Kind.MENTION: NotificationChoice.When.AT_ONCE,
    Notification.Kind.ASSIGNMENT: NotificationChoice.When.AT_ONCE,
    Notification.Kind.CHANGE: NotificationChoice.When.NEVER,
}
