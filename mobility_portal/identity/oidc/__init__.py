"""OpenID Connect, stricter than allauth's own: a signed token with our nonce, and one rule for addresses."""
