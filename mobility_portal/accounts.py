"""Who may have an account: those an operator of the machine made one for."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """allauth with sign-up closed, also for code that would reach it without our addresses."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
