"""A street address to its tract of 2010, by the US Census Bureau's geocoder.

The address goes to the Census Bureau and nowhere else: it is not logged, stored or cached here, and no error names it.
Documentation: https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html
"""

import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings

BENCHMARK, VINTAGE = "Public_AR_Current", "Census2010_Current"
LAYER = "Census Tracts"
TRIES = 2
LARGEST = 256 * 1024  # bytes of an answer; a usual one has 3,000
MOST_MATCHES = 10


class GeocoderAway(Exception):
    """No usable answer: down, slow, or not what its documentation says. Says nothing of the address."""


@dataclass(frozen=True)
class AddressMatch:
    """An address as the Census Bureau writes it, and its tract of 2010."""

    address: str
    geoid: str


def geocode(address: str) -> tuple[AddressMatch, ...]:
    """Every match, the geocoder's best first; () where it knows no such address. Raises GeocoderAway.

    Two tries of at most `CENSUS_GEOCODER_SECONDS` each.
    """
    for left in reversed(range(TRIES)):
        try:
            return _read(_ask(address))
        except GeocoderAway:
            if not left:
                raise
    raise GeocoderAway("was not asked")


def _ask(address: str) -> bytes:
    deadline = time.monotonic() + settings.CENSUS_GEOCODER_SECONDS
    query = {"address": address, "benchmark": BENCHMARK, "vintage": VINTAGE, "layers": LAYER, "format": "json"}
    target = urljoin(settings.CENSUS_GEOCODER_URL, "geographies/onelineaddress")
    try:
        with requests.get(
            target,
            params=query,
            timeout=settings.CENSUS_GEOCODER_SECONDS,
            stream=True,
            allow_redirects=False,
            auth=lambda prepared: prepared,  # a .netrc's password is not for the Census Bureau
            headers={"Accept": "application/json", "User-Agent": "MobilityPortal/1"},
        ) as answer:
            if answer.status_code != 200:
                raise GeocoderAway(f"answered with status {answer.status_code}")
            body = b""
            for chunk in answer.iter_content(16 * 1024):
                body += chunk
                if len(body) > LARGEST or time.monotonic() > deadline:
                    raise GeocoderAway("sent too much or took too long")
            return body
    except requests.RequestException as error:
        # `from None`: the address stands in the text of what requests raises.
        raise GeocoderAway(f"could not be asked ({type(error).__name__})") from None


def _read(body: bytes) -> tuple[AddressMatch, ...]:
    try:
        result = json.loads(body)["result"]
        vintage = result["input"]["vintage"]["vintageName"]
        found = [_match(match) for match in result["addressMatches"][:MOST_MATCHES]]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise GeocoderAway("sent an answer that could not be read") from None
    # The layer has the same name in every vintage, and the same point another GEOID.
    if vintage != VINTAGE:
        raise GeocoderAway("answered for another census than that of 2010")
    return tuple(dict.fromkeys(found))


def _match(match: dict[str, Any]) -> AddressMatch:
    geoid, address = match["geographies"][LAYER][0]["GEOID"], match["matchedAddress"]
    if not re.fullmatch(r"[0-9]{11}", geoid) or not isinstance(address, str):
        raise ValueError("no GEOID or no address")
    return AddressMatch(address[:200], geoid)
