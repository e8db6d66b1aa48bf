"""What every process does before Django reads its settings: know its secret key, database and broker."""

import os

from mobility_portal.embedded.home import find_home
from mobility_portal.embedded.refusal import Refusal

_VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
_shares: list = []  # the Services this process uses, at most one after another


def bootstrap(durable: bool = True) -> None:
    """Set SECRET_KEY, DATABASE_URL and REDIS_URL in the environment where they are missing.

    Missing servers are found through MOBILITY_HOME or started, and stop with their last user.
    Relative folders become absolute. Children inherit the addresses, so only the first process
    of a family looks. Raises `Refusal`.
    """
    for variable in ("MOBILITY_HOME", "ATLAS_DATA_DIR"):
        if os.environ.get(variable):
            # Children work in the project folder: a relative path means the caller's.
            os.environ[variable] = os.path.abspath(os.path.expanduser(os.environ[variable]))
    if os.environ.get("PORTAL_OFFLINE") == "1":
        return
    needs = frozenset(name for name, variable in _VARIABLES.items() if not os.environ.get(variable))
    home = find_home()
    if needs:
        # Imported late: a deployment with its own servers needs none of this.
        from mobility_portal.embedded.services import ensure

        services = ensure(home, needs, durable)
        _shares.append(services)
        os.environ.update(services.environment())
        os.environ["PORTAL_EMBEDDED"] = "1"
        if "postgres" in needs:
            os.environ["PORTAL_OWN_DATABASE"] = "1"  # nobody named one: demo accounts may live in it
    if not os.environ.get("SECRET_KEY"):
        home.prepare()
        os.environ["SECRET_KEY"] = home.secret("secret_key")
        os.environ["PORTAL_KEY_OF_HOME"] = "1"  # a restore may replace it; one of the environment it may not


def revive() -> str:
    """Start again a server that died under us, at its old port; returns a line to show, or ""."""
    from mobility_portal.embedded.services import ensure

    for services in _shares[-1:]:
        dead = services.find_dead()
        if not dead:
            return ""
        _shares.append(ensure(services.home, services.needs))
        services.release()  # after the new share: in between somebody must hold one
        if _shares[-1].environment() != services.environment():
            raise Refusal(f"{' and '.join(dead)} ended and the old port is taken: start the portal again.")
        return f"{' and '.join(dead)} ended and was started again; see {services.home.log}"
    return ""


def release() -> None:
    """Give up this process's share in the servers: they stop when nobody else has one."""
    while _shares:
        _shares.pop().release()


def check_database() -> None:
    """Refuse with one sentence when the database named by DATABASE_URL does not answer. Prints no password."""
    import psycopg2

    try:
        psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
    except (psycopg2.OperationalError, psycopg2.ProgrammingError) as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise Refusal(f"The database of DATABASE_URL does not answer: {reason}.") from error
