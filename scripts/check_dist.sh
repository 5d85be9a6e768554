#!/bin/sh
# Checks make install, the archive and the wheel with the program of this machine: the same bytes twice, all of them there,
# and the library found wherever they are put. Usage, after make: scripts/check_dist.sh
set -eu
cd "$(dirname "$0")/.."
out=$PWD/out/check-dist
rm -rf "$out"
for twice in 1 2; do
	SOURCE_DATE_EPOCH=1700000000 python3 scripts/dist.py --version v1.2 --output "$out/$twice"
done
diff -r "$out/1" "$out/2"
(cd "$out/1" && sha256sum --check --strict SHA256SUMS)

tar -xzf "$out"/1/*.tar.gz -C "$out"
mv "$out"/zellige-v1.2-* "$out/unpacked"
test -s "$out/unpacked/README.md"
test -s "$out/unpacked/licences.txt"
python3 -m venv "$out/wheel"
"$out/wheel/bin/pip" install --quiet --disable-pip-version-check --no-index "$out"/1/*.whl
python3 scripts/dist.py --install "$out/installed" >/dev/null

for prefix in "$out/unpacked" "$out/wheel" "$out/installed"; do
	(cd / && env -i "$prefix/bin/zellige" doctor) >"$out/doctor"
	cat "$out/doctor"
	grep -qF "library  $prefix/lib/zellige/" "$out/doctor"
	grep -q '^\.TH' "$prefix/share/man/man1/zellige.1"
done
