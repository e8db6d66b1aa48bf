"""What the web server takes from headers."""

from gunicorn.config import Config

from mobility_portal import gunicorn_settings


def test_no_header_names_a_prefix_for_every_link():
    config = Config()
    config.set("forwarder_headers", gunicorn_settings.forwarder_headers)
    assert config.forwarder_headers == []
