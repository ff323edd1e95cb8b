#!/bin/sh
# Make the secrets of a new installation; those that are there already are kept.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"; }

keep django_secret_key "$(random)"
keep postgres_password "$(random)"
keep database_url "postgres://massy_app:$(random)@database:5432/massy"
keep database_owner_url "postgres://massy_owner:$(random)@database:5432/massy"
keep redis_url "redis://:$(random)@broker:6379/0"
[ -s secrets/email_url ] || {
    printf 'smtp+tls://user:password@mail.example.org:587' > secrets/email_url
    echo "Write your mail server's address into deploy/secrets/email_url."
}
# The containers' user (10001) reads them through a bind mount: readable there, while the folder
# itself stays closed on this machine.
chmod 700 secrets
chmod 644 secrets/*
