"""Where Celery looks for the tasks of this app."""

from dashboards.reports.tasks import make_report, recover_reports

__all__ = ["make_report", "recover_reports"]
