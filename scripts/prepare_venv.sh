#!/bin/sh
# Makes .venv and installs the locked requirements, each file checked by its hash: quick when nothing changed.
# Usage: scripts/prepare_venv.sh requirements.txt | requirements-dev.txt
set -eu
cd "$(dirname "$0")/.."
wanted=$1

refuse() {
    echo "$1" >&2
    exit 2
}

supported() {
    # Asked by running it: a pyenv shim of the right name may stand for nothing.
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        supported "$PYTHON" || refuse "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13: name one of these, for example make run PYTHON=python3.13."
        python=$PYTHON
        return
    fi
    for python in python3.13 python3.12 python3.11 python3 python; do
        if supported "$python"; then return; fi
    done
    refuse "No Python 3.11, 3.12 or 3.13 found: install one, or name it, for example make run PYTHON=/opt/python3.13/bin/python3."
}

if [ -z "${PYTHON:-}" ] && supported .venv/bin/python; then
    python=.venv/bin/python # what is there is good: stay with it
else
    choose_python
fi

# What an environment is made from: requirements, interpreter and place (a moved environment is broken).
fingerprint() {
    "$python" - "$@" <<'PYTHON'
import hashlib, os, sys
digest = hashlib.sha256(repr((sys.version_info[:3], os.getcwd())).encode())
for name in sys.argv[1:]:
    digest.update(open(name, "rb").read())
print(digest.hexdigest())
PYTHON
}
base=$(fingerprint requirements.txt)
dev=$(fingerprint requirements.txt requirements-dev.txt)
stamp=$(cat .venv/requirements.stamp 2>/dev/null || true)
case "$wanted:$stamp" in
    requirements.txt:"$base" | requirements.txt:"$dev" | requirements-dev.txt:"$dev")
        if supported .venv/bin/python; then exit 0; fi ;;
esac

"$python" -c 'import shutil, sys; sys.exit(shutil.disk_usage(".").free < 2_000_000_000)' ||
    refuse "The disk of $(pwd) is full: the Python packages need 2 GB; free some space."

rm -f .venv/requirements.stamp
if ! { supported .venv/bin/python && [ "$(.venv/bin/python -c 'import sys; print(sys.version_info[:3])')" = "$("$python" -c 'import sys; print(sys.version_info[:3])')" ]; }; then
    rm -rf .venv
fi

echo "Installing $wanted into .venv (once; a minute or two)." >&2
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv || refuse "uv could not make .venv with $python."
    uv pip install --quiet --require-hashes --python .venv/bin/python -r "$wanted" ||
        refuse "The packages of $wanted could not be installed: see the lines above; is the network up?"
else
    if ! [ -x .venv/bin/python ]; then
        "$python" -c 'import ensurepip' >/dev/null 2>&1 ||
            refuse "$python has no venv module: install it (Debian: apt-get install python3-venv) or install uv."
        "$python" -m venv .venv || { rm -rf .venv; refuse ".venv could not be made with $python."; }
    fi
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip install --quiet --require-hashes -r "$wanted" ||
        refuse "The packages of $wanted could not be installed: see the lines above; is the network up?"
fi
if [ "$wanted" = requirements-dev.txt ]; then echo "$dev"; else echo "$base"; fi >.venv/requirements.stamp
