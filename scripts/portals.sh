#!/usr/bin/env bash
# The example portals, each by the usual means of its language.
#
#   scripts/portals.sh prepare             fetches what they depend on and compiles them
#   scripts/portals.sh test [LANGUAGE…]    prepares them and runs their own tests
#   scripts/portals.sh start LANGUAGE      runs one, prepared if it never was; settings as its README says
set -euo pipefail
cd "$(dirname "$0")/.."

LANGUAGES=(php node python ruby go java csharp rust)
TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")
BUILT=$TARGET/examples

# Debian's places of what a build tool would fetch elsewhere.
JAVA_LIBRARIES=/usr/share/java
NUNIT=/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll

prepare_php() { :; }
test_php() { phpunit --do-not-cache-result --colors=never ConnectionKeyTest.php; }
start_php() { exec php -S "127.0.0.1:$PORT" index.php; }

prepare_node() {
  cmp -s package-lock.json node_modules/.installed && return
  npm ci --no-audit --no-fund --loglevel=error >/dev/null
  cp package-lock.json node_modules/.installed
}
test_node() { npm test --silent; }
start_node() { exec node portal.js; }

prepare_python() {
  cmp -s requirements.txt "$BUILT/python/.installed" && return
  python3 -m venv --clear "$BUILT/python"
  "$BUILT/python/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$BUILT/python/.installed"
}
test_python() { "$BUILT/python/bin/python" -m unittest; }
start_python() { exec "$BUILT/python/bin/python" portal.py; }

prepare_ruby() { :; }
test_ruby() { ruby test_connection_key.rb; }
start_ruby() { exec ruby portal.rb; }

prepare_go() { go build -o "$BUILT/go/portal" .; }
test_go() { go vet ./... && go test ./...; }
start_go() { exec "$BUILT/go/portal"; }

java_path() { printf '%s:' "$BUILT/java"; printf "$JAVA_LIBRARIES/%s.jar:" "$@"; }
prepare_java() {
  mkdir -p "$BUILT/java"
  javac -encoding UTF-8 -Xlint:all -Werror -cp "$(java_path gson junit-jupiter-api apiguardian-api)" -d "$BUILT/java" ./*.java
}
test_java() {
  java -cp "$(java_path gson junit-jupiter-api junit-jupiter-engine junit-platform-commons junit-platform-console \
      junit-platform-engine junit-platform-launcher junit-platform-reporting opentest4j opentest4j-reporting-events \
      opentest4j-reporting-schema apiguardian-api picocli)" \
    org.junit.platform.console.ConsoleLauncher --disable-banner --disable-ansi-colors --details=tree --select-class ConnectionKeyTest
}
start_java() { exec java -cp "$(java_path gson)" Portal; }

prepare_csharp() {
  mkdir -p "$BUILT/csharp"
  local sources=(ConnectionKey.cs Pages.cs Portal.cs)
  mcs -warnaserror -r:System.Web.dll -out:"$BUILT/csharp/portal.exe" "${sources[@]}"
  mcs -warnaserror -target:library -r:System.Web.dll -r:System.Runtime.Serialization.dll -r:"$NUNIT" \
    -out:"$BUILT/csharp/tests.dll" "${sources[@]}" ConnectionKeyTest.cs
}
test_csharp() { nunit-console -nologo -noshadow -nodots -noxml "$BUILT/csharp/tests.dll"; }
start_csharp() { exec mono "$BUILT/csharp/portal.exe"; }

prepare_rust() { cargo build --quiet -p chatgenie-example-rust; }
test_rust() { :; } # The workspace's tests hold its tests.
start_rust() { exec "$TARGET/debug/example-portal"; }

# each STEP LANGUAGE…: in the language's folder, in a shell of its own.
each() {
  local step=$1 language
  shift
  for language in "$@"; do
    (cd "examples/$language" && "${step}_$language")
  done
}

case "${1:-}" in
  prepare) each prepare "${LANGUAGES[@]}" ;;
  test)
    shift
    [ $# -gt 0 ] || set -- "${LANGUAGES[@]}"
    each prepare "$@"
    each test "$@"
    ;;
  start)
    export PORT=${PORT:-8090}
    language=${2:?which language?}
    case $language in
      php | ruby) ;;
      node) [ -d examples/node/node_modules ] || each prepare node ;;
      rust) [ -x "$TARGET/debug/example-portal" ] || each prepare rust ;;
      *) [ -d "$BUILT/$language" ] || each prepare "$language" ;;
    esac
    cd "examples/$language"
    "start_$language"
    ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
