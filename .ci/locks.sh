#!/bin/sh
# The locks: present, hashed, naming no host, and without the library that our app `requests` hides.
status=0
for set in runtime embedded qualification dev e2e; do
    lock="requirements/$set.txt"
    [ -s "$lock" ] || { echo "$lock is missing or empty"; status=1; continue; }
    grep -q -- '--hash=sha256:' "$lock" || { echo "$lock has no hashes"; status=1; }
    if grep -n '^requests==' "$lock"; then
        echo "$lock: the library 'requests' is hidden by our app of that name; use httpx"
        status=1
    fi
    if grep -nE '://|--(extra-)?index-url|--find-links' "$lock"; then
        echo "$lock names a host"
        status=1
    fi
done
exit $status
