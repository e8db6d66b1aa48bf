"""Passwords made of the words that everybody in the house thinks of first (ASVS 6.2.11)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from atlas.queries.cities import cities

PORTAL_WORDS = ("mobility", "portal", "opportunity", "atlas", "economic", "password", "welcome", "city")
FEWEST_OTHER = 5  # letters that must be left when these words are taken out


class HouseWordsValidator:
    """Refuses a password that is little more than words of the portal, names of its cities and PASSWORD_WORDS."""

    def validate(self, password: str, user: object = None) -> None:
        if len(other_letters(password, (*PORTAL_WORDS, *settings.PASSWORD_WORDS, *_city_words()))) < FEWEST_OTHER:
            raise ValidationError(self.get_help_text(), code="house_words")

    def get_help_text(self) -> str:
        return _("A password can't be made of the portal's name, a city's name and digits alone.")


def other_letters(password: str, words: tuple[str, ...]) -> str:
    """What is left of the letters without the words, the longest taken out first; all of them where no word is in it.

    >>> other_letters("Detroit-2026!", ("detroit",)), other_letters("detroit lamp harbor", ("detroit",))
    ('', 'lampharbor')
    >>> other_letters("x7!", ("detroit",))
    'x7!'
    """
    left = re.sub(r"[\W\d_]", "", password.casefold())
    before = left
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word.casefold(), "")
    return password if left == before else left


def _city_words() -> tuple[str, ...]:
    """Names without spaces and marks, as they are compared, and their single words of five letters and more."""
    found = set()
    for city in cities():
        found |= {part for part in re.findall(r"[^\W\d_]+", city.name) if len(part) >= FEWEST_OTHER}
        found.add(re.sub(r"[\W\d_]", "", city.name))
    return tuple(found)
