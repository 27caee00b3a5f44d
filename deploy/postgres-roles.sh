#!/bin/sh
# Runs once in a new Postgres container: the three roles and the database of libs/persistence/README.md.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$BALLAST_OWNER_PASSWORD" --set app_password="$BALLAST_APP_PASSWORD" \
  --set jobs_password="$BALLAST_JOBS_PASSWORD" <<'SQL'
CREATE ROLE ballast_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ballast_app LOGIN PASSWORD :'app_password';
CREATE ROLE ballast_jobs LOGIN PASSWORD :'jobs_password';
CREATE DATABASE ballast OWNER ballast_owner;
REVOKE ALL ON DATABASE ballast FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ballast TO ballast_app;
GRANT CONNECT, CREATE ON DATABASE ballast TO ballast_jobs;
SQL
