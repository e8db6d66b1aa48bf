"""The type of a request by somebody who signed in."""

from django.http import HttpRequest

from engagements.models import User


class SignedInRequest(HttpRequest):
    """What a view gets behind `signed_in` or Django's `login_required`; for type checkers, never made."""

    user: User
