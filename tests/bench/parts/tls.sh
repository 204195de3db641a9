# Over TLS, and what it costs to know whom to believe. In run.sh's world.
# shellcheck shell=bash disable=SC2154

tls_hit() {
	local name=$1 url
	pushed "$name"
	url=$CEPH_S3_TLS_URL/bench/$KEYS/$name.json.gz
	AWS_CA_BUNDLE=$CEPH_CA_FILE AWS_ENDPOINT_URL_S3=$CEPH_S3_TLS_URL \
		TEAMCACHE_DIR=$work/cold "$work/race" $(($(rounds_of "$name") / 4 + 1)) \
		-c "$work/cold" ::: "$teamcache" fetch "$name" \
		::: "$curl" --cacert "$CEPH_CA_FILE" "${SIGN[@]}" "$url" >"$work/times"
	swept "$name"
	versus "$name: cold over TLS : static curl" -
}

# One root, as many as are built in, all of the machine's: by processor time,
# since the handshake's wall time is the server's.
trust_store() {
	local chain=${anchored%/*}/anchors system=/etc/ssl/certs/ca-certificates.crt
	local lane built_in all
	[ -r "$system" ] || {
		without "$system" "trust store"
		return
	}
	lane=$(curl -sS -d "{\"upstream\":\"$CEPH_S3_URL\",\"tls\":\"$chain/chain.pem\"}" \
		"$FAULT_FAULT_CONTROL_URL/lanes" | jq -r .url)
	start proxy TUNNEL "--to=${lane#https://}"
	cat "$chain/root.crt" "$system" >"$work/all.pem"
	printf '[default]\ns3 =\n  addressing_style = path\n' >"$work/profiles"
	built_in=$(grep -c BEGIN "$chain/anchors.h")
	all=$(grep -c BEGIN "$work/all.pem")
	pushed 10k
	(
		unset AWS_ENDPOINT_URL_S3
		export AWS_CONFIG_FILE=$work/profiles AWS_REGION=eu-west-1
		export https_proxy=http://127.0.0.1:$TUNNEL_PROXY_PORT
		read=("$anchored" fetch 10k --no-local)
		"$work/race" $((rounds / 2 + 1)) \
			::: env AWS_CA_BUNDLE="$chain/root.crt" "${read[@]}" \
			::: env AWS_REGION=eu-west-1 "${read[@]}" \
			::: env AWS_CA_BUNDLE="$work/all.pem" "${read[@]}"
	) >"$work/times"
	"$servers/proxy/stop" "$work/proxy"
	figure "processor time with 1 root, with $built_in built-in roots" \
		"$(field 1 3)" "$(field 2 3)"
	figure "processor time with $all roots of a bundle" "$(field 3 3)"
	# The test's root, built in, is one more than the product has: what it
	# takes beyond one is what the product's take.
	limit "the trust store for an AWS host, microseconds a run" 1000 \
		$(($(field 2 3) - $(field 1 3)))
}

heading "remote hit over TLS"
for name in 1k 10k 428k 10m 100m; do
	tls_hit "$name"
done
AWS_CA_BUNDLE=$CEPH_CA_FILE AWS_ENDPOINT_URL_S3=$CEPH_S3_TLS_URL strace -f \
	-e trace=connect -o "$work/trace" "$teamcache" fetch 10k --no-local >/dev/null
limit "connections" 1 \
	"$(grep -c "connect(.*AF_INET,.*htons(${CEPH_S3_TLS_URL##*:})" "$work/trace")"
trust_store
