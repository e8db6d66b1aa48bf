"""`manage.py up`: the whole portal in one process tree."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from mobility_portal import static_files
from mobility_portal.database import migrate_and_seed
from mobility_portal.demo import describe_demo_accounts
from mobility_portal.embedded import environment
from mobility_portal.embedded.home import Home
from mobility_portal.supervisor import start_proof, supervise
from mobility_portal.supervisor.make_watch import MakeWatch


class Command(BaseCommand):
    help = "Start servers, migrate, seed, then run worker, scheduler and web until Ctrl-C."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--under-make", action="store_true", help="also stop when make, the parent, is told to")

    def handle(self, *args, under_make, **options):
        """Print `Ready: <address>` once pages answer; return when stopped."""
        supervise.stop_on_signals()
        start_proof.begin()
        home = Home(settings.MOBILITY_HOME)
        children = supervise.describe_children(settings.PORT, home.run, home.log)
        watch = MakeWatch() if under_make else None
        server_logs = supervise.ServerLogs(home.log)

        def check_more():
            if watch and watch.wants_stop():
                raise supervise.StopRequested
            for line in (environment.revive(), server_logs.look_after()):
                if line:
                    print(line, file=sys.stderr, flush=True)

        try:
            migrate_and_seed()
            collect_static_files(home)
            web, *others = children
            web.start()
            call_command("load_first_data")
            supervise.wait_until_ready(settings.PORT, web, check_more)
            for child in others:  # after the pages: all at once they keep one another waiting for a processor
                child.start()
            if settings.DEMO_ACCOUNTS:
                print(describe_demo_accounts(), flush=True)
            print(f"Ready: http://127.0.0.1:{settings.PORT}", flush=True)
            supervise.look_after(children, check_more)
        except supervise.StopRequested:
            print("Stopping.", file=sys.stderr, flush=True)
        finally:
            supervise.ignore_signals()
            connection.close()
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()
            environment.release()


def collect_static_files(home: Home) -> None:
    """Only when a source file changed: hashing and compressing take seconds."""
    if settings.STATIC_FROM_SOURCE:
        return
    stamp = home.run / "static-sources.json"
    sources = json.dumps([str(settings.STATIC_ROOT), static_files.describe_sources()])
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if collected.exists() and stamp.exists() and stamp.read_text() == sources:
        return
    call_command(
        collectstatic.Command(), interactive=False, clear=True, verbosity=0, ignore_patterns=static_files.IGNORED
    )
    stamp.write_text(sources)
