#!/usr/bin/env bats
# The way to AWS: whom the program believes, proxies, regions. Test servers
# answer under AWS's own names, behind a proxy that leads every tunnel to them,
# with certificates made like AWS's.

load helper

setup() {
	isolate
	need_server fault
	CHAIN=${TC_ANCHORS_BIN%/*}/anchors
	BUCKET=acme-team-cache
	export TEAMCACHE_BUCKET=$BUCKET
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
}

# aws_here [PEM]: what is sent to AWS's names arrives at the server of `fault`.
aws_here() {
	open_fault_lane "" "${1:-$CHAIN/chain.pem}"
	PLAIN_LANE=$FAULT_LANE
	start_proxy aws "--to=${FAULT_URL#https://}"
	export https_proxy=http://$PROXY
}

# Answers of S3 in rules: absent, moved to a region by header, by body.
ABSENT='{"status":404,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"}'
moved() {
	printf '{"nth":%s,"status":301,"headers":{"x-amz-request-id":"R","x-amz-bucket-region":"%s"},"body":"<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>"}' "$1" "$2"
}
malformed() {
	printf '{"nth":%s,"status":400,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message><Region>%s</Region></Error>"}' "$1" "$2"
}

# The program that believes the test's root beside the built-in ones.
anchored() {
	run_product "$TC_ANCHORS_BIN" "$@"
}

look() {
	"$@" fetch notes --account "$ACCOUNT" --no-local --no-api --max-attempts 1
}

# The hosts that were asked for, in order.
hosts() {
	proxy_requests | sed 's/^CONNECT \(.*\):443 200$/\1/' | tr '\n' ' '
}

# -------------------------------------------------------------------- who is it

@test "a chain like AWS's, without any CA given" {
	export TEAMCACHE_REGION=eu-west-1
	aws_here
	fault "$ABSENT"
	look anchored
	assert_status 3
	[ "$(hosts)" = "$BUCKET.s3.eu-west-1.amazonaws.com " ]
	# The product has not that root.
	look tc
	assert_status 7
	assert_stderr_has "certificate"
	AWS_CA_BUNDLE=$CHAIN/root.crt look tc
	assert_status 3
	# A CA that somebody names is the only one.
	open_fault_lane "" good
	AWS_CA_BUNDLE=$FAULT_CA_FILE look anchored
	assert_status 7
}

@test "the same names by another authority are refused" {
	export TEAMCACHE_REGION=eu-west-1
	aws_here "$CHAIN/other.pem"
	fault "$ABSENT"
	look anchored
	assert_status 7
	assert_stderr_has "certificate"
	assert_count 0 fault_requests
	# Neither does a good chain for another host do.
	export TEAMCACHE_REGION=ap-south-1
	aws_here
	look anchored
	assert_status 7
	assert_count 0 fault_requests
}

@test "in a bare root the built-in authorities are believed, and no others" {
	bare_root "$TC_ANCHORS_BIN"
	open_fault_lane "" "$CHAIN/chain.pem"
	add_rules "$FAULT_LANE" "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look in_bare_root
	assert_status 3
	open_fault_lane "" "$CHAIN/other.pem"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look in_bare_root
	assert_status 7
	bare_root "$TC_BIN"
	open_fault_lane "" "$CHAIN/chain.pem"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look in_bare_root
	assert_status 7
}

@test "a CA by variable, by profile, by SSL_CERT_FILE" {
	open_fault_lane "" good
	add_rules "$FAULT_LANE" "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look tc
	assert_status 7
	AWS_CA_BUNDLE=$FAULT_CA_FILE look tc
	assert_status 3
	SSL_CERT_FILE=$FAULT_CA_FILE look tc
	assert_status 3
	profile_file <<-EOT
		[profile corp]
		ca_bundle = $FAULT_CA_FILE
	EOT
	AWS_PROFILE=corp look tc
	assert_status 3
	AWS_PROFILE=corp AWS_CA_BUNDLE=$CHAIN/root.crt look tc
	assert_status 7
	for kind in expired wrong-name unknown-ca; do
		open_fault_lane "" "$kind"
		AWS_ENDPOINT_URL_S3=$FAULT_URL AWS_PROFILE=corp look tc
		assert_status 7
	done
}

# ---------------------------------------------------------------------- proxies

@test "proxy: plain http, with and without a name" {
	start_fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	start_proxy open
	http_proxy=http://$PROXY look tc
	assert_status 3
	[[ $(proxy_requests) == "GET $FAULT_URL/$BUCKET/cache-v1/"*" 404" ]]
	start_proxy closed --user=me:open-sesame
	http_proxy=http://$PROXY look tc
	assert_status 7
	assert_stderr_has "status 407"
	http_proxy=http://me:wrong-word@$PROXY look tc -vv
	assert_status 7
	[[ $stderr != *wrong-word* ]]
	http_proxy=http://me:open-sesame@$PROXY look tc
	assert_status 3
	assert_count 2 fault_requests
}

@test "proxy: https by CONNECT, with and without a name" {
	open_fault_lane "" good
	export PLAIN_LANE=$FAULT_LANE # of fault and fault_requests
	fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL AWS_CA_BUNDLE=$FAULT_CA_FILE
	start_proxy open
	HTTPS_PROXY=http://$PROXY look tc
	assert_status 3
	ALL_PROXY=http://$PROXY look tc
	assert_status 3
	[ "$(proxy_requests | sort -u)" = "CONNECT ${FAULT_URL#https://} 200" ]
	start_proxy closed --user=me:open-sesame
	https_proxy=http://$PROXY look tc
	assert_status 7
	assert_stderr_has "it answers CONNECT with status 407"
	https_proxy=http://me:open-sesame@$PROXY look tc
	assert_status 3
	assert_count 3 fault_requests
	https_proxy=$(refused_url) look tc
	assert_status 7
}

@test "proxy: one that is itself asked over TLS" {
	aws_here
	fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	start_proxy tls "--tls=$CHAIN/chain.pem" --user=me:open-sesame
	export https_proxy=https://me:open-sesame@localhost:${PROXY#*:}
	AWS_CA_BUNDLE=$CHAIN/root.crt look tc
	assert_status 3
	[ "$(proxy_requests)" = "CONNECT ${FAULT_URL#https://} 200" ]
	assert_count 1 fault_requests
	# The proxy's own certificate is verified too.
	open_fault_lane "" good
	AWS_CA_BUNDLE=$FAULT_CA_FILE look tc
	assert_status 7
	[ "$(proxy_requests | wc -l)" -eq 1 ]
}

@test "proxy: NO_PROXY names hosts, suffixes, networks, all" {
	local exception
	start_fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	start_proxy open
	export http_proxy=http://$PROXY
	for exception in 127.0.0.1 'example.com, 127.0.0.1' 127.0.0.0/8 '*'; do
		NO_PROXY=$exception look tc
		assert_status 3
	done
	no_proxy=example.com NO_PROXY=127.0.0.1 look tc
	assert_status 3
	[ "$(proxy_requests | wc -l)" -eq 1 ]
	export AWS_ENDPOINT_URL_S3=${FAULT_URL/127.0.0.1/localhost}
	NO_PROXY=.localhost,other look tc
	assert_status 3
	[ "$(proxy_requests | wc -l)" -eq 1 ]
}

# ---------------------------------------------------------------------- regions

@test "a bucket in another region is found once, and remembered" {
	local how
	for how in moved malformed; do
		new_machine
		aws_here
		fault "$($how 1 eu-west-1)" "$ABSENT"
		export AWS_REGION=us-east-1
		look anchored -v
		assert_status 3
		[ "$(hosts)" = "$BUCKET.s3.us-east-1.amazonaws.com $BUCKET.s3.eu-west-1.amazonaws.com " ]
		assert_count 2 fault_requests
		# Another process, the right host at once; for this bucket only.
		look anchored
		assert_status 3
		assert_count 3 fault_requests
		[[ $(hosts) == *" $BUCKET.s3.eu-west-1.amazonaws.com $BUCKET.s3.eu-west-1.amazonaws.com " ]]
		TEAMCACHE_BUCKET=other-cache look anchored
		[[ $(hosts) == *" other-cache.s3.us-east-1.amazonaws.com " ]]
		new_machine
		look anchored
		[[ $(hosts) == *" $BUCKET.s3.us-east-1.amazonaws.com " ]]
		rm -r "$BATS_TEST_TMPDIR/proxy-aws"
	done
}

@test "what the settings say of the region is heeded, and healed" {
	aws_here
	fault "$(moved 1 eu-west-1)" "$(moved 3 us-west-2)" "$ABSENT"
	TEAMCACHE_REGION=us-east-1 look anchored
	assert_status 3
	# What is remembered can be wrong by now.
	look anchored
	assert_status 3
	look anchored
	assert_status 3
	[ "$(hosts)" = "$(printf "$BUCKET.s3.%s.amazonaws.com " us-east-1 eu-west-1 \
		eu-west-1 us-west-2 us-west-2)" ]
}

@test "a region answer is followed once, and only to a region" {
	aws_here
	fault "$(moved 1 eu-west-1)" "$(moved 2 us-west-2)" "$ABSENT"
	export AWS_REGION=us-east-1
	look anchored
	assert_status 6
	assert_count 2 fault_requests
	aws_here
	fault "$(moved '"1+"' evil.example/x)"
	look anchored
	assert_status 6
	[[ $(hosts) != *evil* ]]
}

@test "on EC2 the search for the bucket begins in the instance's region" {
	local givers=$BATS_TEST_TMPDIR/givers url
	aws_here
	fault "$ABSENT"
	mkdir "$givers"
	jq -n '{keys: {id: "ASIA1", secret: "s", token: "t"}, region: "us-west-2"}' \
		>"$givers/scenario.json"
	url=$("$SERVERS/credentials/start" "$givers" --owner $$)
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_EC2_METADATA_DISABLED
	AWS_EC2_METADATA_SERVICE_ENDPOINT=${url#*=} look anchored
	"$SERVERS/credentials/stop" "$givers"
	assert_status 3
	[ "$(hosts)" = "$BUCKET.s3.us-west-2.amazonaws.com " ]
}

@test "a region found at a configured endpoint is remembered too" {
	local how
	for how in moved malformed; do
		new_machine
		start_fault "$($how 1 eu-west-1)" "$ABSENT"
		export AWS_ENDPOINT_URL_S3=$FAULT_URL AWS_REGION=us-east-1
		look tc -vv
		assert_status 3
		assert_stderr_has "is in region 'eu-west-1'"
		assert_count 2 fault_requests
		look tc -vv
		assert_status 3
		[[ $stderr != *"is in region"* ]]
		assert_count 3 fault_requests
	done
}

# sends_on METHOD LOCATION: an answer that leads there for now, to the first one.
sends_on() {
	printf '{"method":"%s","nth":%s,"status":307,"headers":{"x-amz-request-id":"R","location":"%s"},"body":"<Error><Code>TemporaryRedirect</Code><Message>Please re-send this request.</Message></Error>"}' "$1" "${3:-1}" "$2"
}

@test "a 307 is followed once, its body sent again, and forgotten" {
	local there="https://$BUCKET.s3.us-west-2.amazonaws.com/elsewhere?x=y"
	export AWS_REGION=us-east-1
	aws_here
	fault "$(sends_on PUT "$there")" \
		'{"method":"PUT","status":200,"headers":{"etag":"\"e\"","x-amz-request-id":"R"}}' \
		"$ABSENT"
	run_product "$TC_ANCHORS_BIN" push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	# Our own path and body, and no query of the answer's.
	jq -es --arg bucket "$BUCKET" '[.[] | select(.method == "PUT" and
		(.path | startswith("/cache-v1/")))] | length == 2 and
		.[0].host == $bucket + ".s3.us-east-1.amazonaws.com" and
		.[1].host == $bucket + ".s3.us-west-2.amazonaws.com" and
		.[0].path == .[1].path and .[1].query == "" and
		.[0].bytes_in == .[1].bytes_in and .[1].bytes_in > 100' "$FAULT_LOG"
	# The next command begins where this one did.
	rm -r "$BATS_TEST_TMPDIR/proxy-aws"
	aws_here
	fault "$ABSENT"
	look anchored
	assert_status 3
	[ "$(hosts)" = "$BUCKET.s3.us-east-1.amazonaws.com " ]
}

@test "a 307 leads to no other domain, scheme or second hop" {
	local where bucket=$BUCKET
	export AWS_REGION=us-east-1
	aws_here
	for where in https://evil.example/ "http://$bucket.s3.us-west-2.amazonaws.com/" \
		https://ec2-1-2-3-4.compute.amazonaws.com/ \
		"https://$bucket.s3.us-west-2.amazonaws.com.evil.example/" /here ''; do
		fault "$(sends_on GET "$where" '"1+"')"
		look anchored
		assert_status 6
		assert_count 1 fault_requests
		control DELETE "$TC_FAULT_URL/lanes/$PLAIN_LANE/rules"
		mark_requests
	done
	[ "$(hosts | tr ' ' '\n' | sort -u)" = "$bucket.s3.us-east-1.amazonaws.com" ]
	fault "$(sends_on GET "https://$bucket.s3.us-west-2.amazonaws.com/" '"1+"')"
	look anchored
	assert_status 6
	assert_count 2 fault_requests
}

@test "a 307 of another store leads to its own address only" {
	start_fault
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	fault "$(sends_on GET "${FAULT_URL/127.0.0.1/localhost}/" '"1+"')"
	look tc
	assert_status 6
	assert_count 1 fault_requests
	start_fault
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	fault "$(sends_on GET "$FAULT_URL/")" "$ABSENT"
	look tc
	assert_status 3
	assert_count 2 fault_requests
}

@test "us-east-1's global host, and acceleration" {
	aws_here
	fault "$ABSENT"
	export AWS_REGION=us-east-1
	profile_file <<-EOT
		[profile fast]
		s3 =
		  use_accelerate_endpoint = true
	EOT
	AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=legacy look anchored
	assert_status 3
	AWS_PROFILE=fast look anchored
	assert_status 3
	[ "$(hosts)" = "$BUCKET.s3.amazonaws.com $BUCKET.s3-accelerate.amazonaws.com " ]
	AWS_PROFILE=fast AWS_ENDPOINT_URL_S3=http://127.0.0.1:9 look tc
	assert_status 2
	assert_stderr_has "Transfer Acceleration"
	AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=global look tc
	assert_status 2
}

@test "the profile's addressing style" {
	local style
	export TEAMCACHE_REGION=eu-west-1
	aws_here
	fault "$ABSENT"
	for style in path virtual auto; do
		printf '[default]\ns3 =\n  addressing_style = %s\n' "$style" | profile_file
		look anchored
		assert_status 3
	done
	[ "$(hosts)" = "s3.eu-west-1.amazonaws.com $BUCKET.s3.eu-west-1.amazonaws.com $BUCKET.s3.eu-west-1.amazonaws.com " ]
	[ "$(jq -rs '[.[].path | startswith($bucket)] | map(tostring) | join(" ")' \
		--arg bucket "/$BUCKET/" "$FAULT_LOG")" = "true false false" ]
	printf '[default]\ns3 =\n  addressing_style = sideways\n' | profile_file
	look tc
	assert_status 2
	assert_stderr_has "line 3: addressing_style is 'sideways'"
}

# --------------------------------------------------------------------- settings

@test "retry and defaults modes" {
	start_fault '{"status":503,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>InternalError</Code></Error>"}'
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	find_it() {
		tc fetch notes --account "$ACCOUNT" --no-local --no-api "$@"
	}
	AWS_RETRY_MODE=legacy find_it
	assert_status 7
	assert_count 3 fault_requests
	AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=2 find_it
	assert_count 5 fault_requests
	AWS_MAX_ATTEMPTS=2 find_it --max-attempts 1
	assert_count 6 fault_requests
	profile_file <<-EOT
		[default]
		max_attempts = 4
		retry_mode = standard
		defaults_mode = mobile
	EOT
	find_it
	assert_count 10 fault_requests
	AWS_RETRY_MODE=fast find_it
	assert_status 2
	assert_stderr_has "AWS_RETRY_MODE is 'fast'"
	AWS_DEFAULTS_MODE=slow find_it
	assert_status 2
	assert_stderr_has "AWS_DEFAULTS_MODE is 'slow'"
	sed -i 's/mobile/automobile/' "$HOME/.aws/config"
	find_it
	assert_status 2
	assert_stderr_has "'$HOME/.aws/config' line 4: defaults_mode is 'automobile'"
	assert_count 10 fault_requests
}

@test "in-region gives up connecting after a second" {
	local took
	AWS_ENDPOINT_URL_S3=$(black_hole_url)
	export AWS_ENDPOINT_URL_S3
	AWS_DEFAULTS_MODE=in-region tc fetch notes --account "$ACCOUNT" \
		--no-local --no-api --max-attempts 1 -vv
	assert_status 7
	took=$(sed -n 's/.*: connect, \([0-9]*\) ms.*/\1/p' "$TC_STDERR")
	[ "$took" -ge 1000 ] && [ "$took" -lt 3000 ]
}

@test "addresses that the settings name can be ignored" {
	start_fault "$ABSENT"
	aws_here
	fault "$ABSENT"
	export TEAMCACHE_REGION=eu-west-1 AWS_ENDPOINT_URL_S3=http://127.0.0.1:9
	AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true look anchored
	assert_status 3
	profile_file <<-EOT
		[default]
		ignore_configured_endpoint_urls = true
	EOT
	look anchored
	assert_status 3
	[ "$(proxy_requests | wc -l)" -eq 2 ]
	AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=maybe look tc
	assert_status 2
}

@test "the program's name, and the application's that somebody names" {
	start_fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look tc
	AWS_SDK_UA_APP_ID='costs of acme' look tc
	printf '[default]\nsdk_ua_app_id = costs\n' | profile_file
	look tc
	[ "$(jq -r '.user_agent | sub("/[^ ]*"; "/V")' "$FAULT_LOG" | tr '\n' ,)" = \
		"teamcache/V,teamcache/V app/costs-of-acme,teamcache/V app/costs," ]
}

@test "-v tells who gave the keys" {
	start_fault "$ABSENT"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	look tc
	[[ $stderr != *"credentials by"* ]]
	tc fetch notes --account "$ACCOUNT" --no-local --no-api -v
	assert_stderr_has "credentials by environment: AWS_ACCESS_KEY_ID"
	[[ $stderr != *"$TEST_SECRET_KEY"* ]]
}
