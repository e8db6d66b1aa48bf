from django.db import models
from django.db.models import Q


class SignInCounter(models.Model):
    """What was counted, or used up, until `expires_at`. `key`: a keyed hash, because it may be of somebody's address.

    The table is unlogged: a crash of Postgres empties it, and writing it waits for no disk.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="counter_key_is_a_hash")]

    def __str__(self) -> str:
        return self.key[:8]
