"""What a device may keep. No Django."""

# Pages with secrets, with files, or about who may come in: read with a connection only.
_NEVER = (
    "/accounts/",
    "/me/",
    "/mail/",
    "/documents/",
    "/api/",
    "/unsubscribe/",
    "/calendar/",
    "/worker.js",
    "/device/",
)
_NEVER_WITHIN = ("/people/", "/invit", "/export", "/import")


def may_keep(path: str) -> bool:
    """Whether the page at this path may be read again without a connection.

    >>> may_keep("/milestones/7/"), may_keep("/me/"), may_keep("/engagements/detroit/people/")
    (True, False, False)
    """
    return not path.startswith(_NEVER) and not any(part in path for part in _NEVER_WITHIN)
