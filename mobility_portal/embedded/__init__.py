"""The private Postgres and Valkey of a home, for every process that has no DATABASE_URL or REDIS_URL."""

from mobility_portal.embedded.environment import bootstrap
from mobility_portal.embedded.refusal import Refusal

__all__ = ["Refusal", "bootstrap"]
