"""No password is made of the words that everybody in the house thinks of first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from mobility_portal.identity.house_words import other_letters
from tests.factories.engagements import CityFactory


@pytest.mark.parametrize(
    ("password", "left"),
    [
        ("Detroit-2026!", ""),
        ("mobilityPORTAL1", ""),
        ("detroit lamp harbor", "lampharbor"),
        ("quiet-Harbour-42", "quiet-Harbour-42"),
        ("a1!", "a1!"),
    ],
)
def test_what_is_left_without_the_words(password, left):
    assert other_letters(password, ("mobility", "portal", "detroit")) == left


@pytest.mark.django_db
def test_cities_the_portal_and_the_house_are_no_passwords(settings):
    CityFactory(name="Grand Rapids")
    settings.PASSWORD_WORDS = ("Cadillac",)
    for password in (
        "GrandRapids2026!",
        "rapids-rapids-7",
        "Mobility Portal 2026!",
        "cadillac1999!!",
        "Cadillac7Grand",
    ):
        with pytest.raises(ValidationError) as refused:
            validate_password(password)
        assert {error.code for error in refused.value.error_list} >= {"house_words"}, password
    for password in ("Grand Rapids lamps burn late", "quiet-Harbour-42", "7-Birches & 1 pond"):
        validate_password(password)
