#!/bin/sh
# Writes requirements.txt and requirements-dev.txt: the closure of both .in files, each file by its hash, for Python
# 3.11 to 3.13 on every system. Pins that are there stay unless an .in file says otherwise; UPGRADE=1 lets all move.
# Usage: make lock, or PYTHON=/path/to/python scripts/lock.sh with a Python that has uv.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

lock() {
    # No address of an index is written: where packages come from is the business of the machine that installs.
    "$python" -m uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        ${UPGRADE:+--upgrade} "$@"
}

lock requirements.in --output-file requirements.txt
lock requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt
