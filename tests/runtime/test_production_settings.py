"""As it runs behind HTTPS, Django has nothing to warn of, and the settings say what a browser enforces."""

import json
import os
import subprocess
import sys

from tests.runtime.places import PROJECT

PRODUCTION = {
    "BEHIND_HTTPS": "1",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "portal.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.org",
    "PORTAL_URL": "https://portal.example.org",
}
SCRIPT = """
import json, sys, django
from django.core.management import call_command
django.setup()
call_command("check", deploy=True, fail_level="WARNING")
from django.conf import settings
names = json.loads(sys.argv[1])
print(json.dumps({name: getattr(settings, name) for name in names}))
"""
NAMES = (
    "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT "
    "SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD DEBUG SILENCED_SYSTEM_CHECKS"
).split()


def test_check_deploy_is_silent_and_cookies_are_bound_to_the_host(tmp_path):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DEBUG", "STATIC_FROM_SOURCE", "HSTS_PRELOAD")
    }
    environment |= PRODUCTION | {"PORTAL_OFFLINE": "1", "DJANGO_SETTINGS_MODULE": "mobility_portal.settings"}
    environment |= {"MOBILITY_HOME": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    command = [sys.executable, "-W", "error", "-c", SCRIPT, json.dumps(NAMES)]
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout and "0 silenced" not in ended.stdout
    found = json.loads(ended.stdout.splitlines()[-1])
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-") and found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000 and found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not found["DEBUG"] and not found["SECURE_HSTS_PRELOAD"], "only the owner of a domain asks for that"
    assert found["SILENCED_SYSTEM_CHECKS"] == ["security.W021"]
