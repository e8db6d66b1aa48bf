"""SAML 2.0, for organizations whose directory speaks no OpenID Connect. Needs requirements-saml.txt."""
