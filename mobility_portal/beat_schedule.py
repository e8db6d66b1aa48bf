"""What Celery beat sends, and how often in seconds. Ticks expire: they must not pile up while no worker runs."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "recover-ingest-jobs": {"task": "atlas.tasks.recover_jobs", "schedule": 10.0, "options": {"expires": 10}},
    "draw-maps": {"task": "atlas.tasks.draw_maps", "schedule": 15.0, "options": {"expires": 15}},
    "work-out-rank-sets": {"task": "atlas.tasks.work_out_rank_sets", "schedule": 15.0, "options": {"expires": 15}},
    "warm-pages": {"task": "mobility_portal.tasks.warm_pages", "schedule": 10.0, "options": {"expires": 10}},
    "forget-public-changes": {
        "task": "mobility_portal.tasks.forget_public_changes",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "make-due-backup": {
        "task": "mobility_portal.tasks.make_due_backup",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "recover-reports": {"task": "dashboards.tasks.recover_reports", "schedule": 10.0, "options": {"expires": 10}},
    "delete-orphan-files": {
        "task": "engagements.tasks.delete_orphan_files",
        "schedule": 21_600.0,
        "options": {"expires": 3600},
    },
    "recover-table-imports": {
        "task": "engagements.tasks.recover_table_imports",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "send-mail-at-once": {"task": "engagements.tasks.send_mail_at_once", "schedule": 30.0, "options": {"expires": 30}},
    "read-documents": {"task": "engagements.tasks.read_documents", "schedule": 15.0, "options": {"expires": 15}},
    "learn-words": {"task": "engagements.tasks.learn_words", "schedule": 60.0, "options": {"expires": 60}},
    "make-public-record-exports": {
        "task": "engagements.tasks.make_public_record_exports",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "make-previews": {"task": "engagements.tasks.make_previews", "schedule": 10.0, "options": {"expires": 10}},
    "send-webhooks": {"task": "engagements.tasks.send_webhooks", "schedule": 30.0, "options": {"expires": 30}},
    "send-collected-notifications": {
        "task": "engagements.tasks.send_collected_notifications",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "link-security-events": {
        "task": "engagements.tasks.link_security_events",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "anchor-security-log": {
        "task": "engagements.tasks.anchor_security_log",
        "schedule": 600.0,
        "options": {"expires": 300},
    },
    "review-access": {
        "task": "engagements.tasks.review_access",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "forget-ended-sessions": {
        "task": "engagements.tasks.forget_ended_sessions",
        "schedule": 3600.0,
        "options": {"expires": 600},
    },
    "delete-old-mails": {
        "task": "mobility_portal.tasks.delete_old_mails",
        "schedule": 21_600.0,
        "options": {"expires": 3600},
    },
    "let-go-of-old-data": {
        "task": "engagements.tasks.let_go_of_old_data",
        "schedule": 21_600.0,
        "options": {"expires": 3600},
    },
    "send-digests": {"task": "engagements.tasks.send_digests", "schedule": 900.0, "options": {"expires": 600}},
    "check-feeds": {"task": "engagements.tasks.check_feeds", "schedule": 30.0, "options": {"expires": 30}},
    "make-next-milestones": {
        "task": "engagements.tasks.make_next_milestones",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "send-portfolio-digests": {
        "task": "engagements.tasks.send_portfolio_digests",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "send-update-reminders": {
        "task": "engagements.tasks.send_update_reminders",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
}
DEMO_SCHEDULE: dict[str, dict[str, Any]] = {
    "finish-demo": {"task": "engagements.tasks.finish_demo", "schedule": 30.0, "options": {"expires": 30}},
}
