#!/usr/bin/env bats
# Each right that the product needs, denied in each way that a server here can:
# doctor names action, resource, layer and kind, and what it prints mends it,
# applied as printed.

load helper

OTHER=210987654321

# The tests of a file may run side by side; this comes after all of them.
teardown_file() {
	local summary
	summary=$(cat "$BATS_FILE_TMPDIR"/verdicts.* | cut -d ' ' -f 1 | sort |
		uniq -c | tr -s ' \n' ' ')
	echo "# $TC_STORE, the whole matrix:$summary" >&3
	[[ $summary != *wrong* ]]
}

# action, check, and the resource that has to be named.
rights() {
	cat <<-EOF
		s3:GetObject s3-get-object arn:aws:s3:::$BUCKET/cache-v1/$ACCOUNT/
		s3:PutObject s3-put-object arn:aws:s3:::$BUCKET/cache-v1/$ACCOUNT/
		s3:DeleteObject s3-delete-object arn:aws:s3:::$BUCKET/cache-v1/$ACCOUNT/
		s3:ListBucket s3-list-bucket arn:aws:s3:::$BUCKET
		s3:GetBucketVersioning bucket-configuration arn:aws:s3:::$BUCKET
		s3:GetLifecycleConfiguration bucket-configuration arn:aws:s3:::$BUCKET
		ce:GetCostAndUsage ce-get-cost-and-usage *
		ce:GetCostForecast ce-get-cost-forecast *
	EOF
}

# The other parts of the bucket's configuration that are looked at.
other_reads() {
	cat <<-EOF
		s3:GetEncryptionConfiguration bucket-configuration arn:aws:s3:::$BUCKET
		s3:GetBucketPublicAccessBlock bucket-configuration arn:aws:s3:::$BUCKET
		s3:GetBucketOwnershipControls bucket-configuration arn:aws:s3:::$BUCKET
		s3:GetBucketPolicy bucket-configuration arn:aws:s3:::$BUCKET
	EOF
}

# One of each service and kind of resource.
some_rights() {
	rights | grep -E '^(s3:PutObject|s3:ListBucket|ce:GetCostAndUsage) '
}

s3_rights() {
	rights | grep '^s3:'
}

# The bucket's configuration is for its owner's account.
shared_rights() {
	rights | grep -E '^s3:(.*Object|ListBucket) '
}

# policy DENIED WAY READS: all rights, one of them taken away; READS: may the
# principal look at policies (all: and let IAM simulate)?
policy() {
	# Ceph has a name of its own for one of them.
	local encryption=s3:GetEncryptionConfiguration
	[ "$TC_STORE" != ceph ] || encryption=s3:GetBucketEncryption
	jq -n --arg bucket "arn:aws:s3:::$BUCKET" --arg denied "$1" \
		--arg encryption "$encryption" \
		--arg way "$2" --arg reads "$3" '
		["s3:ListBucket", "s3:GetBucketVersioning",
		 $encryption, "s3:GetBucketPublicAccessBlock",
		 "s3:GetBucketOwnershipControls", "s3:GetLifecycleConfiguration",
		 if $reads != "none" then "s3:GetBucketPolicy" else empty end] as $bucket_actions |
		["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as $object_actions |
		["ce:GetCostAndUsage", "ce:GetCostForecast"] as $cost_actions |
		["iam:GetUser", "iam:GetRole", "iam:ListUserPolicies", "iam:GetUserPolicy",
		 "iam:ListAttachedUserPolicies", "iam:GetPolicy", "iam:GetPolicyVersion",
		 "iam:ListGroupsForUser", "iam:ListGroupPolicies", "iam:GetGroupPolicy",
		 "iam:ListAttachedGroupPolicies",
		 if $reads == "all" then "iam:SimulatePrincipalPolicy" else empty end] as $iam_actions |
		def left: map(select($way != "no-allow" or . != $denied));
		{Version: "2012-10-17", Statement: [
			{Effect: "Allow", Action: $bucket_actions | left, Resource: $bucket},
			{Effect: "Allow", Action: $object_actions | left,
			 Resource: ($bucket + "/*")},
			{Effect: "Allow", Action: $cost_actions | left, Resource: "*"},
			{Effect: "Allow", Action: (["kms:Decrypt", "kms:GenerateDataKey",
			 "sts:AssumeRole"] | left), Resource: "*"},
			if $reads != "none" then {Effect: "Allow", Resource: "*",
				Action: $iam_actions}, {Effect: "Allow", Resource: "*",
				Action: "s3:ListAllMyBuckets"} else empty end,
			if $way == "identity-deny" then {Sid: "NotThat", Effect: "Deny",
				Action: [$denied, "s3:CreateBucket"], Resource: "*"}
			else empty end]}' >"$HOME/policy"
}

# A policy that denies ACTION and says something else, too.
deny_policy() {
	jq -nc --arg denied "$ACTION" '{Version: "2012-10-17", Statement: [
		{Sid: "Else", Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"},
		{Sid: "NotThat", Effect: "Deny", Action: [$denied, "s3:CreateBucket"],
		 Resource: "*"}]}'
}

# deny_in_bucket ACTION: in the bucket's policy, for everybody.
deny_in_bucket() {
	local principal='{"AWS":"*"}'
	[ "$TC_STORE" != moto ] || principal='"*"'
	s3_request PUT "/$BUCKET?policy" - <<-EOF >/dev/null
		{"Version":"2012-10-17","Statement":[{"Sid":"NotThat","Effect":"Deny",
		 "Principal":$principal,"Action":"$1",
		 "Resource":["arn:aws:s3:::$BUCKET","arn:aws:s3:::$BUCKET/*"]}]}
	EOF
}

iam_at() {
	local url=$1
	shift
	S3_URL=$url SERVICE=iam s3_client form "$@"
}

# both_iam NAME=VALUE...: at the stand-in and, where it has one, at the store.
both_iam() {
	local arguments=() argument
	iam_at "$AWS_URL" "$@" >/dev/null
	[ "$TC_STORE" = ceph ] || return 0
	for argument; do
		case $argument in
		PolicyDocument=*)
			argument=PolicyDocument=$(s3_statements "${argument#*=}")
			[[ $argument == *'"s3:'* ]] || return 0
			;;
		esac
		arguments+=("$argument")
	done
	iam_at "$S3_URL" "${arguments[@]}" >/dev/null
}

# The AWS CLI, as far as doctor prints it: at the store and at the stand-in.
aws() {
	local service=$1 operation=$2 name='' document='' bucket='' given=()
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--set-as-default)
			given+=(SetAsDefault=true)
			shift
			continue
			;;
		--user-name) given+=("UserName=$2") ;;
		--role-name) given+=("RoleName=$2") ;;
		--group-name) given+=("GroupName=$2") ;;
		--policy-name) given+=("PolicyName=$2") ;;
		--policy-arn) given+=("PolicyArn=$2") ;;
		--policy-document | --policy) document=$2 given+=("PolicyDocument=$2") ;;
		--bucket) bucket=$2 ;;
		--endpoint-url) [ "$2" = "$S3_ENDPOINT" ] ;;
		*) return 2 ;;
		esac
		shift 2
	done
	# "put-user-policy" is PutUserPolicy.
	name=$(sed 's/^./\u&/; s/-\(.\)/\u\1/g' <<<"$operation")
	case $service:$operation in
	iam:put-user-policy | iam:put-group-policy | iam:delete-user-policy | \
		iam:delete-group-policy)
		both_iam "Action=$name" "${given[@]}"
		;;
	iam:create-policy-version | iam:detach-user-policy | iam:detach-group-policy | \
		iam:update-assume-role-policy)
		iam_at "$AWS_URL" "Action=$name" "${given[@]}" >/dev/null
		;;
	s3api:put-bucket-policy)
		s3_request PUT "/$bucket?policy" - <<<"$document" >/dev/null
		;;
	s3api:delete-bucket-policy)
		s3_request DELETE "/$bucket?policy" >/dev/null
		;;
	*) return 2 ;;
	esac
}

# What the one check found; "null" where it has nothing.
read_result() {
	IFS=$'\x1f' read -r -d '' found_status found_action found_resource \
		found_layer found_kind found_summary found_text found_policy \
		found_command < <(jq -j --arg check "$CHECK" '.checks[] |
		select(.name == $check) | [.status, .denial.action, .denial.resource,
		.denial.layer, .denial.kind, .summary, .fix.text, .fix.policy,
		.fix.command] | map(if type == "string" then . else tojson end) |
		join("\u001f")' "$TC_STDOUT" && printf '\0')
}

note() {
	echo "$1 $TC_STORE $ACTION $WAY${2:+: $2}" >>"$BATS_FILE_TMPDIR/verdicts.$WAY"
	[ "$1" != wrong ] || {
		echo "wrong: $ACTION $WAY: $2"
		show_run
		return 1
	}
}

look() {
	tc doctor --only "identity,$CHECK" --account "$ACCOUNT" --json
}

examine() {
	look
	[ "$status" -eq 0 ] || [ "$status" -eq 10 ] || note wrong "exit $status"
	read_result
}

# What has to be said of ACTION, whoever denies it.
named() {
	[ "$found_action" = "$ACTION" ] || note wrong "another action"
	[[ $found_resource == "$RESOURCE"* ]] || note wrong "resource $found_resource"
}

# mended [COMMAND...]: what was printed is applied, by the command that was
# printed with it or by the one given, which takes the policy; it helps.
mended() {
	if [ $# -gt 0 ]; then
		"$@" "$found_policy" || note wrong "it cannot be applied"
	else
		[ "$found_command" != null ] || note wrong "no command"
		eval "$found_command" || note wrong "it fails: $found_command"
	fi
	examine
	[ "$found_status" = pass ] || note wrong "the fix does not mend it"
}

# told LAYER KIND [COMMAND...]: that is said of ACTION, and the fix mends it.
told() {
	examine
	if [ "$found_action" = null ]; then
		note not-produced "the store lets it pass"
		return
	fi
	named
	[ "$found_layer" = "$1" ] || note wrong "layer"
	[ "$found_kind" = "$2" ] || note wrong "kind"
	mended "${@:3}"
	note right
}

# untold PATTERN: nothing is guessed; the text lists the candidates like that.
untold() {
	examine
	named
	[ "$found_layer" = null ] || note wrong "a guessed layer"
	# shellcheck disable=SC2053 # a pattern
	[[ $found_text == $1 ]] || note wrong candidates
	note not-told
}

# each_of ROWS COMMAND...: a line of counts on the terminal.
each_of() {
	local summary rows=$1
	shift
	rm -f "$BATS_FILE_TMPDIR/verdicts.$WAY"
	while read -r ACTION CHECK RESOURCE; do
		"$@"
	done < <("$rows")
	summary=$(cut -d ' ' -f 1 "$BATS_FILE_TMPDIR/verdicts.$WAY" | sort |
		uniq -c | tr -s ' \n' ' ')
	echo "# $TC_STORE, $WAY: $summary" >&3
	grep not-produced "$BATS_FILE_TMPDIR/verdicts.$WAY" | sed 's/^/# /' >&3 || true
	run ! grep -q '^wrong' "$BATS_FILE_TMPDIR/verdicts.$WAY"
}

no_allow() {
	if [ "$TC_STORE:$ACTION" = ceph:s3:GetEncryptionConfiguration ]; then
		note not-produced "it has another name for that"
		return
	fi
	policy "$ACTION" no-allow all
	use_principal ci "$HOME/policy"
	told identity-policy implicit
}

identity_deny() {
	policy "$ACTION" identity-deny all
	use_principal ci "$HOME/policy"
	told identity-policy explicit
}

bucket_deny() {
	policy "$ACTION" bucket-deny all
	use_principal ci "$HOME/policy"
	deny_in_bucket "$ACTION"
	told resource-policy explicit
	s3_request DELETE "/$BUCKET?policy" >/dev/null
}

group_deny() {
	local group=group-$RANDOM$RANDOM
	policy "$ACTION" group-deny all
	use_principal ci "$HOME/policy"
	both_iam Action=CreateGroup GroupName="$group"
	both_iam Action=AddUserToGroup GroupName="$group" UserName="$USER_NAME"
	both_iam Action=PutGroupPolicy GroupName="$group" PolicyName=not-that \
		PolicyDocument="$(deny_policy)"
	told identity-policy explicit
}

managed_deny() {
	local name=managed-$RANDOM$RANDOM
	if [ "$TC_STORE" = ceph ]; then
		note not-produced "it has no managed policies of one's own"
		return
	fi
	policy "$ACTION" managed-deny all
	use_principal ci "$HOME/policy"
	iam_at "$AWS_URL" Action=CreatePolicy PolicyName="$name" \
		PolicyDocument="$(deny_policy)" >/dev/null
	iam_at "$AWS_URL" Action=AttachUserPolicy UserName="$USER_NAME" \
		PolicyArn="arn:aws:iam::$ACCOUNT:policy/$name" >/dev/null
	told identity-policy explicit
}

# bounded_principal EXPRESSION: its boundary is what jq makes of the policy.
bounded_principal() {
	local access_key secret_key
	access_key=AKIA$(random_name 16)
	secret_key=$(random_name 40)
	USER_NAME=bounded-$RANDOM$RANDOM
	control POST "$AWS_URL/_test/principals" "$(jq --arg denied "$ACTION" \
		--arg name "$USER_NAME" --arg account "$ACCOUNT" \
		--arg key "$access_key" --arg secret "$secret_key" \
		"{name: \$name, account: \$account, access_key: \$key,
		  secret_key: \$secret, policy: ., boundary: ($1)}" "$HOME/policy")"
	use_keys "$access_key" "$secret_key"
}

BOUNDARY_WITHOUT='.Statement[].Action |= ([.] | flatten | map(select(. != $denied)))'
# shellcheck disable=SC2016 # jq's
BOUNDARY_DENIES='.Statement += [{Sid: "Not", Effect: "Deny", Action: $denied, Resource: "*"}]'

boundary() {
	if [ "$TC_STORE" = ceph ]; then
		note not-produced "it has no boundaries"
		return
	fi
	policy "$ACTION" boundary all
	bounded_principal "$BOUNDARY_WITHOUT"
	told permissions-boundary implicit
	[[ $ACTION == *:Get* ]] || return 0
	bounded_principal "$BOUNDARY_DENIES"
	told permissions-boundary explicit
}

# IAM may not be asked to simulate, but all the policies can be read.
unsimulated() {
	policy "$ACTION" no-allow policies
	use_principal ci "$HOME/policy"
	told identity-policy implicit
	policy "$ACTION" identity-deny policies
	use_principal ci "$HOME/policy"
	told identity-policy explicit
	[ "$TC_STORE" != ceph ] || return 0
	policy "$ACTION" boundary policies
	bounded_principal "$BOUNDARY_WITHOUT"
	told permissions-boundary implicit
}

# Nobody may read a policy: nothing is guessed, the candidates are listed.
unreadable() {
	policy "$ACTION" no-allow none
	use_principal ci "$HOME/policy"
	examine
	[ "$found_action" != null ] || {
		note not-produced "the store lets it pass"
		return
	}
	# Of several that are denied the first one is the denial's.
	[[ $found_summary == *"$ACTION"* ]] || note wrong "another action"
	[[ $found_resource == "$RESOURCE"* ]] || note wrong resource
	[ "$found_layer" = null ] || note wrong "a guessed layer"
	[[ $found_text == *"In this order"* ]] || note wrong candidates
	[ "$found_command" = null ] || note wrong "a guessed command"
	note not-told
}

# The caller is of another account; its own policy allows everything.
other_principal() {
	local access_key secret_key answer
	access_key=AKIA$(random_name 16)
	secret_key=$(random_name 40)
	USER_NAME=member-$RANDOM$RANDOM
	policy nothing allowed all
	if [ "$TC_STORE" = ceph ]; then
		as_other Action=CreateUser UserName="$USER_NAME" >/dev/null
		as_other Action=PutUserPolicy UserName="$USER_NAME" PolicyName=test \
			PolicyDocument="$(s3_statements "$(cat "$HOME/policy")")" >/dev/null
		answer=$(as_other Action=CreateAccessKey UserName="$USER_NAME")
		access_key=$(element AccessKeyId <<<"$answer")
		secret_key=$(element SecretAccessKey <<<"$answer")
	fi
	register_keys "$USER_NAME" "$OTHER" "$access_key" "$secret_key" "" \
		"$(cat "$HOME/policy")"
	use_keys "$access_key" "$secret_key"
}

as_other() {
	S3_URL=$S3_URL BUCKET=$BUCKET REGION=$REGION SERVICE=iam \
		ACCESS_KEY=$TEST_OTHER_ACCESS_KEY SECRET_KEY=$TEST_OTHER_SECRET_KEY \
		"$TC_PYTHON" -I -S "$SERVERS/lib/s3_client.py" form "$@"
}

# As the store knows the other account.
of_store() {
	if [ "$TC_STORE" = ceph ]; then
		sed "s/::$OTHER:/::RGW22222222222222222:/g"
	else
		cat
	fi
}

# let_in [ACTION]: the bucket's policy lets the other account in, but for that.
let_in() {
	jq -nc --arg bucket "arn:aws:s3:::$BUCKET" --arg but "${1:-}" \
		--arg who "arn:aws:iam::$OTHER:root" '
		["s3:ListBucket", "s3:GetBucketVersioning", "s3:GetBucketPolicy",
		 "s3:GetLifecycleConfiguration", "s3:GetEncryptionConfiguration",
		 "s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls"] as $of_bucket |
		["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as $of_objects |
		{Version: "2012-10-17", Statement: [
		{Sid: "Bucket", Effect: "Allow", Principal: {AWS: $who},
		 Action: ($of_bucket - [$but]), Resource: $bucket},
		{Sid: "Objects", Effect: "Allow", Principal: {AWS: $who},
		 Action: ($of_objects - [$but]), Resource: ($bucket + "/*")}]}' |
		sed "$([ "$TC_STORE" != ceph ] || echo s/GetEncryptionConfiguration/GetBucketEncryption/)" |
		of_store >"$HOME/bucket-policy"
	s3_configure policy <"$HOME/bucket-policy"
}

# The owner takes the printed policy for the bucket's own or, where it could
# not be read, adds the printed statement to it.
put_bucket() {
	of_store <<<"$1" | jq -c --slurpfile old "$HOME/bucket-policy" '
		if .Statement then . else . as $one | $old[0] |
			.Statement += [$one] end' | s3_configure policy
}

cross_account() {
	local ACCOUNT=$OTHER
	RESOURCE=${RESOURCE/$TEST_ACCOUNT/$OTHER}
	let_in "$ACTION"
	told resource-policy implicit put_bucket
	[ "$TC_STORE" != moto ] || return 0
	# Ceph does not say it: the list of the caller's own buckets did.
	let_in "$ACTION"
	s3_fault '{"method":"GET","path":"^/$","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	examine
	if [ "$found_action" != null ]; then
		untold "*own policies allow it*1. where the bucket is another account's*"
	fi
	s3_faults_end
}

# to_become WAY: how the role looks upon the caller.
to_become() {
	ROLE=role-$RANDOM$RANDOM
	RESOURCE=arn:aws:iam::$ACCOUNT:role/$ROLE
	iam_at "$AWS_URL" Action=CreateRole RoleName="$ROLE" \
		AssumeRolePolicyDocument="$(jq -nc --arg way "$1" \
			--arg who "arn:aws:iam::$ACCOUNT:user/$USER_NAME" '
			def entry($effect; $who): {Effect: $effect, Principal: {AWS: $who},
				Action: "sts:AssumeRole"};
			{Version: "2012-10-17", Statement: ([entry("Allow"; "arn:aws:iam::999999999999:root")] +
				if $way == "refuses" then [entry("Allow"; $who), entry("Deny"; $who)]
				elif $way == "trusts" then [entry("Allow"; $who)]
				else [] end)}')" >/dev/null
	credentials_file <<-EOT
		[source]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOT
	profile_file <<-EOT
		[profile build]
		role_arn = $RESOURCE
		source_profile = source
	EOT
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# The printed statement, for whoever the role belongs to.
add_to_trust() {
	local old
	old=$(iam_at "$AWS_URL" Action=GetRole RoleName="$ROLE" |
		element AssumeRolePolicyDocument | "$TC_PYTHON" -c \
		'import sys, urllib.parse; print(urllib.parse.unquote(sys.stdin.read()))')
	iam_at "$AWS_URL" Action=UpdateAssumeRolePolicy RoleName="$ROLE" \
		PolicyDocument="$(jq -c --argjson one "$1" '.Statement += [$one]' <<<"$old")" >/dev/null
}

assume_role() {
	local reads
	look() {
		tc doctor --only credentials,clock --profile build --json
	}
	for reads in all policies; do
		policy "$ACTION" no-allow "$reads"
		use_principal become "$HOME/policy"
		to_become trusts
		told identity-policy implicit
		policy "$ACTION" identity-deny "$reads"
		use_principal become "$HOME/policy"
		to_become trusts
		told identity-policy explicit
		policy nothing allowed "$reads"
		use_principal become "$HOME/policy"
		to_become knows-nothing
		told trust-policy implicit
		policy nothing allowed "$reads"
		use_principal become "$HOME/policy"
		to_become refuses
		told trust-policy explicit
	done
	policy nothing allowed all
	bounded_principal "$BOUNDARY_WITHOUT"
	to_become trusts
	told permissions-boundary implicit
	# Where nothing may be read nothing is guessed.
	policy nothing allowed none
	use_principal become "$HOME/policy"
	to_become knows-nothing
	untold "*In this order: 1. the caller's identity policy*2. the role's trust policy*"
	# Nor of a role whose account nobody here sees into.
	policy nothing allowed all
	use_principal become "$HOME/policy"
	to_become knows-nothing
	RESOURCE=arn:aws:iam::999999999999:role/$ROLE
	sed -i "s,^role_arn.*,role_arn = $RESOURCE," "$HOME/.aws/config"
	ce_fault "$(jq -nc --arg text "User: arn:aws:iam::$ACCOUNT:user/$USER_NAME is not authorized to perform: $ACTION on resource: $RESOURCE" '
		{operation: "AssumeRole", status: 403, headers: {"x-amzn-requestid": "R"}, body:
		 "<ErrorResponse><Error><Code>AccessDenied</Code><Message>\($text)</Message></Error></ErrorResponse>"}')"
	untold "*own policies allow it*1. the role has to exist*"
}

# ------------------------------------------------------------------------ KMS

# S3 passes on what KMS says, which is the fault server here. What the caller's
# side allows is moto's to say; the key's policy is a file.

# kms_says: refuses, as long as the policies do.
kms_says() {
	local reason=$1 method=PUT decision
	[ "$ACTION" != kms:Decrypt ] || method=GET
	s3_faults_end
	decision=$(iam_at "$AWS_URL" Action=SimulatePrincipalPolicy \
		PolicySourceArn="arn:aws:iam::$ACCOUNT:user/$USER_NAME" \
		ActionNames.member.1="$ACTION" ResourceArns.member.1="$KEY" |
		element EvalDecision)
	if [ "$decision" = allowed ] && jq -e --arg action "$ACTION" \
		--arg who "arn:aws:iam::$ACCOUNT:user/$USER_NAME" '
		[.Statement[] | select(.Principal.AWS == $who and
			([.Action] | flatten | index($action))) | .Effect] == ["Allow"]' \
		"$HOME/key-policy" >/dev/null; then
		return
	fi
	s3_fault "$(jq -nc --arg method "$method" --arg text \
		"User: arn:aws:iam::$ACCOUNT:user/$USER_NAME is not authorized to perform: $ACTION on resource: $KEY $reason" \
		'{method: $method, status: 403, headers: {"x-amz-request-id": "R"},
		  body: "<Error><Code>AccessDenied</Code><Message>\($text)</Message></Error>"}')"
}

kms_policy() {
	jq -nc --arg who "arn:aws:iam::$ACCOUNT:user/$USER_NAME" --arg action "$ACTION" \
		--arg effect "$1" '{Statement: [{Effect: $effect, Principal: {AWS: $who},
			Action: (if $effect == "Allow" then $action else "kms:CreateGrant" end)}]}' \
		>"$HOME/key-policy"
}

# The key's owner adds the printed statement to the key's policy.
add_to_key() {
	jq -c --argjson one "$1" '.Statement += [$one]' "$HOME/key-policy" \
		>"$HOME/key-policy.new"
	mv "$HOME/key-policy.new" "$HOME/key-policy"
}

# kms_way LAYER KIND REASON [COMMAND...]
kms_way() {
	local layer=$1 kind=$2 reason=$3
	shift 3
	KEY_REASON=$reason
	look() {
		kms_says "$KEY_REASON"
		tc doctor --only "identity,$CHECK" --account "$ACCOUNT" --json
	}
	told "$layer" "$kind" "$@"
	s3_faults_end
}

kms() {
	KEY=arn:aws:kms:$REGION:$ACCOUNT:key/1a-2b
	policy "$ACTION" no-allow all
	use_principal kms "$HOME/policy"
	kms_policy Allow
	kms_way identity-policy implicit "because no identity-based policy allows the $ACTION action"
	policy "$ACTION" identity-deny all
	use_principal kms "$HOME/policy"
	kms_policy Allow
	kms_way identity-policy explicit "with an explicit deny in an identity-based policy"
	policy nothing allowed all
	use_principal kms "$HOME/policy"
	kms_policy Deny
	kms_way key-policy implicit "because no resource-based policy allows the $ACTION action" add_to_key
	bounded_principal "$BOUNDARY_WITHOUT"
	kms_policy Allow
	kms_way permissions-boundary implicit "because no permissions boundary allows the $ACTION action"
}

kms_rights() {
	cat <<-EOF
		kms:GenerateDataKey s3-put-object arn:aws:kms:$REGION:$ACCOUNT:key/1a-2b
		kms:Decrypt s3-get-object arn:aws:kms:$REGION:$ACCOUNT:key/1a-2b
	EOF
}

role_rights() {
	echo "sts:AssumeRole credentials arn:aws:iam::$ACCOUNT:role/"
}

# ---------------------------------------------------------------------- tests

@test "nothing allows it: named, and the printed policy mends it" {
	WAY="no-allow"
	each_of rights no_allow
	WAY="no-allow-configuration"
	each_of other_reads no_allow
}

@test "the caller's own policy denies it: named, and the printed one mends it" {
	WAY="identity-deny"
	each_of rights identity_deny
}

@test "a policy of his group denies it, or a managed one: the same" {
	WAY="group-deny"
	each_of some_rights group_deny
	WAY="managed-deny"
	each_of some_rights managed_deny
}

@test "the bucket's policy denies it: named, and the printed one mends it" {
	WAY="bucket-deny"
	each_of s3_rights bucket_deny
}

@test "his permissions boundary is in the way: named, and what to ask for mends it" {
	WAY="boundary"
	each_of rights boundary
}

@test "policies that can be read tell it without a simulation" {
	WAY="unsimulated"
	each_of some_rights unsimulated
}

@test "across accounts the bucket does not let him in: the printed statement mends it" {
	WAY="cross-account"
	other_principal
	each_of shared_rights cross_account
}

@test "a role that cannot be assumed: whose side, and the printed policy mends it" {
	exempt ceph "the roles are the stand-in's, whatever the store"
	WAY="assume-role"
	each_of role_rights assume_role
}

@test "a KMS key that says no: whose side, and what is printed mends it" {
	exempt ceph "the key is the fault server, whatever the store"
	WAY="kms"
	each_of kms_rights kms
}

@test "no policy can be read: nothing is guessed" {
	WAY=unreadable
	each_of rights unreadable
}
