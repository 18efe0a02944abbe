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

# licences [KEPT] writes what the licences of Go and of all modules in the programs want to be handed out with them. The text of the
# Apache License is not written where it is KEPT by the system already.
licences() {
	local kept=${1:-} path version folder file
	echo "The programs hold parts of Go and of the modules below. These are their licences."
	printf '\n== Go\n\n'
	cat "$($GO env GOROOT)/LICENSE"
	$GO list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/... | sort -u | while read -r path version folder; do
		printf '\n== %s %s\n\n' "$path" "$version"
		find "$folder" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) | sort | while read -r file; do
			if [ -n "$kept" ] && grep -q 'Version 2.0, January 2004' "$file"; then
				echo "Apache License, version 2.0: $kept"
			else
				cat "$file"
			fi
		done
	done
}

# pages are what there is to read, and under which name it is put in.
pages='README.md=README.md codec/PROTOCOL.md=PROTOCOL.md cmd/looproom/README.md=looproom.md cmd/loopchat/README.md=loopchat.md bench/README.md=loopbench.md'

# documents FOLDER puts in what there is to read, with the pictures. What a link leads to stands beside it; where that is not in the
# folder, the link becomes plain text. So whatever else belongs into the folder has to be there before.
documents() {
	local folder=$1 page target
	mkdir -p "$folder/images"
	for page in $pages; do
		target=${page%=*}
		sed -nE 's,^!\[.*\]\((.*)\)$,\1,p' "$target" | (cd "$(dirname "$target")" && xargs -r cp -t "$folder/images")
		sed -E 's,\]\(([^):]*/)?PROTOCOL\.md,](PROTOCOL.md,g
			s,\]\((\.\./)*(cmd/)?(looproom|loopchat)/README\.md,](\3.md,g
			s,\]\((\.\./)*bench/README\.md,](loopbench.md,g
			s,\]\((\.\./)+README\.md,](README.md,g
			s,\]\([^):]*/([^)/]*\.(png|svg))\),](images/\1),g
			s,\[([^]]*)\]\(\.\),\1,g
			s,\]\((cmd/looproom/)?systemd/looproom\.service\),](systemd/looproom.service),g
			s,\]\(cmd/looproom/(systemd|looproom\.toml)\),](\1),g' "$target" >"$folder/${page#*=}"
	done
	grep -ohE '\]\([^)#:]+' "$folder"/*.md | cut -c3- | sort -u | while read -r target; do
		[ -e "$folder/$target" ] || sed -i -E "s,\[([^]]*)\]\($target(#[^)]*)?\),\1,g" "$folder"/*.md
	done
}

# service FOLDER puts in what runs the server under systemd.
service() {
	mkdir -p "$1/systemd"
	cp cmd/looproom/looproom.toml "$1/"
	cp cmd/looproom/systemd/{looproom.service,service.sed,grafana-dashboard.json,prometheus-alerts.yml} "$1/systemd/"
}

# even FOLDER gives all in it the time of the commit, and rights that don't depend on the umask.
even() {
	find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	find "$1" -type d -exec chmod 755 {} + -o -type f -perm /111 -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
}

# pack NAME SYSTEM-ARCH PROGRAM... makes an archive of the programs and of what belongs to them.
pack() {
	local name=$1-$VERSION-$2 from=$parts/$2 program suffix=
	shift 2
	case $name in *-windows-*) suffix=.exe ;; esac
	rm -rf "${parts:?}/$name"
	mkdir -p "$parts/$name/man" "$parts/$name/completions"
	cp LICENSE "$parts/LICENSES" "$parts/$name/"
	for program; do
		cp "$from/$program$suffix" "$parts/$name/"
		cp "$parts/man/$program.1" "$parts/$name/man/"
		cp "$parts/completions/$program.bash" "$parts/completions/_$program" "$parts/completions/$program.fish" "$parts/$name/completions/"
	done
	case " $* " in *" looproom "*) service "$parts/$name" ;; esac
	documents "$parts/$name"
	even "$parts/$name"
	if [ -n "$suffix" ]; then
		(cd "$parts" && rm -f "$OUT/$name.zip" && find "$name" | sort | zip -q -X "$OUT/$name.zip" -@)
	else
		tar -C "$parts" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" | gzip -9n >"$OUT/$name.tar.gz"
	fi
}

archives() {
	local arch
	rm -rf "$parts" "$OUT"/*.tar.gz "$OUT"/*.zip "$OUT"/*.deb "$OUT/SHA256SUMS"
	manuals
	licences >"$parts/LICENSES"
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

# changelog is what Debian wants to find; the whole history is in git.
changelog() {
	echo "looproom ($DEB_VERSION) unstable; urgency=medium"
	echo
	cat cmd/looproom/debian/changes
	echo "  * Built from commit $COMMIT."
	echo
	echo " -- $(sed -n 's/^maintainer: //p' cmd/looproom/debian/nfpm.yaml)  $(date -R -d "@$SOURCE_DATE_EPOCH")"
}

packages() {
	local program debian=$parts/debian
	rm -rf "$OUT"/*.deb "$debian"
	for program in looproom loopbench loopchat; do
		gzip -9n <"$parts/man/$program.1" >"$parts/man/$program.1.gz"
	done
	export PARTS=$parts DEB_VERSION ARCH
	DEB_VERSION=$(debian_version)
	mkdir -p "$debian/doc"
	sed 's,/usr/local/bin/,/usr/bin/,; /^# Copy looproom to/,/^#   systemctl/d' cmd/looproom/systemd/looproom.service >"$debian/looproom.service"
	sed -f cmd/looproom/systemd/service.sed cmd/looproom/looproom.toml >"$debian/looproom.toml"
	service "$debian/doc"
	documents "$debian/doc"
	changelog | gzip -9n >"$debian/doc/changelog.gz"
	{ cat LICENSE && echo && licences /usr/share/common-licenses/Apache-2.0; } >"$debian/doc/copyright"
	even "$debian"
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
