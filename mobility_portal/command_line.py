"""`manage.py` after the version check: servers first, then Django, and one sentence when something is in the way."""

import errno
import os
import sys

from mobility_portal.embedded import Refusal, bootstrap
from mobility_portal.embedded.environment import check_database

WITHOUT_SERVERS = {
    "",
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "check",
    "collectstatic",
    "analyze_pilot",
    "make_client",
    "make_starter",
    "backup_key",
    "verify_backup",  # starts a scratch server of its own
}
# What describes the portal that is left; `restore --into` makes another.
_OF_THIS_PLACE = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DOCUMENTS_DIR", "STATIC_ROOT")


def main(arguments: list[str]) -> int:
    """Run a management command; 2 when it was refused, with the reason on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
    try:
        _prepare(arguments)
        return _run(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("The disk is full; free some space or set MOBILITY_HOME to another disk.", file=sys.stderr)
        return 2


def _prepare(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 else ""
    if command in WITHOUT_SERVERS or "--help" in arguments:
        os.environ["PORTAL_OFFLINE"] = "1"
        return
    if command == "up":
        # Before any server starts: a start that cannot end well should not begin.
        from mobility_portal.supervisor.preflight import claim_home_and_port

        claim_home_and_port(arguments[2:])
    if command == "restore":
        _choose_home(arguments)
    given = bool(os.environ.get("DATABASE_URL"))
    bootstrap()
    if given:
        check_database()


def _choose_home(arguments: list[str]) -> None:
    """`restore --into HOME`: before any server starts, so that a broken portal need not start to be restored."""
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--into":
            os.environ["MOBILITY_HOME"] = value or (arguments[number + 1] if number + 1 < len(arguments) else "")
            for variable in _OF_THIS_PLACE:
                os.environ.pop(variable, None)


# `backup` saves a database as it is, also right before an upgrade; `restore` brings its tables.
MAKES_ITS_TABLES = frozenset({"up", "bench", "backup", "restore"})
NEEDS_TABLES_TOO = frozenset({"createsuperuser", "changepassword"})  # of Django's; those about tables are left alone


def _run(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        if _reads_tables(arguments):
            _prepare_database()
        execute_from_command_line(arguments)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != "53100":  # disk_full
            raise
        raise Refusal("The disk of the database is full; free some space and run the command again.") from error
    return 0


def _reads_tables(arguments: list[str]) -> bool:
    import django
    from django.conf import settings
    from django.core.management import get_commands

    command = arguments[1] if len(arguments) > 1 else ""
    if command in WITHOUT_SERVERS or command in MAKES_ITS_TABLES or "--help" in arguments:
        return False
    django.setup()
    return get_commands().get(command) in settings.OWN_APPS or command in NEEDS_TABLES_TOO


def _prepare_database() -> None:
    """As `up` does: a command may be the first thing ever run on a database."""
    from mobility_portal.database import migrate_and_seed, needs_migration

    if needs_migration():
        migrate_and_seed()
