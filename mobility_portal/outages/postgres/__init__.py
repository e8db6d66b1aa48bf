"""Django's backend for Postgres, which does not let each request wait for a host that does not answer."""
