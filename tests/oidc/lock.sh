#!/bin/sh
# Locks the provider's packages again: integrity hashes stay, addresses do not.
set -e
cd "$(dirname "$0")"
npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
node -e '
const fs = require("node:fs");
const lock = JSON.parse(fs.readFileSync("package-lock.json"));
for (const entry of Object.values(lock.packages)) { delete entry.funding; delete entry.resolved; }
fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
