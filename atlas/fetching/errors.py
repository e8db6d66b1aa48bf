"""Why a file could not be had, in one sentence for a person; never with a path of this machine."""

import errno

DISK_FULL = "The disk is full; free some space or set MOBILITY_HOME to another disk."


class FetchError(Exception):
    """This address does not give the file; another may."""


class TemporaryFetchError(FetchError):
    """This address may give the file a moment later: 5xx, a timeout, a cut connection."""


class DiskFullError(Exception):
    """No address can help."""

    def __init__(self) -> None:
        super().__init__(DISK_FULL)


def disk_error(error: OSError) -> Exception:
    """The sentence for an error of the file system; anything but a full disk stays what it is."""
    return DiskFullError() if error.errno in (errno.ENOSPC, errno.EDQUOT) else error
