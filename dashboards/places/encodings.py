"""What a browser accepts."""


def accepts(header: str, encoding: str) -> bool:
    """Whether an Accept-Encoding header allows `encoding` ("br;q=0" does not)."""
    for part in header.split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip().lower() == encoding:
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
