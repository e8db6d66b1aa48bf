"""What the web server's processes count. `/metrics` adds them up; what the database and the broker know is asked there.

The labels come from the code: patterns of addresses, classes of statuses, classes of errors.
"""

from prometheus_client import Counter, Gauge, Histogram

# Seconds. The goals of the portal are 0.3 and 0.6; a request is given up after 60.
_BUCKETS = (0.05, 0.1, 0.3, 0.6, 1.0, 3.0, 10.0)

REQUESTS = Histogram(
    "portal_request_seconds",
    "Seconds until an answer begins, by address and class of its status.",
    ["route", "status"],
    buckets=_BUCKETS,
)
IN_PROGRESS = Gauge("portal_requests_in_progress", "Requests being answered now.", multiprocess_mode="livesum")
ERRORS = Counter("portal_errors", "Errors written to the log, by where and of which class.", ["place", "kind"])


def observe_request(route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, f"{status // 100}xx").observe(seconds)
