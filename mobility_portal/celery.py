"""The background worker's application: `celery -A mobility_portal`."""

import os

from celery import Celery

from mobility_portal.embedded import bootstrap
from mobility_portal.heartbeat import WorkerHeartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
bootstrap()

app = Celery("mobility_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerHeartbeat)
