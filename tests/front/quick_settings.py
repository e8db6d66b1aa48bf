"""gunicorn's settings with which the front is tried: two threads, little patience.

Not for the tests' own process.
"""

from mobility_portal.front import limits

limits.HEAD_SECONDS = limits.BODY_SECONDS = 1.5
limits.STALL_SECONDS = 30.0
limits.WAITING_BODY = 3_000_000
limits.LARGEST_BODY = 8_000_000
limits.CONNECTIONS = 40
limits.HEAVY_WAITING = 4

worker_class = "mobility_portal.front.worker.BufferingWorker"
workers, threads = 1, 2
worker_connections = limits.CONNECTIONS
graceful_timeout = 5
control_socket_disable = True
