"""Who wants to see no more of the first steps of a new account."""

from django.conf import settings
from django.db import models


class FirstStepsDismissal(models.Model):
    """Kept with the person, so that it holds on every device."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.user}, {self.at:%Y-%m-%d}"
