"""Reading an ID token as OpenID Connect Core 1.0, section 3.1.3.7 asks: signature, issuer, audience, time, nonce."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# Public keys only: "none" is no signature, and HS* would take the client's secret for a key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 60  # seconds between two clocks


def read_token(token: object, *, keys: Mapping[str, Any], client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that was signed with one of `keys` (a JWK set), for us, now, in answer to our question.

    Its issuer is for the caller to check. Raises OAuth2Error.
    """
    if not isinstance(token, str):
        raise OAuth2Error("The server sent no ID token.")
    try:
        header = jwt.get_unverified_header(token)
        key = _find_key(header, keys.get("keys", []))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[key.algorithm_name],
            audience=client_id,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "verify_iss": False},
        )
    except jwt.PyJWTError as wrong:
        raise OAuth2Error(f"The ID token is not valid: {wrong}") from wrong
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise OAuth2Error("The ID token is for another program.")
    said = claims.get("nonce")
    if not nonce or not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise OAuth2Error("The ID token answers another question than ours.")
    return claims


def _find_key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    algorithm, wanted = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise OAuth2Error(f"The ID token is signed with {algorithm}.")
    for each in keys:
        fits = each.get("kid") == wanted if wanted is not None else len(keys) == 1
        if fits and each.get("use", "sig") == "sig" and each.get("alg", algorithm) == algorithm:
            return jwt.PyJWK(dict(each), algorithm=algorithm)
    raise OAuth2Error("The ID token is signed with a key that the server does not show.")
