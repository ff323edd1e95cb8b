#!/bin/sh
# All static checks, each announced; all run even when one fails. Called by `make check`, with
# DATABASE_URL naming an empty throw-away database.
bin=.venv/bin
ours="massy_grc prestations citizens requests backoffice"
failed=

check() {
    name=$1
    shift
    printf '== %s\n' "$name"
    if ! "$@"; then
        failed="$failed, $name"
        printf '!! %s failed\n' "$name"
    fi
}

deployment() {
    # What production is checked with: invented, but as complete as the real thing.
    env -u DJANGO_DEBUG -u MASSY_VAR_DIR \
        MASSY_MODE=production \
        DJANGO_SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        DJANGO_ALLOWED_HOSTS=grc.example.org \
        MASSY_PUBLIC_URL=https://grc.example.org \
        EMAIL_URL=smtp+tls://massy:secret@mail.example.org:587 \
        DATABASE_POOL=false \
        $bin/python manage.py check --deploy --fail-level WARNING
}

quietly() { # print the output of a command only when it fails
    output=$("$@" 2>&1) || { printf '%s\n' "$output"; return 1; }
}

read_types() { # they take as long as all the rest: begun first, read in their turn
    wait "$mypy" || { cat "$types"; return 1; }
}

types=$(mktemp)
trap 'rm -f "$types"' EXIT
$bin/mypy --no-error-summary $ours >"$types" 2>&1 &
mypy=$!

check "locks" sh .ci/locks.sh
check "ruff check" $bin/ruff check --quiet --output-format concise .
check "ruff format (make format)" $bin/ruff format --check --quiet --output-format concise .
# Linted, not formatted: djlint's formatter puts white space where the reader would see it.
check "djlint" quietly $bin/djlint templates --lint
check "layers" quietly $bin/lint-imports
check "migrations" $bin/python manage.py makemigrations --check --dry-run
check "deployment" deployment
check "translations" $bin/python manage.py check_messages
check "mypy" read_types

if [ -n "$failed" ]; then
    printf '\nFailed: %s\n' "${failed#, }"
    exit 1
fi
printf '\nAll checks passed.\n'
