"""What Celery beat sends, and how often in seconds. Ticks expire: they must not pile up while no worker runs."""

from typing import Any


def _every(seconds: float, task: str, *, expires: int) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": expires}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "recover-ingest-jobs": _every(10, "atlas.tasks.recover_jobs", expires=10),
    "draw-maps": _every(15, "atlas.tasks.draw_maps", expires=15),
    "work-out-rank-sets": _every(15, "atlas.tasks.work_out_rank_sets", expires=15),
    "warm-pages": _every(10, "mobility_portal.tasks.warm_pages", expires=10),
    "forget-public-changes": _every(900, "mobility_portal.tasks.forget_public_changes", expires=600),
    "make-due-backup": _every(900, "mobility_portal.tasks.make_due_backup", expires=600),
    "recover-reports": _every(10, "dashboards.tasks.recover_reports", expires=10),
    "delete-orphan-files": _every(21_600, "engagements.tasks.delete_orphan_files", expires=3600),
    "recover-table-imports": _every(15, "engagements.tasks.recover_table_imports", expires=15),
    "recover-pilot-analyses": _every(15, "engagements.tasks.recover_pilot_analyses", expires=15),
    "send-mail-at-once": _every(30, "engagements.tasks.send_mail_at_once", expires=30),
    "read-documents": _every(15, "engagements.tasks.read_documents", expires=15),
    "learn-words": _every(60, "engagements.tasks.learn_words", expires=60),
    "make-public-record-exports": _every(10, "engagements.tasks.make_public_record_exports", expires=10),
    "make-previews": _every(10, "engagements.tasks.make_previews", expires=10),
    "send-webhooks": _every(30, "engagements.tasks.send_webhooks", expires=30),
    "send-collected-notifications": _every(900, "engagements.tasks.send_collected_notifications", expires=600),
    "link-security-events": _every(30, "engagements.tasks.link_security_events", expires=30),
    "anchor-security-log": _every(600, "engagements.tasks.anchor_security_log", expires=300),
    "review-access": _every(900, "engagements.tasks.review_access", expires=600),
    "forget-ended-sessions": _every(3600, "engagements.tasks.forget_ended_sessions", expires=600),
    "delete-old-mails": _every(21_600, "mobility_portal.tasks.delete_old_mails", expires=3600),
    "let-go-of-old-data": _every(21_600, "engagements.tasks.let_go_of_old_data", expires=3600),
    "delete-pilot-data": _every(21_600, "engagements.tasks.delete_pilot_data", expires=3600),
    "send-digests": _every(900, "engagements.tasks.send_digests", expires=600),
    "check-feeds": _every(30, "engagements.tasks.check_feeds", expires=30),
    "make-next-milestones": _every(900, "engagements.tasks.make_next_milestones", expires=600),
    "send-portfolio-digests": _every(900, "engagements.tasks.send_portfolio_digests", expires=600),
    "send-update-reminders": _every(900, "engagements.tasks.send_update_reminders", expires=600),
}
DEMO_SCHEDULE: dict[str, dict[str, Any]] = {
    "finish-demo": _every(30, "engagements.tasks.finish_demo", expires=30),
}
