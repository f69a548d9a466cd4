#!/usr/bin/env bash
# Issuing and verifying one credential: Assay beside its Node.js peer, one process each, one after the other in one run.
#
#   benches/peers.sh            installs the peer's packages when they are missing, runs both, prints one table
#
# Both sides work on benches/credential.json. SECONDS_EACH says how long the peer is timed (5).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! -d tests/judges/node_modules/@digitalbazaar/vc ]]; then
    (cd tests/judges && npm ci)
fi

echo "== ours: cargo bench --bench credentials" >&2
target=${CARGO_TARGET_DIR:-target}
rm -rf "$target/criterion"
cargo bench --locked --bench credentials >&2

echo "== the peer: tests/judges/bench.mjs" >&2
peer=$(node -e '
    const credential = JSON.parse(require("fs").readFileSync("benches/credential.json", "utf8"));
    console.log(JSON.stringify({credential, seconds: Number(process.env.SECONDS_EACH ?? 5)}));
' | (cd tests/judges && node bench.mjs))

echo "machine: $(lscpu | sed -n 's/^Model name: *//p' | head -n 1), $(nproc) cores; $(rustc --version); node $(node --version)"
node benches/table.mjs "$peer" "$target/criterion"
