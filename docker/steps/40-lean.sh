#!/usr/bin/env bash
# Lean for the lean worker: elan at a pinned version, a pinned toolchain, Mathlib with its cache, the REPL.
# Needs the network (github.com and Mathlib's cache) and about 8 GB of disk. Run as the user quod.
# The three are of one Lean version; a checkout that names another toolchain ends the step. Not below v4.32.2: the
# kernels before it could be brought to accept a proof of False by a malicious metaprogram.
set -euo pipefail
elan_version=v4.2.3
lean=${LEAN_VERSION:-v4.34.0}
home=${LEAN_HOME:-/opt/lean} # engines in the sandbox may read below /opt; a home is hidden from them

case $(uname -m) in
  x86_64) machine=x86_64 digest=df0b2b3a439961ffcbb3985214365ffe40f49bc871df04dff268c7d8e21ca8b2 ;;
  aarch64) machine=aarch64 digest=cb69af0803b04157bc30201c29c12fca882bb3ad8b43476b8d2d3064810bc3ac ;;
  *) echo "no elan for $(uname -m)" >&2 && exit 1 ;;
esac
archive=$(mktemp -d)
curl -fsSL -o "$archive/elan.tar.gz" \
  "https://github.com/leanprover/elan/releases/download/$elan_version/elan-$machine-unknown-linux-gnu.tar.gz"
echo "$digest  $archive/elan.tar.gz" | sha256sum --check --quiet
tar -xzf "$archive/elan.tar.gz" -C "$archive"
"$archive/elan-init" -y --no-modify-path --default-toolchain none
rm -rf "$archive"
export PATH="$HOME/.elan/bin:$PATH"
elan toolchain install "leanprover/lean4:$lean"
elan default "leanprover/lean4:$lean"

# checkout NAME [COMMIT]: the tag of this Lean version; COMMIT, where it is given, is what the tag must be.
checkout() {
  git clone --quiet --depth 1 --branch "$lean" "https://github.com/leanprover-community/$1" "$home/$1"
  if [ -n "${2:-}" ] && [ "$(git -C "$home/$1" rev-parse HEAD)" != "$2" ]; then
    echo "$1 $lean is not the commit $2" >&2 && exit 1
  fi
  if [ "$(tr -d '[:space:]' <"$home/$1/lean-toolchain")" != "leanprover/lean4:$lean" ]; then
    echo "$1 $lean wants another Lean: $(cat "$home/$1/lean-toolchain")" >&2 && exit 1
  fi
}
checkout mathlib4 "${MATHLIB_COMMIT:-}"
(cd "$home/mathlib4" && lake exe cache get && lake build)
checkout repl "${REPL_COMMIT:-}"
(cd "$home/repl" && lake build)
