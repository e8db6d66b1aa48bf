"""How `up` knows that it is this portal that answers, and not another program on the same port.

`up` makes a secret for each start and hands it to its children; who asks for /healthz with a challenge gets the
challenge signed with it. Nobody else can answer that, and nothing of the secret is told.
"""

import hashlib
import hmac
import os
import secrets

VARIABLE = "PORTAL_START_SECRET"
CHALLENGE, PROOF = "X-Start-Challenge", "X-Start-Proof"
_LONGEST = 100  # characters of a challenge


def begin() -> None:
    """Before the children start: a secret of this start."""
    os.environ[VARIABLE] = secrets.token_urlsafe(32)


def prove(challenge: str) -> str:
    """The challenge signed; "" where the portal was not started by `up`, and for no challenge."""
    secret = os.environ.get(VARIABLE, "")
    if not secret or not challenge or len(challenge) > _LONGEST:
        return ""
    return hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()


def is_proof(challenge: str, said: str | None) -> bool:
    expected = prove(challenge)
    return bool(expected) and hmac.compare_digest(expected.encode(), (said or "").encode())
