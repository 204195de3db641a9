# Servers, keys, documents and peers. To be sourced.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names of run.sh, and for the parts

# As large as Cost Explorer's answers are, and beyond: NAME:SERVICES:DAYS.
DOCUMENTS=(1k:1:2 10k:1:24 90k:9:30 428k:42:30 10m:210:142 100m:210:1424)
ACCOUNT=123456789012
MONTH=$(TZ=UTC printf '%(%Y-%m)T' -1)
KEYS=cache-v1/$ACCOUNT/$MONTH

# Nothing of the caller's environment that means something to one of us.
forget_environment() {
	local name
	for name in $(compgen -e); do
		case $name in
		AWS_* | TEAMCACHE_* | *_proxy | *_PROXY | SSL_CERT_* | \
			CURL_CA_BUNDLE | REQUESTS_CA_BUNDLE | XDG_*)
			unset "$name"
			;;
		esac
	done
}

# start NAME PREFIX ARGUMENT...: a server whose lines become PREFIX_KEY.
start() {
	local line
	"$servers/$1/start" "$work/$1" --owner $$ "${@:3}" >"$work/$1.env"
	while IFS= read -r line; do
		declare -g "$2_${line?}"
	done <"$work/$1.env"
}

begin_world() {
	# What was unpacked once is found by the caller's home.
	export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}
	start ceph CEPH
	start moto MOTO
	start fault FAULT
	forget_environment
	export HOME=$work/home
	mkdir -p "$HOME"
	export AWS_ACCESS_KEY_ID=$CEPH_ACCESS_KEY AWS_SECRET_ACCESS_KEY=$CEPH_SECRET_KEY
	export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
	export AWS_ENDPOINT_URL_S3=$CEPH_S3_URL AWS_EC2_METADATA_DISABLED=true
	export AWS_ENDPOINT_URL_STS=$MOTO_AWS_URL
	export AWS_ENDPOINT_URL_COST_EXPLORER=$MOTO_AWS_URL
	export TEAMCACHE_BUCKET=bench TEAMCACHE_ACCOUNT_ID=$ACCOUNT
	S3_URL=$CEPH_S3_URL BUCKET=bench REGION=us-east-1 \
		ACCESS_KEY=$AWS_ACCESS_KEY_ID SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
		python3 -B "$servers/lib/s3_client.py" create-bucket >/dev/null
	build_programs
	python3 -B "$here/documents.py" "$work" "${DOCUMENTS[@]}"
	peers
}

# shellcheck disable=SC2317 # called by the trap
end_world() {
	local server
	for server in delay proxy fault moto ceph; do
		[ ! -d "$work/$server" ] || "$servers/$server/stop" "$work/$server" ||
			echo "bench: cannot stop $server" >&2
	done
	rm -rf "$work"
}

build_programs() {
	local name
	for name in race herd; do
		cc -O2 -D_GNU_SOURCE -o "$work/$name" "$here/$name.c"
	done
	gcc "-specs=${BENCH_MUSL:?}" -O2 -fPIE -static-pie -s -o "$work/cat" \
		"$here/cat.c"
}

# Other tools that read S3, and how they are told.
peers() {
	SIGN=(-sS --aws-sigv4 aws:amz:us-east-1:s3
		--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY")
	export RCLONE_CONFIG=$work/rclone.conf
	cat >"$RCLONE_CONFIG" <<-CONF
		[bench]
		type = s3
		provider = Ceph
		env_auth = true
		endpoint = $CEPH_S3_URL
	CONF
	cat >"$HOME/.s3cfg" <<-CONF
		[default]
		access_key = $AWS_ACCESS_KEY_ID
		secret_key = $AWS_SECRET_ACCESS_KEY
		host_base = ${CEPH_S3_URL#http://}
		host_bucket = ${CEPH_S3_URL#http://}
		use_https = False
	CONF
	cp "$HOME/.s3cfg" "$work/s3cfg"
}

# rounds_of NAME: fewer of what is large.
rounds_of() {
	local n=$rounds
	case $1 in
	10m) n=$((rounds / 20)) ;;
	100m) n=$((rounds / 60)) ;;
	esac
	echo $((n > 1 ? n : 1))
}

# pushed NAME...: their documents lie in S3.
pushed() {
	local name
	for name; do
		[ -e "$work/$name.pushed" ] && continue
		"$teamcache" push "$name" "$work/$name.json" --ttl 60m -q
		touch "$work/$name.pushed"
	done
}

# swept NAME: what reading it left goes where it is large. The rest stays to
# the end: ext4 makes files slowly for minutes after many were removed.
swept() {
	[[ $1 != *m ]] || rm -rf "$work"/cold*
}

object_url() {
	echo "$CEPH_S3_URL/bench/$KEYS/$1.json.gz"
}
