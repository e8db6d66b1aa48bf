"""The background worker's application: `celery -A mobility_portal`."""

import os
import sys

from celery import Celery

from mobility_portal.embedded import bootstrap
from mobility_portal.heartbeat import WorkerHeartbeat
from mobility_portal.observing import task_log  # noqa: F401 - its functions listen to Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
if "worker" in sys.argv[1:]:
    os.environ.setdefault("PORTAL_PROCESS", "worker")  # time limits of the database
bootstrap()

app = Celery("mobility_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerHeartbeat)
