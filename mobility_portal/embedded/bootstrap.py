"""What every process does before Django reads its settings: know its secret key, database and broker."""

import os

from mobility_portal.embedded.home import find_home
from mobility_portal.embedded.refusal import Refusal


def bootstrap(durable: bool = True) -> None:
    """Set SECRET_KEY, DATABASE_URL and REDIS_URL in the environment where they are missing.

    Missing servers are found through MOBILITY_HOME or started, and stop with their last user.
    Children inherit the addresses, so only the first process of a family looks. Raises `Refusal`.
    """
    if os.environ.get("PORTAL_OFFLINE") == "1":
        return
    needs = {
        name for name, variable in (("postgres", "DATABASE_URL"), ("valkey", "REDIS_URL")) if not os.environ.get(variable)
    }
    home = find_home()
    if needs:
        # Imported late: a deployment with its own servers needs none of this.
        from mobility_portal.embedded.services import ensure

        services = ensure(home, frozenset(needs), durable)
        os.environ["DATABASE_URL"] = services.database_url or os.environ["DATABASE_URL"]
        os.environ["REDIS_URL"] = services.redis_url or os.environ["REDIS_URL"]
        os.environ["PORTAL_EMBEDDED"] = "1"
    if not os.environ.get("SECRET_KEY"):
        home.prepare()
        os.environ["SECRET_KEY"] = home.secret("secret_key")


def check_database() -> None:
    """Refuse with one sentence when the database named by DATABASE_URL does not answer. Prints no password."""
    import psycopg2

    try:
        psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
    except (psycopg2.OperationalError, psycopg2.ProgrammingError) as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise Refusal(f"The database of DATABASE_URL does not answer: {reason}.") from error
