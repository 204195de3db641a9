# shellcheck shell=bash
# Unpacks Debian packages, with everything they depend on, into a directory of
# their own. Nothing is installed into the system and root is not needed: the
# programs are started through the dynamic loader of that directory.
#
# To be sourced. Needs apt-get and dpkg, and a Debian mirror in the system's
# own apt configuration. bash, set -eu.

# The mirror that this machine's apt uses.
debian_mirror() {
	local file
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -r "$file" ] || continue
		awk '/^URIs:/ && $2 ~ /debian\/?$/ { print $2; exit }' "$file"
	done
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$file" ] || continue
		awk '$1 == "deb" {
			for (i = 2; i <= NF; i++)
				if ($i ~ /^https?:.*debian\/?$/) { print $i; exit }
		}' "$file"
	done
}

# download_packages STORE SUITE PACKAGE...
# Leaves the closure of the packages in STORE/cache/archives.
download_packages() {
	local store=$1 suite=$2 mirror
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	shift 2
	mirror=$(debian_mirror | head -n 1)
	if [ -z "$mirror" ]; then
		echo "no Debian mirror in apt's configuration" >&2
		return 1
	fi
	mkdir -p "$store/lists/partial" "$store/cache/archives/partial"
	: >"$store/status"
	echo "deb [signed-by=$keyring] $mirror $suite main" >"$store/sources.list"
	local options=(
		-qq
		-o "Dir::Etc::SourceList=$store/sources.list"
		-o "Dir::Etc::SourceParts=-"
		-o "Dir::State::Lists=$store/lists"
		-o "Dir::State::Status=$store/status"
		-o "Dir::Cache=$store/cache"
		-o "Dir::Cache::Archives=$store/cache/archives"
		-o "APT::Sandbox::User="
		-o "APT::Keep-Downloaded-Packages=true"
		-o "Acquire::Retries=3"
		-o "Debug::NoLocking=true"
	)
	apt-get "${options[@]}" update >&2 || return 1
	apt-get "${options[@]}" --yes --no-install-recommends \
		--download-only install "$@" >&2 || return 1
	# What an earlier state of the suite left behind must not be unpacked.
	apt-get "${options[@]}" autoclean >&2 || return 1
}

# Packages that no test server needs: init systems, perl, disk tools, ...
unneeded_packages='^(adduser|ca-certificates|coreutils|debconf|dmeventd|dpkg'
unneeded_packages+='|e2fsprogs|init-|libblas|libgfortran|liblapack|libopenblas'
unneeded_packages+='|libperl|linux-|logsave|lvm2|media-types|mount|parted'
unneeded_packages+='|passwd|perl|smartmontools|sudo|systemd|sysvinit|tar|udev'
unneeded_packages+='|util-linux|xfsprogs)'

# unpack_packages STORE ROOT
unpack_packages() {
	local store=$1 root=$2 name archive
	mkdir -p "$root/usr"
	for name in bin sbin lib lib64; do
		mkdir -p "$root/usr/$name"
		ln -sfn "usr/$name" "$root/$name"
	done
	for archive in "$store"/cache/archives/*.deb; do
		name=${archive##*/}
		[[ $name =~ $unneeded_packages ]] || printf '%s\0' "$archive"
	done | xargs -0 -P "$(nproc)" -I '{}' dpkg -x '{}' "$root"
	rm -rf "$root"/usr/share/{doc,man,locale,info,lintian,perl,perl5} \
		"$root"/usr/share/bash-completion "${root:?}/var"
}

# private_root BASE SUITES CHECK PACKAGE...
# Prints the path of a complete root. An existing one is used, of the first of
# SUITES that has one; else the suites are tried in order. CHECK ROOT is called
# on a new root and refuses it by failing. Calls at the same time wait for each
# other.
private_root() {
	local base=$1 suites=$2 check=$3 suite root
	shift 3
	mkdir -p "$base"
	(
		flock 9
		for suite in $suites; do
			root=$base/root-$suite
			if [ -e "$root/.complete" ]; then
				echo "$root"
				exit 0
			fi
		done
		for suite in $suites; do
			root=$base/root-$suite
			rm -rf "$root" "$root.new"
			echo "unpacking $* of Debian $suite" >&2
			if download_packages "$base/packages-$suite" "$suite" "$@" &&
				unpack_packages "$base/packages-$suite" "$root.new" &&
				"$check" "$root.new" >&2; then
				mv "$root.new" "$root"
				touch "$root/.complete"
				echo "$root"
				exit 0
			fi
			rm -rf "$root.new"
			echo "Debian $suite does not do" >&2
		done
		exit 1
	) 9>"$base/lock"
}

# root_loader ROOT: sets the array LOADER, which starts a program of the root
# on any kernel: "${LOADER[@]}" ROOT/usr/bin/PROGRAM.
root_loader() {
	local root=$1 loader libraries
	loader=$(compgen -G "$root/usr/lib/*-linux-gnu*/ld-linux*.so.*" | head -n 1)
	libraries=${loader%/*}
	# shellcheck disable=SC2034 # the caller's
	LOADER=("$loader" --library-path "$libraries:$libraries/ceph")
}

# root_python ROOT: sets the array PYTHON, which starts the root's Python.
root_python() {
	local root=$1 program
	root_loader "$root"
	program=$(compgen -G "$root/usr/bin/python3.[0-9]*" | grep -v config |
		sort -V | tail -n 1)
	# shellcheck disable=SC2034 # the caller's
	PYTHON=(env "PYTHONHOME=$root/usr" "${LOADER[@]}" "$program")
}
