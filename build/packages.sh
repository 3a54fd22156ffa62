#!/usr/bin/env bash
# Installs from Debian what this machine lacks for a kind of run: build/packages.sh tests|bench
# Never fails: where it may not install, it says what is missing and why, and what needs it is skipped.
set -uo pipefail
PATH="$PATH:/usr/sbin:/sbin"

# kind · command that must be there · packages that bring it · what needs it
needs() {
  cat <<'TABLE'
tests|chromium|chromium|the pages in a real browser
tests|ip|iproute2|hosts played on a TUN device
tests|nginx|nginx-light|the pages behind a reverse proxy
tests|prometheus|prometheus|a real Prometheus that scrapes, and promtool
tests|prometheus-smokeping-prober|prometheus-smokeping-prober|the names of smokeping_prober
tests|pg_ctlcluster|postgresql|the store in a real PostgreSQL
tests|gcc|gcc libc6-dev|the store without the writes that were never synced
tests|prometheus|prometheus|windows written to a real Prometheus
tests|victoria-metrics|victoria-metrics|windows written to a real VictoriaMetrics
bench|ip|iproute2|the figures with simulated hosts
bench|fping|fping|the figures of the batch mode
bench|prometheus-smokeping-prober|prometheus-smokeping-prober|the figures of the service
bench|pg_ctlcluster|postgresql|the figures of the store in PostgreSQL
bench|nginx|nginx-light|the figures of HTTP
bench|prometheus-blackbox-exporter|prometheus-blackbox-exporter|the figures of HTTP
TABLE
}

missing() { # prints the lines of a kind whose command is not there
  needs | while IFS='|' read -r kind command packages purpose; do
    if [ "$kind" = "$1" ] && ! command -v "$command" >/dev/null; then
      printf '%s|%s|%s\n' "$command" "$packages" "$purpose"
    fi
  done
}

find_reason_not_to_install() {
  if ! command -v apt-get >/dev/null; then
    echo "this machine has no apt-get"
  elif [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    echo "this user is not root and sudo asks for a password"
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_quietly() {
  as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -qq -o DPkg::Lock::Timeout=60 \
    install -y --no-install-recommends "$@" >/dev/null
}

# Debian starts services as it installs them, and at every boot: neither is wanted for a test.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d mine=
  if [ ! -e "$policy" ]; then
    mine=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  "$@"
  if [ -n "$mine" ]; then as_root rm -f "$policy"; fi
}

keep_from_booting() { # the service of a command that was just installed bears its name, or that of its package
  local service
  for service in "$@"; do
    if [ -d /run/systemd/system ] && systemctl cat "$service.service" >/dev/null 2>&1; then
      as_root systemctl disable --quiet "$service.service"
    fi
  done
}

install_all() { # reads the lines of missing
  as_root timeout 120 apt-get -qq update >/dev/null || echo "apt-get update failed; trying with the lists that are there"
  while IFS='|' read -r command packages purpose; do
    echo "installing $packages, for $purpose"
    # shellcheck disable=SC2086 # several packages
    install_quietly $packages </dev/null || echo "$packages could not be installed"
    # shellcheck disable=SC2086
    keep_from_booting "$command" $packages
  done
}

kind=${1:?usage: build/packages.sh tests|bench}
lacking=$(missing "$kind")
if [ -n "$lacking" ]; then
  reason=$(find_reason_not_to_install)
  if [ -z "$reason" ]; then
    without_starting_services install_all <<<"$lacking"
  else
    echo "Not installed, because $reason:"
  fi
  missing "$kind" | while IFS='|' read -r command packages purpose; do
    echo "  $command is missing (sudo apt-get install $packages): skipping $purpose"
  done
fi
exit 0
