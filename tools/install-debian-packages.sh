#!/bin/sh
# Install the Debian packages whose programs the tests run. Says nothing and takes no time when all are there.
#
# Packages are installed by root or by a sudo that asks for no password; without either, and on a system without apt,
# the missing programs are named and the tests that run them are skipped. With CI=true a missing program is a failure.
# No service is started, now or at the next boot.
set -eu

# program:package, or program:package,package: without fonts a browser has nothing to measure, without iptables dockerd
# does not start, and without Erlang's headers a release cannot be made
PROGRAMS='nginx:nginx busybox:busybox-static dash:dash chromium:chromium,fonts-dejavu-core,fonts-liberation
    dockerd:docker.io,iptables docker-compose:docker-compose docker-registry:docker-registry elixir:elixir,erlang-dev
    curl:curl ruby:ruby puma:puma dot:graphviz'
# package:service; elixir's is Erlang's epmd
SERVICES='nginx:nginx docker.io:docker docker.io:containerd docker-registry:docker-registry elixir:epmd'
POLICY=/usr/sbin/policy-rc.d

# Debian keeps servers in sbin, which an ordinary user's PATH lacks.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

missing_packages() {
    for pair in $PROGRAMS; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair#*:}" | tr , ' '
    done
}

give_up() {
    echo "install-debian-packages.sh: missing: $1" >&2
    echo "install-debian-packages.sh: $2" >&2
    if [ "${CI:-}" = true ]; then
        exit 1
    fi
    exit 0
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# A package that brings a server starts it. policy-rc.d is Debian's way to say no, with 101 for "forbidden" (manual page
# invoke-rc.d(8)); one that stands there already is the administrator's, and is left alone.
forbid_services() {
    if [ ! -e "$POLICY" ]; then
        trap 'as_root rm -f "$POLICY"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' HUP TERM
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
        as_root chmod 755 "$POLICY"
    fi
}

# A system may start a service by its script, by its unit, or when someone knocks at its socket.
disable() {
    if [ -e "/etc/init.d/$1" ]; then
        as_root update-rc.d "$1" disable
    fi
    for unit in "$1.service" "$1.socket"; do
        if command -v systemctl >/dev/null 2>&1 && [ -e "/lib/systemd/system/$unit" ]; then
            as_root systemctl --quiet disable "$unit"
        fi
    done
}

missing=$(missing_packages)
if [ -z "$missing" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    give_up "$missing" "there is no apt-get here: install what these packages of Debian hold"
fi
if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    give_up "$missing" "install them: sudo apt-get install --no-install-recommends $missing"
fi

forbid_services
as_root apt-get update -qq
# shellcheck disable=SC2086 # one word a package
as_root apt-get install -qq -o Dpkg::Use-Pty=0 --yes --no-install-recommends $missing
for pair in $SERVICES; do
    case " $missing" in
        *" ${pair%%:*} "*) disable "${pair#*:}" ;;
    esac
done

missing=$(missing_packages)
if [ -n "$missing" ]; then
    give_up "$missing" "apt-get installed the packages, and their programs are still not on PATH"
fi
