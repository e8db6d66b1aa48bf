"""People. The e-mail address is the name one signs in with."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from engagements import limits


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is no time zone. One is America/Chicago.")


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    class Digest(models.TextChoices):
        DAILY = "daily", "One mail a day"
        WEEKLY = "weekly", "One mail a week"
        NONE = "none", "No digest"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=limits.NAME, blank=True, default="")
    is_staff = models.BooleanField(default=False, help_text="may operate the portal: data jobs and administration")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=limits.JOB_TITLE, blank=True, default="")
    phone = models.CharField(max_length=limits.PHONE, blank=True, default="")
    organisation = models.ForeignKey(
        "engagements.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    time_zone = models.CharField(max_length=limits.TIME_ZONE, default="America/New_York", validators=[check_time_zone])
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.WEEKLY)
    portfolio_digest = models.BooleanField(default=True, help_text="a mail each quarter on portfolios they may read")
    is_fictional = models.BooleanField(default=False, help_text="a demo account")
    session_epoch = models.PositiveIntegerField(
        default=0, db_default=0, help_text="raised to end every session at once"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="email_once_whatever_its_case")]

    def __str__(self):
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session must hold: another password ends it, and so does another epoch."""
        return self._session_hash(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for found in super().get_session_auth_fallback_hash():
            yield self._session_hash(found)

    def _session_hash(self, of_password: str) -> str:
        """Unchanged at epoch 0: sessions from before there were epochs go on."""
        if not self.session_epoch:
            return of_password
        return salted_hmac("session epoch", f"{of_password} {self.session_epoch}", algorithm="sha256").hexdigest()

    @property
    def may_act(self) -> bool:
        """Demo accounts belong to the embedded database; moved to another one they open nothing, nor do their keys."""
        return self.is_active and (settings.DEMO_ACCOUNTS or not self.is_fictional)
