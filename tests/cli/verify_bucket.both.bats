# shellcheck shell=bash
# verify-bucket: is the bucket fit, by its settings and by what it does?

load helper

NS='xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

unconfigure() {
	s3_request DELETE "/$BUCKET?$1" >/dev/null
}

# rule NAME PREFIX ACTION
rule() {
	echo "<Rule><ID>$1</ID><Filter><Prefix>$2</Prefix></Filter><Status>Enabled</Status>$3</Rule>"
}

NONCURRENT='<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>'
UPLOADS='<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>'
MARKERS='<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>'

days() {
	echo "<Expiration><Days>$1</Days></Expiration>"
}

# lifecycle [ENTRIES [VERSIONS [MARKERS [UPLOADS [LEASES]]]]]: a document with
# these actions, each the fit one when it is not given.
lifecycle() {
	local entries=${1-$(days 30)} versions=${2-$NONCURRENT}
	local markers=${3-$MARKERS} uploads=${4-$UPLOADS} leases=${5-$(days 1)}
	echo "<LifecycleConfiguration $NS>"
	rule e cache-v1/ "$entries$versions$uploads"
	rule l lease-v1/ "$leases$versions"
	[ -z "$markers" ] || rule m "" "$markers"
	echo "</LifecycleConfiguration>"
}

tls_only() {
	cat <<-JSON
		{"Version":"2012-10-17","Statement":[{"Sid":"Tls","Effect":"Deny",
		"Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::$BUCKET",
		"arn:aws:s3:::$BUCKET/*"],"Condition":{"Bool":
		{"aws:SecureTransport":"false"}}}]}
	JSON
}

# A bucket that passes. moto evaluates no conditions: the TLS-only statement
# would shut everybody out there. Ceph does not know object ownership.
healthy() {
	s3_versioning
	s3_configure publicAccessBlock <<<"<PublicAccessBlockConfiguration $NS><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
	lifecycle | s3_configure lifecycle
	s3_configure encryption <<<"<ServerSideEncryptionConfiguration $NS><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
	if [ "$TC_STORE" = moto ]; then
		s3_configure ownershipControls <<<"<OwnershipControls $NS><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"
		export TEAMCACHE_EXPECTED_BUCKET_OWNER=$ACCOUNT
		UNFIT='tls-only'
	else
		tls_only | s3_configure policy
		UNFIT='write-once-raced'
	fi
}

# verify ARGUMENT...: without what the store cannot do.
verify() {
	tc verify-bucket --skip "$UNFIT" --json "$@"
}

# What did not pass, as "name:status" in a line.
findings() {
	jq -r '[.checks[] | select(.status != "pass") | "\(.name):\(.status)"] | join(" ")' "$TC_STDOUT"
}

assert_findings() {
	local found
	found=$(findings)
	[ "$found" = "$1" ] || {
		echo "these findings were expected: $1"
		echo "these were made: $found"
		jq . "$TC_STDOUT"
		return 1
	}
}

# Everything that lies in the bucket: versions and delete markers.
leftovers() {
	s3_request GET "/$BUCKET?versions" | grep -o '<Key>[^<]*' | sort || true
}

assert_nothing_left() {
	local left
	left=$(leftovers)
	[ -z "$left" ] || {
		echo "this is left in the bucket: $left"
		return 1
	}
}

# What a healthy bucket cannot show on this store.
usual() {
	[ "$TC_STORE" = moto ] ||
		echo bucket-region:skip bucket-owner:skip acls-disabled:skip
}

# breaks CHECK[:STATUS]...: exactly these are found, beside the usual.
assert_broken() {
	local wanted
	wanted=$({
		usual | tr ' ' '\n'
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} | sort)
	[ "$(findings | tr ' ' '\n' | sort)" = "$wanted" ] || {
		echo "these findings were expected: $*"
		echo "these were made: $(findings)"
		jq -c '.checks[]' "$TC_STDOUT"
		return 1
	}
}

@test "a healthy bucket passes all, and nothing is left in it" {
	healthy
	verify
	assert_status 0
	assert_findings "$(usual)"
	assert_json '.exit_status == 0 and .error == null'
	assert_nothing_left
}

@test "each setting that is not fit is found, and it alone" {
	healthy

	s3_versioning Suspended
	verify --only versioning
	assert_status 10
	assert_findings versioning:fail
	assert_json '.checks[0] | .summary == "suspended" and (.detail | test("former versions")) and (.fix.text | test("--fix"))'
	s3_versioning

	unconfigure publicAccessBlock
	verify
	assert_status 10
	assert_broken public-access-block:fail
	s3_configure publicAccessBlock <<<"<PublicAccessBlockConfiguration $NS><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
	verify --only public-access-block
	assert_json '.checks[0].summary == "off: BlockPublicPolicy"'
}

@test "each lifecycle rule that is missing is found, and it alone" {
	healthy
	lifecycle "$(days 31)" | s3_configure lifecycle
	verify
	assert_status 10
	assert_broken lifecycle-entries:fail
	local only=lifecycle-entries,lifecycle-versions,lifecycle-delete-markers,lifecycle-uploads,lifecycle-leases
	lifecycle "$(days 30)" "" | s3_configure lifecycle
	verify --only $only
	assert_findings lifecycle-versions:fail
	lifecycle "$(days 30)" "$NONCURRENT" "" | s3_configure lifecycle
	verify --only $only
	assert_findings lifecycle-delete-markers:fail
	lifecycle "$(days 30)" "$NONCURRENT" "$MARKERS" "" | s3_configure lifecycle
	verify --only $only
	assert_findings lifecycle-uploads:fail
	lifecycle "$(days 30)" "$NONCURRENT" "$MARKERS" "$UPLOADS" "$(days 8)" |
		s3_configure lifecycle
	verify --only $only
	assert_findings lifecycle-leases:fail
	# Rules for another prefix are none.
	lifecycle | s3_configure lifecycle
	verify --only $only --prefix other
	assert_status 10
	assert_json '[.checks[] | select(.status == "fail")] | length == 4'
	unconfigure lifecycle
	verify --only $only
	assert_json '[.checks[] | select(.status == "fail")] | length == 5'
}

@test "a policy that is public, or lets accounts in halfway, is found" {
	healthy
	unconfigure publicAccessBlock
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/public/*"}]}' \
		"$BUCKET" | s3_configure policy
	verify --only policy-not-public
	assert_status 10
	assert_findings policy-not-public:fail
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::%s/cache-v1/111122223333/*"}]}' \
		"$BUCKET" | s3_configure policy
	verify --only policy-not-public,access
	assert_status 0
	assert_findings access:warn
	assert_json '.checks[1].summary | test("111122223333.*may write but not read")'
}

@test "objects of others are found" {
	healthy
	echo not ours >"$BATS_TEST_TMPDIR/foreign"
	s3_put "cache-v1/$ACCOUNT/2026-01/full-data.json.gz" "$BATS_TEST_TMPDIR/foreign"
	s3_put cache-v1/readme.txt "$BATS_TEST_TMPDIR/foreign"
	verify
	assert_status 0
	assert_broken foreign-objects:warn
	assert_json '.checks[] | select(.name == "foreign-objects") | .summary | test("^2 objects") and test("readme")'
	s3_exists cache-v1/readme.txt
}

@test "an unversioned bucket proves all the rest, and keeps nothing" {
	verify_only=write-read-delete,missing-key,write-once,write-once-raced,write-if-match,delete-if-match,recreate
	tc verify-bucket --json --only $verify_only
	assert_status 0
	assert_json '[.checks[].status] == ["pass","pass","pass","pass","pass","pass","pass","pass"]'
	assert_nothing_left
}

@test "a store that ignores conditions is told, with what it means" {
	# Without the field the store does as if nobody had asked.
	s3_fault '{"method":"PUT","path":"/once$","nth":2,"status":200,"headers":{"x-amz-request-id":"R","etag":"\"e\""},"body":""}' \
		'{"method":"PUT","path":"/if-match$","nth":2,"status":200,"headers":{"x-amz-request-id":"R","etag":"\"e\""},"body":""}' \
		'{"method":"DELETE","path":"/delete$","nth":1,"status":204,"headers":{"x-amz-request-id":"R"},"body":""}' \
		'{"method":"PUT","path":"/again$","nth":2,"status":412,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>PreconditionFailed</Code></Error>"}' \
		'{"method":"PUT","path":"/race-","status":200,"headers":{"x-amz-request-id":"R","etag":"\"e\""},"body":""}'
	tc verify-bucket --json --only write-once,write-once-raced,write-if-match,delete-if-match,recreate
	assert_status 10
	assert_findings "write-once:fail write-once-raced:warn write-if-match:fail delete-if-match:warn recreate:fail"
	assert_json '.checks[0] | (.summary | test("ignores If-None-Match")) and (.detail | test("no lease.*all buy"))'
	assert_json '.checks[1] | (.summary | test("8 of 8")) and (.detail | test("two machines buy"))'
	assert_nothing_left
}

@test "a versioned store that races conditional writes is told, with what it means" {
	exempt moto "it decides every race"
	s3_versioning
	# One that is won once in all rounds is rare, but no mistake.
	for _ in 1 2 3 4 5; do
		tc verify-bucket --json --only write-once-raced
		assert_status 0
		[ -z "$(findings)" ] || break
	done
	assert_findings "write-once-raced:warn"
	assert_json '.checks[0] | (.summary | test("[2-8] of 8 writers won")) and (.detail | test("two machines buy"))'
	assert_nothing_left
}

@test "a store that does not do what S3 does is found out" {
	s3_fault '{"method":"GET","path":"/round-trip$","nth":1,"flip":3}' \
		'{"method":"PUT","path":"/checksum$","status":200,"headers":{"x-amz-request-id":"R"},"body":""}' \
		'{"method":"GET","path":"/missing$","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}' \
		'{"method":"GET","path":"/encrypted$","headers":{"x-amz-server-side-encryption":"aws:kms"}}' \
		'{"method":"HEAD","headers":{"date":"Thu, 01 Jan 2026 00:00:00 GMT"}}'
	export TEAMCACHE_SSE=AES256
	tc verify-bucket --json --only clock,write-read-delete,missing-key,checksum,encrypted-write
	assert_status 10
	assert_findings "clock:fail write-read-delete:fail missing-key:fail checksum:fail encrypted-write:fail"
	assert_nothing_left
}

# verify_killed SIGNAL PATH: a run that is killed while it waits for the answer
# to a write that happened; $status is its own.
verify_killed() {
	s3_fault "{\"method\":\"PUT\",\"path\":\"$2\",\"apply\":true,\"hang\":true}"
	status=0
	env --default-signal=INT "$TC_BIN" verify-bucket --json \
		--only write-read-delete,write-once,write-if-match \
		>"$HOME/out" 2>"$HOME/err" 3>&- &
	local pid=$!
	for _ in $(seq 300); do
		[ "$(s3_requests PUT "$2")" -eq 0 ] || break
		sleep 0.05
	done
	sleep 0.3
	kill "-$1" "$pid"
	wait "$pid" || status=$?
	s3_faults_end
}

@test "a signal ends it, and it leaves nothing" {
	s3_versioning
	verify_killed INT '/once$'
	note_status verify-bucket "$status"
	[ "$status" -eq 130 ]
	jq -e '.exit_status == 130 and .error.class == "interrupted" and (.checks | length) >= 2' "$HOME/out"
	assert_nothing_left
	verify_killed TERM '/if-match$'
	note_status verify-bucket "$status"
	[ "$status" -eq 143 ]
	assert_nothing_left
}

@test "what a killed run left, the next one removes, and nothing else" {
	s3_versioning
	echo mine >"$HOME/mine"
	for moment in '/round-trip$' '/once$' '/if-match$'; do
		verify_killed KILL "$moment"
		[ "$status" -eq 137 ]
	done
	# Of the right form, but somebody else's; and of another form.
	other=lease-v1/probe/0123456789abcdef0123456789abcdef/x
	s3_put "$other" "$HOME/mine"
	s3_put lease-v1/probe/notes "$HOME/mine"
	[ "$(leftovers | wc -l)" -ge 6 ]
	# They are young: somebody may be at work.
	before=$(leftovers)
	tc verify-bucket --only write-read-delete --json
	assert_status 0
	[ "$(leftovers)" = "$before" ]
	s3_fault "{\"method\":\"POST\",\"headers\":{\"date\":\"$(LC_ALL=C date -u -d '+11 min' '+%a, %d %b %Y %H:%M:%S GMT')\"}}"
	tc verify-bucket --only write-read-delete --json
	assert_status 0
	assert_json '.checks[1].summary | test("an earlier run left")'
	[ "$(leftovers)" = "<Key>$other
<Key>lease-v1/probe/notes" ]
}

@test "what may not be asked is skipped, and the action named" {
	healthy
	jq -n --arg b "arn:aws:s3:::$BUCKET" '{Version: "2012-10-17", Statement: [
		{Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketVersioning"], Resource: $b},
		{Effect: "Allow", Action: "s3:GetObject", Resource: ($b + "/*")}]}' >"$HOME/policy"
	use_principal reader "$HOME/policy"
	tc verify-bucket --json --only versioning,lifecycle-entries,write-read-delete,write-once-raced,missing-key
	assert_status 0
	assert_findings "lifecycle-entries:skip write-read-delete:skip write-once-raced:skip"
	assert_json '.checks[] | select(.name == "lifecycle-entries") | .summary == "not checked: needs s3:GetLifecycleConfiguration" and .denial.action == "s3:GetLifecycleConfiguration"'
	assert_json '.checks[] | select(.name == "write-read-delete") | .denial.action == "s3:PutObject" and (.denial.resource | endswith("/lease-v1/probe/*"))'
	assert_json '.verdict | test("^no check failed, 3 checks were not made")'
	# What is there can be listed, and not looked at.
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 5
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 0
	jq -n --arg b "arn:aws:s3:::$BUCKET" '{Version: "2012-10-17", Statement: [
		{Effect: "Allow", Action: "s3:ListBucket", Resource: $b}]}' >"$HOME/policy"
	use_principal lister "$HOME/policy"
	tc verify-bucket --json --only foreign-objects
	assert_status 0
	assert_findings "foreign-objects:skip"
	assert_json '.checks[] | select(.name == "foreign-objects") | .denial.action == "s3:GetObject" and
		(.denial.resource | endswith("/cache-v1/*"))'
	# Without the bucket itself there is nothing to find out.
	jq -n '{Version: "2012-10-17", Statement: [{Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}]}' >"$HOME/policy"
	use_principal nobody "$HOME/policy"
	verify
	assert_status 5
	assert_json '(.checks | length) == 1 and .checks[0].denial.action == "s3:ListBucket" and .error.class == "denied"'
}

@test "what stops it is the exit status" {
	tc verify-bucket --json --bucket "$BUCKET-missing"
	assert_status 6
	assert_json '.checks[0].status == "fail" and (.checks[0].fix.text | test("--create"))'
	# A name that somebody else took over.
	s3_fault '{"method":"HEAD","nth":"2+","status":403,"headers":{"x-amz-request-id":"R"},"body":""}' \
		'{"method":"GET","path":"max-keys=0","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	TEAMCACHE_EXPECTED_BUCKET_OWNER=999999999999 tc verify-bucket --json \
		--only bucket-exists,bucket-owner,versioning
	assert_status 6
	assert_json '(.checks | map(.status)) == ["pass", "fail"] and (.verdict | test("999999999999"))'
	s3_faults_end
	s3_down
	tc verify-bucket --json --max-attempts 1
	assert_status 7
	s3_up
	AWS_SECRET_ACCESS_KEY=wrong tc verify-bucket --json
	assert_status 4
	tc verify-bucket --only versionning
	assert_status 2
	assert_stderr_has "did you mean 'versioning'?"
	TEAMCACHE_BUCKET='' tc verify-bucket
	assert_status 2
	status=0
	"$TC_BIN" verify-bucket --only clock >/dev/full 2>"$HOME/err" || status=$?
	note_status verify-bucket "$status"
	[ "$status" -eq 1 ]
}

@test "the region and a KMS key that does not fit are found" {
	healthy
	s3_fault '{"method":"HEAD","headers":{"x-amz-bucket-region":"eu-central-1"}}' \
		"{\"method\":\"GET\",\"path\":\"encryption\",\"status\":200,\"headers\":{\"x-amz-request-id\":\"R\"},\"body\":\"<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-west-1:111122223333:key/k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>\"}"
	verify --only bucket-exists,bucket-region,kms-key,encryption
	assert_status 10
	assert_findings "bucket-region:warn kms-key:fail"
	assert_json '.checks[] | select(.name == "kms-key") | .summary | test("is in eu-west-1, the bucket in eu-central-1")'
	s3_faults_end
	# AWS's own key, and other accounts in the policy.
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}' \
		"$BUCKET" | s3_configure policy
	s3_fault "{\"method\":\"GET\",\"path\":\"encryption\",\"status\":200,\"headers\":{\"x-amz-request-id\":\"R\"},\"body\":\"<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>\"}"
	verify --only kms-key
	assert_status 10
	assert_findings kms-key:fail
	s3_faults_end
	s3_fault '{"method":"GET","path":"encryption","status":404,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>"}'
	verify --only encryption
	assert_status 10
	assert_findings encryption:fail
	s3_faults_end
	# And the two that one of the stores does not know.
	s3_fault '{"method":"GET","path":"ownershipControls","status":404,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>OwnershipControlsNotFoundError</Code></Error>"}' \
		'{"method":"GET","path":"[?]policy=","status":404,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>NoSuchBucketPolicy</Code></Error>"}'
	tc verify-bucket --json --only acls-disabled,tls-only
	assert_status 10
	assert_findings "tls-only:fail acls-disabled:fail"
}
