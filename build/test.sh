#!/usr/bin/env bash
# Builds everything, runs the three test programs one after another, and ends with the line "N passed, N failed, N skipped".
# SONDE_SOAK=1 runs the long versions of the system tests. Exit code 0 when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

results=artifacts/test-results
passed=0 failed=0 skipped=0
if [ "${SONDE_SOAK:-}" = 1 ]; then limit=6h; else limit=20m; fi

finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit
}

fail() { # a fault that no test counted
  echo "FAILED: $1"
  failed=$((failed + 1))
}

build_all() {
  dotnet build Sonde.slnx -c Release -v quiet -nologo && make --no-print-directory build
}

# The system tests play hosts on a device of their own: as root, which a CI machine allows without a password.
as_system_test() {
  if [ "$(id -u)" -ne 0 ] && [ "${CI:-}" = true ] && sudo -n true 2>/dev/null; then
    sudo -n env PATH="$PATH" DOTNET_ROOT="${DOTNET_ROOT:-}" CI=true SONDE_SOAK="${SONDE_SOAK:-}" "$@"
  else
    "$@"
  fi
}

count_of() { # file, name: an attribute of the assembly in a result file of xunit
  grep -o '<assembly [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc 0-9
}

run() { # project, then what runs it, if not we ourselves
  local project=$1 result=$results/$1.xml status
  shift
  echo "== $project"
  "$@" timeout --kill-after=30s "$limit" "artifacts/bin/$project/release/$project" \
    -noLogo -noColor -noAutoReporters -xml "$result" "${options[@]}"
  status=$?
  if [ ! -s "$result" ]; then
    fail "$project ended with code $status and without results"
    return
  fi
  passed=$((passed + $(count_of "$result" passed)))
  skipped=$((skipped + $(count_of "$result" skipped)))
  local wrong=$(($(count_of "$result" failed) + $(count_of "$result" errors)))
  failed=$((failed + wrong))
  if [ "$status" -ne 0 ] && [ "$wrong" -eq 0 ]; then
    fail "$project ended with code $status though no test failed"
  fi
}

rm -rf "$results" && mkdir -p "$results"
build/packages.sh tests
if ! build_all; then
  fail "the build"
  finish
fi
options=()
run Sonde.Measurement.Tests
run Sonde.Tests
options=(-parallel none) # they measure
run Sonde.SystemTests as_system_test
finish
