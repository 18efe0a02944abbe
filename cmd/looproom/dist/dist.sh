#!/usr/bin/env bash
# Builds what is handed out, from the folder of go.mod: archives of static programs for each system in OUT, and SHA256SUMS. Two runs on one
# commit give the same bytes. With deb as its argument it packs OUT's programs for Linux as Debian packages instead, with NFPM.
set -eu
export LC_ALL=C TZ=UTC CGO_ENABLED=0
: "${GO:=go}" "${OUT:=dist}" "${NFPM:=nfpm}"
: "${VERSION:=$(git describe --tags --always --dirty)}" "${COMMIT:=$(git rev-parse HEAD)}" # also where they are set and empty
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
parts=$OUT/parts

# build SYSTEM ARCH PROGRAM... leaves the programs in parts/SYSTEM-ARCH. What the working copy is like is in VERSION, not in their stamps.
build() {
	local system=$1 arch=$2
	shift 2
	GOOS=$system GOARCH=$arch $GO build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" \
		-o "$parts/$system-$arch/" "${@/#/./cmd/}"
}

# manuals writes what is made of the flags, by programs for this machine.
manuals() {
	local program
	mkdir -p "$parts/here" "$parts/man" "$parts/completions"
	$GO build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o "$parts/here/" ./cmd/...
	for program in looproom loopbench loopchat; do
		"$parts/here/$program" man >"$parts/man/$program.1"
		"$parts/here/$program" completion bash >"$parts/completions/$program.bash"
		"$parts/here/$program" completion zsh >"$parts/completions/_$program"
		"$parts/here/$program" completion fish >"$parts/completions/$program.fish"
	done
}

# pack NAME SYSTEM-ARCH PROGRAM... makes an archive of the programs and of what belongs to them.
pack() {
	local name=$1-$VERSION-$2 from=$parts/$2 program suffix=
	shift 2
	case $name in *-windows-*) suffix=.exe ;; esac
	rm -rf "${parts:?}/$name"
	mkdir -p "$parts/$name/man" "$parts/$name/completions"
	cp LICENSE README.md "$parts/$name/"
	for program; do
		cp "$from/$program$suffix" "$parts/$name/"
		cp "$parts/man/$program.1" "$parts/$name/man/"
		cp "$parts/completions/$program.bash" "$parts/completions/_$program" "$parts/completions/$program.fish" "$parts/$name/completions/"
	done
	case " $* " in *" looproom "*) cp cmd/looproom/looproom.toml cmd/looproom/systemd/looproom.service "$parts/$name/" ;; esac
	find "$parts/$name" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	find "$parts/$name" -type d -exec chmod 755 {} + -o -type f -perm /111 -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
	if [ -n "$suffix" ]; then
		(cd "$parts" && rm -f "$OUT/$name.zip" && find "$name" | sort | zip -q -X "$OUT/$name.zip" -@)
	else
		tar -C "$parts" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" | gzip -9n >"$OUT/$name.tar.gz"
	fi
}

archives() {
	local arch
	rm -rf "$parts" "$OUT"/*.tar.gz "$OUT"/*.zip "$OUT/SHA256SUMS"
	manuals
	for arch in amd64 arm64; do
		build linux "$arch" looproom loopbench loopchat
		pack looproom "linux-$arch" looproom loopbench loopchat
		build darwin "$arch" loopchat
		pack loopchat "darwin-$arch" loopchat
	done
	build windows amd64 loopchat
	pack loopchat windows-amd64 loopchat
}

# debian_version begins with a digit, as it has to, also where there is no tag yet.
debian_version() {
	case $VERSION in
	v[0-9]*) echo "${VERSION#v}" ;;
	*) echo "0~$(date -d "@$SOURCE_DATE_EPOCH" +%Y%m%d.%H%M%S)+$VERSION" ;;
	esac | tr _- ..
}

packages() {
	local program
	rm -f "$OUT"/*.deb
	for program in looproom loopbench loopchat; do
		gzip -9n <"$parts/man/$program.1" >"$parts/man/$program.1.gz"
	done
	sed 's,/usr/local/bin/,/usr/bin/,; /^# Copy looproom to/,/^#   systemctl/d' cmd/looproom/systemd/looproom.service >"$parts/looproom.service"
	export PARTS=$parts DEB_VERSION ARCH
	DEB_VERSION=$(debian_version)
	for ARCH in amd64 arm64; do
		$NFPM package --config cmd/looproom/debian/nfpm.yaml --packager deb --target "$OUT/"
	done
}

case ${1:-archives} in
archives) archives ;;
deb) packages ;;
*) echo "dist.sh: $1 is neither archives nor deb" >&2; exit 2 ;;
esac
cd "$OUT"
find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS
cat SHA256SUMS
