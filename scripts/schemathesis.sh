#!/usr/bin/env bash
# Has schemathesis call a running Thread in every way that its /openapi.json allows, and in many that it does not.
#   scripts/schemathesis.sh THREAD_BINARY SCHEMATHESIS [SECONDS]
# As a contact and, at the same time, as an agents' tool, for so many seconds each at the most (120). The seed is fixed: a run can be repeated.
set -euo pipefail
thread=$1 schemathesis=$(realpath "$2") seconds=${3:-120}

dir=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$dir"
}
trap finish EXIT
export THREAD_DATABASE="sqlite:$dir/thread.db"

field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

created=$("$thread" app create --name Shop --origin https://shop.example --json)
app=$(field appId <<<"$created")
api_key=$("$thread" apikey create "$app" --json | field apiKey)
connection_key=$(field secret <<<"$created" | "$thread" key sign --email ann@shop.example)

# Limits are tried elsewhere: here they would only hide what lies behind.
many=1000000
"$thread" serve --listen 127.0.0.1:0 --mail "file:$dir/mail" --limit-messages $many --limit-uploads $many \
  --limit-typing $many --limit-sign-in-failures $many --limit-leaked-secrets $many --limit-pin-failures-per-ip $many \
  >"$dir/out" 2>"$dir/log" &
server=$!
for _ in $(seq 300); do
  url=$(sed -n 's/^listening on //p' "$dir/out")
  [ -n "$url" ] && break
  sleep 0.1
done
[ -n "$url" ] || { cat "$dir/log" >&2; exit 1; }

session() {
  python3 - "$url" "$app" "$connection_key" <<'PYTHON'
import json, sys, urllib.request
url, app, key = sys.argv[1:]
body = {"appId": app, "connectionType": "messenger_auth", "connectionEmail": "ann@shop.example", "connectionKey": key}
print(json.load(urllib.request.urlopen(url + "/v1/sessions", json.dumps(body).encode()))["token"])
PYTHON
}

# Left out: what a schema cannot say (that a text is an address, that an identifier exists), and the sockets, which are
# no plain calls. Signing out would end the session of all that follows.
attack() {
  local bearer=$1
  shift
  # It leaves a cache where it runs.
  (cd "$dir" && "$schemathesis" run "$url/openapi.json" --header "Authorization: Bearer $bearer" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth \
    --phases coverage,fuzzing --max-time "$seconds" --seed 4711 --continue-on-failure --generation-database none \
    --warnings off --exclude-path-regex '/live$' --exclude-path /v1/sessions/current "$@")
}

# Side by side: each waits for answers most of the time.
attack "$(session)" --exclude-path-regex '^/v1/agent/' >"$dir/contact" 2>&1 &
contact=$!
attack "$api_key" --include-path-regex '^/v1/agent/' >"$dir/agent" 2>&1 &
agent=$!
ok=0
wait $contact || ok=1
wait $agent || ok=1
cat "$dir/contact" "$dir/agent"
if grep -E '"?(panicked|internal error)' "$dir/log" >&2; then ok=1; fi
exit $ok
