#!/bin/sh
# Install the named Debian packages that are missing, when we may; otherwise name them.
# Exit 0 only when all are there.
missing=
for package in "$@"; do
    if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Some system libraries seem to be missing; what needs them will say so." >&2
    echo "As root on Debian or Ubuntu:  apt-get install$missing" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
wait="-o DPkg::Lock::Timeout=600 -o APT::Get::Assume-Yes=true"
log=var/setup/apt.log
# Tests start what they need by themselves: no service (clamd, its updater) begins to run here.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
echo "Installing system packages:$missing"
# shellcheck disable=SC2086
if { apt-get $wait update && apt-get $wait install --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    exit 0
fi
echo "Could not install$missing (see $log); going on without." >&2
exit 1
