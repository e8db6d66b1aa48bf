"""Django's LOGGING and the web server's: everything goes to standard error, through one formatter."""

from typing import Any

FORMATS = {
    "line": "mobility_portal.observing.log_format.LineFormatter",
    "json": "mobility_portal.observing.log_format.JsonFormatter",
}
# Say nothing but trouble: what they tell of each request or task, our own line tells with its id.
_QUIET = {
    "django.request": "ERROR",
    "celery.worker.strategy": "WARNING",
    "celery.app.trace": "CRITICAL",
    "fontTools": "WARNING",  # tells of every table it leaves out
    # Warnings name the address that was asked for: the geocoder's holds what a visitor typed.
    "urllib3": "ERROR",
}


def log_settings(form: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`; `form` is "line" or "json". Raises KeyError for any other."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": FORMATS[form]}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "safe"},
            "error_notes": {"()": "mobility_portal.observing.error_notes.ErrorNotes", "level": "ERROR"},
        },
        "root": {"handlers": ["stderr", "error_notes"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            **{name: {"level": level} for name, level in _QUIET.items()},
        },
    }
