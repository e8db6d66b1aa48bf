"""Secrets in addresses stay out of the log: whoever reads it must not open what was sent to one person."""

import logging
import re

# Django's own warnings name the address that was not there, forbidden or gone.
_SECRET = re.compile(
    r"(/(?:updates/by-link|replies/by-link|invitations|shared|calendar|unsubscribe|areas)/)(?!\d+/)[A-Za-z0-9_.:=-]{16,}"
)


class HideSecrets(logging.Filter):
    """Changes the line, never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = hide_secrets(said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True


def hide_secrets(text: str) -> str:
    """ "/shared/abc...xyz/" -> "/shared/[secret]/"."""
    return _SECRET.sub(r"\1[secret]", text)
