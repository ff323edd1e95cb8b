#!/bin/sh
# First start of the database container: the two roles that the application's addresses name.
set -eu

password_in() { sed -E 's|^postgres(ql)?://[^:]+:([^@]+)@.*|\2|' "/run/secrets/$1"; }

psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner_password="$(password_in database_owner_url)" \
    --set app_password="$(password_in database_url)" <<'SQL'
CREATE ROLE massy_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE massy_app LOGIN PASSWORD :'app_password';
CREATE DATABASE massy OWNER massy_owner;
SQL
