"""How the web server runs, here and in a container: `gunicorn --config python:mobility_portal.gunicorn_settings`."""

import os

from django.db import connections

from mobility_portal.early_imports import import_early
from mobility_portal.front import limits, sizes
from mobility_portal.observing.log_settings import log_settings
from mobility_portal.observing.metrics_folder import VARIABLE, forget_process, new_folder_name, remove_folder

worker_class = "mobility_portal.front.worker.BufferingWorker"
workers = sizes.web_workers()
threads = sizes.web_threads()
worker_connections = limits.CONNECTIONS
timeout = 60  # seconds without a sign of the thread that watches the sockets
control_socket_disable = True
forwarder_headers = ""  # no header names a prefix or a path of its own: it would stand in every link
raw_env = [
    "PORTAL_PROCESS=web",  # before the settings are read: time limits of the database
    f"{VARIABLE}={new_folder_name()}",  # where each process keeps its counts; made by wsgi.py
]
logconfig_dict = log_settings(os.environ.get("LOG_FORMAT") or "line")
preload_app = True  # the addresses and their libraries are imported once, not by each worker


def pre_fork(server, worker):
    """A connection opened while importing must not be used by two processes."""
    connections.close_all()


def post_fork(server, worker):
    import_early()
    from mobility_portal.page_cache.version_watch import watch  # this module is read before there are settings

    watch.start()


def child_exit(server, worker):
    """What it had in progress is no longer; what it counted stays counted."""
    forget_process(worker.pid)


def on_exit(server):
    remove_folder()
