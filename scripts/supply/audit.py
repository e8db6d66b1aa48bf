"""Known vulnerabilities of every locked package: `make audit`, or `python -m scripts.supply.audit`.

ADVISORY_URL names a service that answers as OSV does (https://google.github.io/osv.dev/post-v1-query/), such as a
mirror in the house. Ends with 0 where nothing is known of any package, with 1 where something is, and with 3 where it
was not run. "Clean" is said only after the service has told of a release that is known to be vulnerable.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

from scripts.supply.lock_file import DEVELOPMENT, read_lock

CLEAN, FOUND, NOT_RUN = 0, 1, 3
SECONDS = 15  # for one answer
MOST_SECONDS = 600  # for all of them
KNOWN_BAD = ("django", "3.2.0")  # dozens of advisories: a service that tells of none knows nothing


def audit(url: str, lock: Path = DEVELOPMENT, say=print) -> int:
    """Asks about each package of `lock`; one of the three codes above."""
    if not url:
        return _not_run(say, "ADVISORY_URL names no advisory database")
    if why := why_not_trusted(url):
        return _not_run(say, why)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        command = [sys.executable, "-m", "pip_audit", "--strict", "--requirement", str(lock), "--require-hashes"]
        command += ["--disable-pip", "--vulnerability-service", "osv", "--osv-url", url, "--timeout", str(SECONDS)]
        command += ["--cache-dir", folder, "--progress-spinner", "off", "--format", "json", "--output", str(out)]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS)  # noqa: S603 - our own words, and an address of a setting as one argument
        except subprocess.TimeoutExpired:
            return _not_run(say, f"it took more than {MOST_SECONDS} seconds")
        said = out.read_text("utf-8") if out.exists() else ""
        last_words = (ended.stderr.strip().splitlines() or ["without a word"])[-1]
    return _tell(said, ended.returncode, last_words, lock, say)


def _tell(said: str, code: int, last_words: str, lock: Path, say) -> int:
    try:
        answers = json.loads(said)["dependencies"]
        bad = [(each["name"], each["version"], each["vulns"]) for each in answers if each["vulns"]]
    except (KeyError, TypeError, ValueError):
        return _not_run(say, f"pip-audit ended with {code}: {last_words[:200]}")
    for name, version, known in bad:
        for each in known:
            fixed = ", ".join(each.get("fix_versions", [])) or "no release yet"
            say(f"{name} {version}: {each['id']}, mended in {fixed}. {each.get('description', '')[:200]}".rstrip())
    if bad:
        say(f"Something is known of {len(bad)} of {len(answers)} packages.")
        return FOUND
    wanted = {package.name for package in read_lock(lock) if package.is_for_here}
    missing = wanted - {each["name"] for each in answers}
    if code or missing:
        return _not_run(say, f"{len(missing)} packages were left out" if missing else f"pip-audit: {last_words[:200]}")
    say(f"Clean: nothing is known of {len(answers)} packages.")
    return CLEAN


def why_not_trusted(url: str) -> str:
    """Why nothing may be concluded from this service's silence; "" where it knows what it must know."""
    name, version = KNOWN_BAD
    query = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
    try:
        answer = requests.post(url, json=query, timeout=SECONDS)
        answer.raise_for_status()
        known = answer.json()
        if known["vulns"][0]["id"]:
            return ""
    except requests.exceptions.JSONDecodeError:
        return f"{url} answered something that is no advisory"
    except requests.RequestException as error:
        return f"{url} can't be reached ({type(error).__name__})"
    except (KeyError, IndexError, TypeError):
        pass
    return f"{url} knows nothing of {name} {version}, of which much is known"


def _not_run(say, why: str) -> int:
    say(f"Audit not run: {why}.")
    return NOT_RUN


if __name__ == "__main__":
    sys.exit(audit(os.environ.get("ADVISORY_URL", "").strip()))
