#!/usr/bin/env bats
# Each right that the product needs, denied in each way that a server here can:
# doctor names action, resource, layer and kind, and the command that it prints
# mends it.

load helper

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

# policy DENIED WAY READS: all rights, one of them taken away; READS: may the
# principal look at policies?
policy() {
	# Ceph has a name of its own for one of them.
	local encryption=s3:GetEncryptionConfiguration
	[ "$TC_STORE" != ceph ] || encryption=s3:GetBucketEncryption
	jq -n --arg bucket "arn:aws:s3:::$BUCKET" --arg denied "$1" \
		--arg encryption "$encryption" \
		--arg way "$2" --argjson reads "$3" '
		["s3:ListBucket", "s3:GetBucketVersioning",
		 $encryption, "s3:GetBucketPublicAccessBlock",
		 "s3:GetBucketOwnershipControls", "s3:GetLifecycleConfiguration",
		 if $reads then "s3:GetBucketPolicy" else empty end] as $bucket_actions |
		["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as $object_actions |
		["ce:GetCostAndUsage", "ce:GetCostForecast"] as $cost_actions |
		def left: map(select($way != "no-allow" or . != $denied));
		{Version: "2012-10-17", Statement: [
			{Effect: "Allow", Action: $bucket_actions | left, Resource: $bucket},
			{Effect: "Allow", Action: $object_actions | left,
			 Resource: ($bucket + "/*")},
			{Effect: "Allow", Action: $cost_actions | left, Resource: "*"},
			if $reads then {Effect: "Allow", Resource: "*", Action: [
				"iam:SimulatePrincipalPolicy", "iam:ListUserPolicies",
				"iam:GetUserPolicy"]} else empty end,
			if $way == "identity-deny" then {Sid: "NotThat", Effect: "Deny",
				Action: [$denied, "s3:CreateBucket"], Resource: "*"}
			else empty end]}' >"$HOME/policy"
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
	S3_URL=$url SERVICE=iam s3_client form "$@" >/dev/null
}

# The AWS CLI, as far as doctor prints it: at the store and at the stand-in.
aws() {
	local service=$1 operation=$2 user='' name='' document='' bucket=''
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--user-name) user=$2 ;;
		--policy-name) name=$2 ;;
		--policy-document | --policy) document=$2 ;;
		--bucket) bucket=$2 ;;
		--endpoint-url) [ "$2" = "$S3_ENDPOINT" ] ;;
		*) return 2 ;;
		esac
		shift 2
	done
	case $service:$operation in
	iam:put-user-policy)
		iam_at "$AWS_URL" Action=PutUserPolicy UserName="$user" \
			PolicyName="$name" PolicyDocument="$document"
		if [ "$TC_STORE" = ceph ] && [[ $document == *s3:* ]]; then
			iam_at "$S3_URL" Action=PutUserPolicy UserName="$user" \
				PolicyName="$name" \
				PolicyDocument="$(s3_statements "$document")"
		fi
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

# found NAME: of the one check's denial.
found() {
	jq -r --arg check "$CHECK" "(.checks[] | select(.name == \$check)).$1" \
		"$TC_STDOUT"
}

note() {
	echo "$1 $TC_STORE $ACTION $WAY${2:+: $2}" >>"$BATS_FILE_TMPDIR/verdicts"
	[ "$1" != wrong ] || {
		echo "wrong: $ACTION $WAY: $2"
		show_run
		return 1
	}
}

examine() {
	tc doctor --only "identity,$CHECK" --account "$ACCOUNT" --json
	[ "$status" -eq 0 ] || [ "$status" -eq 10 ] || note wrong "exit $status"
}

# told LAYER KIND: what has to be said of ACTION, and that the fix mends it.
told() {
	local command resource
	examine
	if [ "$(found denial)" = null ]; then
		note not-produced "the store lets it pass"
		return
	fi
	resource=$(found denial.resource)
	[ "$(found denial.action)" = "$ACTION" ] || note wrong "another action"
	[[ $resource == "$RESOURCE"* ]] || note wrong "resource $resource"
	[ "$(found denial.layer)" = "$1" ] || note wrong "layer"
	[ "$(found denial.kind)" = "$2" ] || note wrong "kind"
	command=$(found fix.command)
	[ "$command" != null ] || note wrong "no command"
	eval "$command" || note wrong "the command fails: $command"
	examine
	[ "$(found status)" = pass ] || note wrong "the fix does not mend it"
	note right
}

each_right() {
	rm -f "$BATS_FILE_TMPDIR/verdicts"
	while read -r ACTION CHECK RESOURCE; do
		"$@"
	done < <(rights)
	summary=$(cut -d ' ' -f 1 "$BATS_FILE_TMPDIR/verdicts" | sort | uniq -c |
		tr -s ' \n' ' ')
	echo "# $TC_STORE, $WAY: $summary" >&3
	grep not-produced "$BATS_FILE_TMPDIR/verdicts" | sed 's/^/# /' >&3 || true
	run ! grep -q '^wrong' "$BATS_FILE_TMPDIR/verdicts"
}

no_allow() {
	policy "$ACTION" no-allow true
	use_principal ci "$HOME/policy"
	told identity-policy implicit
}

identity_deny() {
	policy "$ACTION" identity-deny true
	use_principal ci "$HOME/policy"
	told identity-policy explicit
}

bucket_deny() {
	[[ $ACTION == s3:* ]] || return 0
	policy "$ACTION" bucket-deny true
	use_principal ci "$HOME/policy"
	deny_in_bucket "$ACTION"
	told resource-policy explicit
	s3_request DELETE "/$BUCKET?policy" >/dev/null
}

# Nobody may read a policy: nothing is guessed, the candidates are listed.
unreadable() {
	policy "$ACTION" no-allow false
	use_principal ci "$HOME/policy"
	examine
	[ "$(found denial)" != null ] || {
		note not-produced "the store lets it pass"
		return
	}
	# Of several that are denied the first one is the denial's.
	[[ $(found summary) == *"$ACTION"* ]] || note wrong "another action"
	[[ $(found denial.resource) == "$RESOURCE"* ]] || note wrong resource
	[ "$(found denial.layer)" = null ] || note wrong "a guessed layer"
	[[ $(found fix.text) == *"In this order"* ]] || note wrong candidates
	[ "$(found fix.command)" = null ] || note wrong "a guessed command"
	note not-told
}

@test "nothing allows it: named, and the printed policy mends it" {
	WAY="no-allow"
	each_right no_allow
}

@test "the caller's own policy denies it: named, and the printed one mends it" {
	WAY="identity-deny"
	each_right identity_deny
}

@test "the bucket's policy denies it: named, and the printed one mends it" {
	WAY="bucket-deny"
	each_right bucket_deny
}

@test "no policy can be read: nothing is guessed" {
	WAY=unreadable
	each_right unreadable
}
