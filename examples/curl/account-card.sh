#!/bin/sh
# Asks one account's requirement and buffer.
#   BALLAST_TOKEN=... examples/curl/account-card.sh DEEP-001 [http://127.0.0.1:4000]
set -eu
code=${1:?code of the account}
url=${2:-http://127.0.0.1:4000}
query='query AccountCard($code: String!) { account(code: $code) { code requirement { asOf quality status equity { amount currency } maintenance { amount } buffer { amount } } } }'
printf '{"query":"%s","variables":{"code":"%s"}}' "$query" "$code" |
  curl --silent --show-error --max-time 10 \
    --header 'content-type: application/json' \
    --header "authorization: Bearer ${BALLAST_TOKEN:?a bearer token}" \
    --data-binary @- "$url/graphql"
