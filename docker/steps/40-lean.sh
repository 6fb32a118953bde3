#!/usr/bin/env bash
# Lean for the lean worker: elan at a pinned version, a pinned toolchain, Mathlib with its cache, the REPL.
# Needs the network (github.com and Mathlib's cache) and about 8 GB of disk. Run as the user quod.
set -euo pipefail
elan_version=${ELAN_VERSION:-v4.1.2}
toolchain=${LEAN_TOOLCHAIN:-leanprover/lean4:v4.24.0}
mathlib=${MATHLIB_REVISION:-v4.24.0}
home=${LEAN_HOME:-$HOME/lean}

case $(uname -m) in
  x86_64) machine=x86_64 ;;
  aarch64) machine=aarch64 ;;
  *) echo "no elan for $(uname -m)" >&2 && exit 1 ;;
esac
archive=$(mktemp -d)
curl -fsSL -o "$archive/elan.tar.gz" \
  "https://github.com/leanprover/elan/releases/download/$elan_version/elan-$machine-unknown-linux-gnu.tar.gz"
if [ -n "${ELAN_SHA256:-}" ]; then
  echo "$ELAN_SHA256  $archive/elan.tar.gz" | sha256sum --check --quiet
fi
tar -xzf "$archive/elan.tar.gz" -C "$archive"
"$archive/elan-init" -y --no-modify-path --default-toolchain "$toolchain"
rm -rf "$archive"
export PATH="$HOME/.elan/bin:$PATH"

git clone --quiet --depth 1 --branch "$mathlib" https://github.com/leanprover-community/mathlib4 "$home/mathlib4"
(cd "$home/mathlib4" && lake exe cache get && lake build)
git clone --quiet --depth 1 --branch "$mathlib" https://github.com/leanprover-community/repl "$home/repl"
(cd "$home/repl" && lake build)
