# bash completion for teamcache; made by 'teamcache completion bash'
# shellcheck shell=bash

# The present month and the 13 before it.
_teamcache_months()
{
	local i month year
	year=$(date -u +%Y) month=$(date -u +%m)
	month=${month#0}
	for ((i = 0; i < 14; i++)); do
		printf '%04d-%02d\n' "$year" "$month"
		month=$((month - 1))
		if ((month == 0)); then
			month=12 year=$((year - 1))
		fi
	done
}

_teamcache_profiles()
{
	{
		sed -n -e 's/^\[default\].*/default/p' \
			-e 's/^\[profile[[:space:]]\{1,\}"\{0,1\}\([^]"]*\).*/\1/p' \
			"${AWS_CONFIG_FILE:-$HOME/.aws/config}"
		sed -n 's/^\[\([^]]*\)\].*/\1/p' \
			"${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}"
	} 2>/dev/null | sort -u
}

# Those of the lines in $2 that begin with $1, each after $3.
_teamcache_reply()
{
	local word
	COMPREPLY=()
	while IFS= read -r word; do
		if [[ -n $word && $word == "$1"* ]]; then
			COMPREPLY+=("${3-}$word")
		fi
	done <<<"$2"
}

_teamcache_files()
{
	local name
	COMPREPLY=()
	while IFS= read -r name; do
		COMPREPLY+=("$name")
	done < <(compgen -f -- "$1")
	compopt -o filenames 2>/dev/null
}

# The value $2 of option $1, each after $3; fails when it takes none.
_teamcache_value()
{
	case $1 in
	--profile) _teamcache_reply "$2" "$(_teamcache_profiles)" "$3" ;;
	--bucket) ;;
	--region) ;;
	--prefix) ;;
	--endpoint-url) ;;
	--account) ;;
	--config) _teamcache_files "$2" ;;
	--timeout) ;;
	--max-attempts) ;;
	--mfa-code) ;;
	--color) _teamcache_reply "$2" $'auto\nalways\nnever' "$3" ;;
	--month) _teamcache_reply "$2" "$(_teamcache_months)" "$3" ;;
	--ttl) ;;
	--max-age) ;;
	--stale-if-error) ;;
	--wait) ;;
	--months) ;;
	--jobs) ;;
	--format) _teamcache_reply "$2" $'json\nenvelope\ntable\ncsv\nmarkdown\nchart\nhtml' "$3" ;;
	--metric) _teamcache_reply "$2" $'UnblendedCost\nBlendedCost\nAmortizedCost\nNetUnblendedCost\nNetAmortizedCost\nUsageQuantity\nNormalizedUsageAmount' "$3" ;;
	--top) ;;
	--output|-o) _teamcache_files "$2" ;;
	--request) _teamcache_files "$2" ;;
	--timestamp) ;;
	--older-than) ;;
	--max-api-requests) ;;
	--days) ;;
	--type) ;;
	--only) ;;
	--skip) ;;
	--report) _teamcache_files "$2" ;;
	--allow-account) ;;
	--writer) ;;
	--reader) ;;
	--kms-key) ;;
	--emit) _teamcache_reply "$2" $'terraform\ncloudformation\naws-cli' "$3" ;;
	*) return 1 ;;
	esac
	return 0
}

# The options that may follow command $1 (empty: none yet), a line each.
_teamcache_options()
{
	printf '%s\n' --profile --bucket --region --prefix --endpoint-url --account --config --timeout --max-attempts --mfa-code --json --quiet -q --verbose -v --color --help -h --version -V
	case $1 in
	fetch) printf '%s\n' --month --months --all --all-profiles --jobs --ttl --max-age --refresh --revalidate --stale-if-error --allow-stale --offline --no-api --no-remote --no-local --max-api-requests --wait --no-lease --format --metric --top --github-summary --github-output --output -o --warm --strict --request ;;
	push) printf '%s\n' --month --ttl --if-absent --if-newer --timestamp --force --local ;;
	invalidate) printf '%s\n' --month --all-months --all --older-than --purge --local --remote --dry-run --jobs --yes ;;
	verify-bucket) printf '%s\n' --only --skip --create --fix --allow-account --writer --reader --kms-key --dry-run --yes --emit ;;
	doctor) printf '%s\n' --only --skip --quick --probe-ce --all-profiles --report --redact ;;
	status) printf '%s\n' --month --remote --days --max-age --jobs ;;
	config) printf '%s\n' --show-origin --type ;;
	policy) printf '%s\n' --allow-account --writer --reader --kms-key ;;
	help) printf '%s\n' --man ;;
	esac
}

# The operand $3 of command $1 after $2 others.
_teamcache_operand()
{
	case $1:$2 in
	:*) _teamcache_reply "$3" $'fetch\npush\ninvalidate\nverify-bucket\ndoctor\nstatus\nconfig\npolicy\ncompletion\nhelp\nversion' ;;
	fetch:*) _teamcache_reply "$3" $'full-data\nmtd-costs\ndaily-breakdown\nservice-breakdown\nforecast' ;;
	push:0) _teamcache_reply "$3" $'full-data\nmtd-costs\ndaily-breakdown\nservice-breakdown\nforecast' ;;
	push:1) _teamcache_files "$3" ;;
	invalidate:*) _teamcache_reply "$3" $'full-data\nmtd-costs\ndaily-breakdown\nservice-breakdown\nforecast' ;;
	status:*) _teamcache_reply "$3" $'full-data\nmtd-costs\ndaily-breakdown\nservice-breakdown\nforecast' ;;
	config:0) _teamcache_reply "$3" $'get\nset\nunset\nlist\npath\ncheck\ninit\nupgrade' ;;
	config:*) _teamcache_reply "$3" $'team_cache\nbucket\nregion\nprefix\nttl\nttl_override\nstale_if_error\nfallback\naccount_id\napi\nkms_key_id\nsse\nexpected_bucket_owner\nbucket_profile\nendpoint_url\nlease\nwait\nrefreshed_by\nmax_object_size\nmax_api_requests_per_day\nrefresh_cooldown\ncredential_cache\nstore_max_age\nstore_max_size\ntimeout' ;;
	policy:0) _teamcache_reply "$3" $'reader\nwriter\nadmin\nbucket' ;;
	completion:0) _teamcache_reply "$3" $'bash\nzsh\nfish' ;;
	help:0) _teamcache_reply "$3" $'fetch\npush\ninvalidate\nverify-bucket\ndoctor\nstatus\nconfig\npolicy\ncompletion\nhelp\nversion\nexit-statuses\nsettings\nenvironment\njson' ;;
	esac
}

_teamcache()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev command='' option=''
	local -i i operands=0
	prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	# "--format=json" comes as three words, or, without = in
	# COMP_WORDBREAKS, as one.
	if [[ $cur == --*=* ]]; then
		_teamcache_value "${cur%%=*}" "${cur#*=}" "${cur%%=*}="
		return 0
	elif [[ $cur == = ]]; then
		option=$prev cur=
	elif [[ $prev == = ]] && ((COMP_CWORD > 2)); then
		option=${COMP_WORDS[COMP_CWORD-2]}
	elif ((COMP_CWORD > 1)); then
		option=$prev
	fi
	if _teamcache_value "$option" "$cur" ''; then
		return 0
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		=|:) i+=1 ;;
		-*)
			if [[ ${COMP_WORDS[i+1]} != = ]] &&
			    _teamcache_value "${COMP_WORDS[i]}" '' ''; then
				i+=1
			fi
			COMPREPLY=()
			;;
		*)
			if [[ -z $command ]]; then
				command=${COMP_WORDS[i]}
			else
				operands+=1
			fi
			;;
		esac
	done
	if [[ $cur == -* ]]; then
		_teamcache_reply "$cur" "$(_teamcache_options "$command")"
	else
		_teamcache_operand "$command" "$operands" "$cur"
	fi
	return 0
}

complete -F _teamcache teamcache
