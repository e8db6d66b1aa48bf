"""The keeper of a home's servers: waits until no process uses them, stops them, ends.

Started by `services.ensure`. It exists for the users that cannot tidy up: killed ones.
"""

import fcntl
import os
import signal
import sys
from pathlib import Path

from mobility_portal.embedded.home import Home
from mobility_portal.embedded.services import stop_servers


def main(home: Home) -> None:
    keeper = os.open(home.run / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # one is enough
    # A machine that shuts down signals everybody: users end first, then we get the lock.
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    users = os.open(home.run / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)
    stop_servers(home)
    # In this order: whoever comes next and gets users.lock must find room for a keeper.
    os.close(keeper)
    os.close(users)


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])))
