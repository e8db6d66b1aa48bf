"""SECRET_KEY is gone: who can't get in any more is found, and gets in again."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from tests.factories.engagements import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_second_factors_of_the_old_key_go_and_their_owner_signs_in(settings, capsys):
    ann, bo, cy = UserFactory(email="ann@example.org"), UserFactory(email="bo@example.org"), UserFactory()
    ann.set_password(PASSWORD)
    ann.save()
    kinds = Authenticator.Type
    Authenticator.objects.create(user=ann, type=kinds.TOTP, data={"secret": get_adapter().encrypt("A" * 32)})
    Authenticator.objects.create(user=ann, type=kinds.RECOVERY_CODES, data={"seed": get_adapter().encrypt("b" * 40)})
    passkey = Authenticator.objects.create(user=cy, type=kinds.WEBAUTHN, data={"credential": {}})
    settings.SECRET_KEY = "another key, because the first was lost with its disk"
    fresh = Authenticator.objects.create(user=bo, type=kinds.TOTP, data={"secret": get_adapter().encrypt("C" * 32)})

    call_command("lost_secret_key")
    said = capsys.readouterr().out
    assert "ann@example.org" in said and "bo@example.org" not in said and Authenticator.objects.count() == 4
    call_command("lost_secret_key", commit=True)
    assert set(Authenticator.objects.values_list("pk", flat=True)) == {passkey.pk, fresh.pk}
    client = Client()
    client.post("/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(ann.pk)
    call_command("lost_secret_key", commit=True)
    assert Authenticator.objects.count() == 2
