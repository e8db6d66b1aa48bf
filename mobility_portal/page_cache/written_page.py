"""A kept page as bytes: how long its head is, the head as JSON, then the page as brotli and as gzip.

4 bytes, big-endian   length of the head
the head              {"key", "version", "tag", "headers": [[name, value], ...], "packed": length of the brotli}
the brotli, the gzip
"""

import json
import struct

from mobility_portal.page_cache.kept_page import KeptPage

_LENGTH = struct.Struct(">I")


class NotAPage(ValueError):
    """Bytes that `write_page` did not write."""


def write_page(key: str, page: KeptPage) -> bytes:
    head = json.dumps(
        {
            "key": key,
            "version": page.version,
            "tag": page.tag,
            "headers": [list(header) for header in page.headers],
            "packed": len(page.packed),
        }
    ).encode()
    return b"".join((_LENGTH.pack(len(head)), head, page.packed, page.zipped))


def read_page(written: object) -> tuple[str, KeptPage]:
    """The key it was written under, and the page. Raises NotAPage."""
    try:
        if not isinstance(written, bytes):
            raise TypeError(type(written).__name__)
        (length,) = _LENGTH.unpack_from(written)
        body = _LENGTH.size + length
        head = json.loads(written[_LENGTH.size : body])
        middle = body + int(head["packed"])
        headers = tuple((str(name), str(value)) for name, value in head["headers"])
        page = KeptPage(
            str(head["version"]), str(head["tag"]), headers, packed=written[body:middle], zipped=written[middle:]
        )
        return str(head["key"]), page
    except (KeyError, TypeError, ValueError, RecursionError, struct.error) as error:
        raise NotAPage("These bytes are no kept page.") from error
