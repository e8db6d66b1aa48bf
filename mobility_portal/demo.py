"""The password of the demo accounts, and how their operator learns it."""

from django.conf import settings

from engagements.demo.people import ACCOUNTS
from mobility_portal.embedded.home import Home


def demo_password() -> str:
    """DEMO_PASSWORD, else a random one that this home keeps."""
    if settings.DEMO_PASSWORD:
        return settings.DEMO_PASSWORD
    home = Home(settings.MOBILITY_HOME)
    home.prepare()  # seeding may be the first thing that is ever done in it
    return home.secret("demo_password")[:20]


def describe_demo_accounts() -> str:
    """For the terminal of whoever starts the portal; a password they chose themselves is not repeated."""
    password = "as set in DEMO_PASSWORD" if settings.DEMO_PASSWORD else demo_password()
    return f"Demo accounts (fictional people, this machine only): {', '.join(ACCOUNTS)}; password: {password}"
