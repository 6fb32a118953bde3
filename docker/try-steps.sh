#!/usr/bin/env bash
# Run the install steps of the images in a bare Debian root (debootstrap), where no Docker engine is at hand.
# Needs root, debootstrap and the network. Says of each step whether it ran; the Lean step runs only with --lean.
#   docker/try-steps.sh [--lean] [FOLDER]
set -euo pipefail
lean=0
if [ "${1:-}" = --lean ]; then lean=1 && shift; fi
root=${1:-$(mktemp -d)}
chmod 755 "$root" # mktemp makes it root's alone, and the last steps are not root's
here=$(cd "$(dirname "$0")/.." && pwd)

[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$root.log" 2>&1
cp /etc/resolv.conf "$root/etc/resolv.conf"
# How this machine reaches its registries (proxies, mirrors), if it has its own way; none of it is in the images.
for file in /etc/pip.conf /etc/apt/apt.conf.d/*proxy*; do
  if [ -e "$file" ]; then install -D "$file" "$root$file"; fi
done
mkdir -p "$root/src"
git -C "$here" archive HEAD | tar -x -C "$root/src"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT

run() {
  echo "== $1"
  chroot "$root" /usr/bin/env bash "/src/docker/steps/$1" "${@:2}" && echo "ok: $1"
}
run 10-system.sh
for file in /etc/ssl/certs/ca-certificates.crt ${PIP_CERT:-} ${SSL_CERT_FILE:-}; do # this machine's certificates, likewise
  if [ -f "$file" ]; then install -D "$file" "$root$file"; fi
done
export PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
chroot "$root" id quod >/dev/null 2>&1 || run 30-user.sh
run 20-python.sh /src
chroot --userspec=10001:10001 "$root" /usr/bin/env HOME=/home/quod /opt/quod/bin/quod doctor || true
echo "== a problem, as the unprivileged user"
chroot --userspec=10001:10001 "$root" /usr/bin/env HOME=/home/quod /opt/quod/bin/quod solve \
  "Every wumpus is not shy. Rex is a wumpus. True or false: Rex is shy." --expect disproved
if [ "$lean" = 1 ]; then
  chroot "$root" /usr/bin/env bash -c "apt-get install -y -qq --no-install-recommends curl git"
  chroot --userspec=10001:10001 "$root" /usr/bin/env HOME=/home/quod bash /src/docker/steps/40-lean.sh && echo "ok: 40-lean.sh"
else
  echo "not tried: 40-lean.sh (needs github.com and about 8 GB; --lean)"
fi
