#!/usr/bin/env bash
# Runs Thread and the example portal until Ctrl-C. `./build.sh demo` builds them first.
set -euo pipefail
cd "$(dirname "$0")/.."

THREAD_PORT=${DEMO_THREAD_PORT:-8080}
PORTAL_PORT=${DEMO_PORTAL_PORT:-8090}
# Two sites, as in real life: to a browser, `localhost` and `127.0.0.1` have nothing to do with each other.
THREAD_URL="http://127.0.0.1:$THREAD_PORT"
PORTAL_URL="http://localhost:$PORTAL_PORT"
DATA=.demo
export THREAD_DATABASE="sqlite:$DATA/thread.db"

mkdir -p "$DATA"
if [ ! -f "$DATA/app.json" ]; then
  # The secret is shown once; here it goes where the portal's server finds it, and nobody else.
  (umask 077
   dist/thread app create --name 'Northwind IT' --greeting 'Hi! What can we help you with?' \
     --origin "$PORTAL_URL" --json >"$DATA/app.json.new"
   node -p 'JSON.parse(require("fs").readFileSync(0)).secret' <"$DATA/app.json.new" >"$DATA/secret"
   mv "$DATA/app.json.new" "$DATA/app.json")
fi
APP_ID=$(node -p 'JSON.parse(require("fs").readFileSync(0)).appId' <"$DATA/app.json")
dist/thread app update "$APP_ID" --origin "$PORTAL_URL" >/dev/null
API_KEY=$(dist/thread apikey create "$APP_ID" --name Mia --json | node -p 'JSON.parse(require("fs").readFileSync(0)).apiKey')

pids=()
stop() {
  trap - EXIT INT TERM
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap stop EXIT
trap 'stop; exit 0' INT TERM

wait_for() { # wait_for URL NAME PID
  for _ in $(seq 100); do
    curl -fsS -o /dev/null "$1" 2>/dev/null && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  echo "demo: $2 did not start; see $DATA/$2.log. Is its port taken? Set DEMO_THREAD_PORT and DEMO_PORTAL_PORT." >&2
  exit 1
}

dist/thread serve --listen "127.0.0.1:$THREAD_PORT" --public-url "$THREAD_URL" --demo --mail "file:$DATA/mail" >"$DATA/thread.log" 2>&1 &
pids+=($!)
wait_for "$THREAD_URL/readyz" thread "${pids[0]}"
PORTAL_LISTEN="127.0.0.1:$PORTAL_PORT" PORTAL_THREAD_URL=$THREAD_URL PORTAL_APP_ID=$APP_ID \
  PORTAL_SECRET_FILE=$DATA/secret dist/portal >"$DATA/portal.log" 2>&1 &
pids+=($!)
wait_for "$PORTAL_URL/" portal "${pids[1]}"

cat <<TEXT

  The portal is ready:   $PORTAL_URL
  Thread listens at      $THREAD_URL

  Try this:
    1. Sign in as one of the two users that the page shows.
    2. Press the round button in the corner: you are signed in there too. Write something.
    3. Answer as an agent, in another window beside it:

       $THREAD_URL/agent/
       API key: $API_KEY

    4. $PORTAL_URL/app is the same as a single-page app.
    5. $THREAD_URL/playground/ takes parameters of yours, and shows what the messenger does.

  Ctrl-C stops both. The data stay in $DATA/; delete that folder to start anew.

TEXT
wait
