"""What is believed of what a sign-on server says about a person's address. Pure.

An address in a token is a text that somebody may have typed. It pairs a person with an account only where the server
vouches for it, in one of three ways: `email_verified` is true; Microsoft Entra's `xms_edov` is true and the setting
says to believe it; or the address lies in a domain that the setting names as the server's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ANY_DOMAIN = "*"
LONGEST_ADDRESS = 254


class Refused(StrEnum):
    """Why an address pairs nobody."""

    NO_ADDRESS = "no_address"
    UNVERIFIED = "unverified"
    OTHER_DOMAIN = "other_domain"
    GUEST = "guest"


@dataclass(frozen=True)
class Trust:
    """`domains`: whose addresses this server speaks for, "*" for any; `edov`: believe Entra's `xms_edov`."""

    domains: tuple[str, ...] = (ANY_DOMAIN,)
    edov: bool = False

    @property
    def names_domains(self) -> bool:
        return ANY_DOMAIN not in self.domains


@dataclass(frozen=True)
class Judgement:
    """The address in small letters where it is believed, else "" and why not."""

    address: str = ""
    refused: Refused | None = None


def judge(claims: Mapping[str, object], trust: Trust) -> Judgement:
    """What the claims of a person are worth.

    A claim that says no is believed everywhere: `email_verified` or `xms_edov` that is anything but yes ends it, the
    text "false" too. `preferred_username` and `upn` are never an address. Guests of a directory (`#EXT#`, or `idp`
    that is not the issuer) are another directory's people, whose addresses this one cannot vouch for.
    """
    address = read_address(claims.get("email"))
    if not address:
        return Judgement(refused=Refused.NO_ADDRESS)
    if is_guest(claims):
        return Judgement(refused=Refused.GUEST)
    if trust.names_domains and address.rpartition("@")[2] not in trust.domains:
        return Judgement(refused=Refused.OTHER_DOMAIN)
    if "email_verified" in claims and claims["email_verified"] is not True:
        return Judgement(refused=Refused.UNVERIFIED)
    if "xms_edov" in claims and not says_yes(claims["xms_edov"]):
        return Judgement(refused=Refused.UNVERIFIED)
    if claims.get("email_verified") is True:
        return Judgement(address)
    if trust.edov:
        return Judgement(address) if "xms_edov" in claims else Judgement(refused=Refused.UNVERIFIED)
    return Judgement(address) if trust.names_domains else Judgement(refused=Refused.UNVERIFIED)


def says_yes(value: object) -> bool:
    """Entra sends `xms_edov` as true, 1, "1" or "true"."""
    return (
        value is True
        or (isinstance(value, int) and value == 1)
        or (isinstance(value, str) and value.strip().lower() in ("1", "true"))
    )


def is_guest(claims: Mapping[str, object]) -> bool:
    names = (claims.get("preferred_username"), claims.get("upn"), claims.get("unique_name"))
    if any(isinstance(name, str) and "#ext#" in name.lower() for name in names):
        return True
    if str(claims.get("acct", "0")) == "1":
        return True
    home = claims.get("idp")
    return isinstance(home, str) and bool(home) and "iss" in claims and not _is_same_home(home, str(claims["iss"]))


def _is_same_home(idp: str, issuer: str) -> bool:
    """Entra names a directory as https://sts.windows.net/ID/ here and as https://login…/ID/v2.0 there."""
    if idp.rstrip("/") == issuer.rstrip("/"):
        return True
    return idp.startswith("https://sts.windows.net/") and idp.rstrip("/").rpartition("/")[2] in issuer.split("/")


def read_address(value: object) -> str:
    """In small letters; "" for what is no plain address of one person."""
    if not isinstance(value, str) or not 3 <= len(value) <= LONGEST_ADDRESS or not value.isprintable():
        return ""
    name, at, domain = value.partition("@")
    plain = bool(name and at and "." in domain) and "@" not in domain and not any(c in value for c in ' ,;<>"')
    return value.lower() if plain else ""


def expected_issuer(announced: str, tenants: Sequence[str], tenant: object) -> str:
    """The issuer a token must name; "" where the directory of the token is not one of ours.

    A server for many directories announces `https://…/{tenantid}/v2.0`: without named `tenants` none of its tokens
    is taken.
    """
    if tenants and (not isinstance(tenant, str) or tenant.lower() not in tenants):
        return ""
    if "{tenantid}" in announced:
        return announced.replace("{tenantid}", tenant.lower()) if tenants and isinstance(tenant, str) else ""
    return announced
