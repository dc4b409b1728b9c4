# Sourced by every script: the one place with paths, versions and what a machine needs.
# shellcheck shell=bash

set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$REPOSITORY"

# One target directory for every checkout and for CI, so that dependencies are compiled once.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/ergon/target}"
# Use the system's OpenSSL instead of compiling one.
export OPENSSL_NO_VENDOR=1
# Metadata is generated from the runtime as it is; nothing may fetch anything but crates.
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"

PROFILE_DIRECTORY="$CARGO_TARGET_DIR/release"
MODULE_DIRECTORY="$CARGO_TARGET_DIR/wasm32-wasip1/release"

# Debian packages: OpenSSL and its finder for the network layer, protoc for its messages,
# a C++ compiler for the WASM optimiser of the runtime's build.
DEBIAN_PACKAGES=(g++ pkg-config libssl-dev protobuf-compiler)
RUST_TARGETS=(wasm32v1-none wasm32-wasip1)
NEXTEST_VERSION=0.9

say() { printf '\n==> %s\n' "$*"; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "need root to run '$*': run it as root and start again"; fi
}

ensure_debian_packages() {
    local missing=() package
    for package in "${DEBIAN_PACKAGES[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing Debian packages that the build needs: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}

ensure_rust() {
    command -v rustup >/dev/null || fail "rustup is missing: install it, then start again"
    # The version stands in rust-toolchain.toml.
    if ! rustc --version >/dev/null 2>&1; then
        say "Installing the Rust toolchain that rust-toolchain.toml names"
        rustup toolchain install || fail "the toolchain of rust-toolchain.toml cannot be installed"
    fi
    local target installed
    installed="$(rustup target list --installed)"
    for target in "${RUST_TARGETS[@]}"; do
        grep -qx "$target" <<<"$installed" && continue
        say "Adding the Rust target $target: the runtime and the apps are compiled to WebAssembly"
        rustup target add "$target" || fail "rustup cannot add $target; without it nothing of this can be built"
    done
    local component
    for component in rustfmt clippy; do
        cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
    done
}

ensure_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    say "Installing cargo-nextest, which runs the tests (compiled from source, some minutes)"
    cargo install --locked cargo-nextest --version "^$NEXTEST_VERSION"
}

# Runs a command and prints how long it took; the table comes at the end of scripts/test.
STEP_TIMES=()
step() {
    local title="$1" begin end
    shift
    say "$title"
    begin=$(date +%s)
    "$@"
    end=$(date +%s)
    STEP_TIMES+=("$(printf '%5d s  %s' $((end - begin)) "$title")")
}

print_step_times() {
    say "Time of each step"
    printf '%s\n' "${STEP_TIMES[@]}"
}

# Everything that runs natively, tests included: one command, so that every dependency is compiled
# with one set of features.
build_all() { cargo build --locked --release --workspace --all-targets; }

# The apps as modules.
build_modules() {
    cargo build --locked --release --target wasm32-wasip1 -p ergon-app-render -p ergon-app-options
}
