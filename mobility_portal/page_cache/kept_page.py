"""A page as it is kept: its headers and its bytes, compressed once."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

_QUALITY = 5  # of 11, brotli: 12 ms for half a megabyte; 9 takes 60 ms and saves 4%
# What an answer without a body says, because the reader has it (RFC 9110, 15.4.5), and what other sites may read of it.
_WITHOUT_BODY = ("cache-control", "content-location", "expires", "vary")
_FOR_OTHER_SITES = "access-control-"
_LONGEST_HEADER = 300  # characters of Accept-Encoding that are read


@dataclass(frozen=True)
class KeptPage:
    """`version`: of everything it shows. `tag`: the beginning of its three strong ETags, one for each encoding."""

    version: str
    tag: str
    headers: tuple[tuple[str, str], ...]
    packed: bytes  # brotli
    zipped: bytes  # gzip

    @cached_property
    def plain(self) -> bytes:
        return gzip.decompress(self.zipped)

    @cached_property
    def headers_without_body(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, value)
            for name, value in self.headers
            if name.lower() in _WITHOUT_BODY or name.lower().startswith(_FOR_OTHER_SITES)
        )

    @property
    def size(self) -> int:
        return len(self.packed) + len(self.zipped)


def keep(response: HttpResponse, version: str) -> KeptPage:
    """The page of an uncompressed answer. Nothing in it is secret or a visitor's, so its compression tells nothing."""
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    if not response.has_header("Cache-Control"):
        # Asked about each time: after a change nobody is shown what was there before.
        response["Cache-Control"] = "public, no-cache"
    content = response.content
    headers = tuple((name, value) for name, value in response.items() if name not in ("Content-Length", "ETag"))
    return KeptPage(
        version=version,
        tag=hashlib.sha256(content).hexdigest()[:32],
        headers=headers,
        packed=brotli.compress(content, mode=brotli.MODE_TEXT, quality=_QUALITY),
        zipped=gzip.compress(content, 6, mtime=0),
    )


def answer_with(page: KeptPage, request: HttpRequest) -> HttpResponse:
    """The page in the encoding the reader takes, or 304 where the reader has it."""
    encoding = choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    tag = f'"{page.tag}-{encoding}"' if encoding else f'"{page.tag}"'
    held = request.META.get("HTTP_IF_NONE_MATCH")
    if held and (held == tag or _has(held, page.tag)):
        response = HttpResponse(status=304)
        del response["Content-Type"]
        for name, value in page.headers_without_body:
            response.headers[name] = value
        response.headers["ETag"] = tag
        return response
    body = {"br": page.packed, "gzip": page.zipped}.get(encoding) or page.plain
    response = HttpResponse(body)
    for name, value in page.headers:
        response.headers[name] = value
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(body))
    response.headers["ETag"] = tag
    return response


def _has(held: str, tag: str) -> bool:
    """Whether one of the tags is this page's in any encoding; a proxy may have made it weak (RFC 9110, 13.1.2)."""
    own = {f'"{tag}"', f'"{tag}-br"', f'"{tag}-gzip"'}
    return held == "*" or any(each.removeprefix("W/") in own for each in parse_etags(held))


def choose_encoding(accepted: str) -> str:
    """ "br", "gzip" or "" for neither, by an Accept-Encoding (RFC 9110, 12.5.3); brotli where both are as welcome.

    >>> choose_encoding("gzip, deflate, br"), choose_encoding("br;q=0, gzip"), choose_encoding("nonsense")
    ('br', 'gzip', '')
    """
    weights = {}
    for part in accepted[:_LONGEST_HEADER].split(","):
        name, _, weight = part.strip().lower().partition(";")
        weights[name.strip()] = _weight(weight)
    others = weights.get("*", 0.0)
    br, zipped = weights.get("br", others), weights.get("gzip", others)
    if not (br or zipped):
        return ""
    return "br" if br >= zipped else "gzip"


def _weight(said: str) -> float:
    """Of "q=0.5"; 1 where none is said, 0 where it can't be read."""
    said = said.strip()
    if not said:
        return 1.0
    try:
        weight = float(said.removeprefix("q="))
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
