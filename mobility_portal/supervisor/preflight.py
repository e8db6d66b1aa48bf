"""What `up` looks at before it starts anything. Needs no Django: no settings exist yet."""

import fcntl
import os

from mobility_portal.embedded.home import find_home
from mobility_portal.embedded.processes import port_is_free
from mobility_portal.embedded.refusal import Refusal
from mobility_portal.front import sizes

_claims: list[int] = []  # held until the process ends; the kernel lets go then, however it ends


def claim_home_and_port(arguments: list[str]) -> None:
    """One `up` per home, and a free port. The home first: a second `up` would find the port taken by the first."""
    port = read_port()
    sizes.check_all()
    home = find_home()
    home.prepare()
    claim = os.open(home.run / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(claim)
        raise Refusal(
            f"The portal of {home.path} already runs; stop it first, or set MOBILITY_HOME and PORT for a second one."
        ) from error
    _claims.append(claim)
    if not port_is_free(port):
        raise Refusal(port_in_use(port))


def port_in_use(port: int) -> str:
    return f"Port {port} is in use by another program; choose another with PORT, for example PORT=8001."


def read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refusal(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)
