# fish completion for teamcache; made by 'teamcache completion fish'

# The present month and the 13 before it.
function __teamcache_months
    set -l year (date -u +%Y)
    set -l month (math (date -u +%m))
    for i in (seq 14)
        printf '%04d-%02d\n' $year $month
        set month (math $month - 1)
        if test $month -eq 0
            set month 12
            set year (math $year - 1)
        end
    end
end

function __teamcache_profiles
    set -l config ~/.aws/config
    set -l credentials ~/.aws/credentials
    set -q AWS_CONFIG_FILE; and set config $AWS_CONFIG_FILE
    set -q AWS_SHARED_CREDENTIALS_FILE
    and set credentials $AWS_SHARED_CREDENTIALS_FILE
    begin
        sed -n -e 's/^\[default\].*/default/p' \
            -e 's/^\[profile[[:space:]]\{1,\}"\{0,1\}\([^]"]*\).*/\1/p' $config
        sed -n 's/^\[\([^]]*\)\].*/\1/p' $credentials
    end 2>/dev/null | sort -u
end

complete -c teamcache -f
complete -c teamcache -l profile -x -a '(__teamcache_profiles)' -d 'the AWS profile whose credentials and settings are used'
complete -c teamcache -l bucket -x -d 'the team\'s S3 bucket'
complete -c teamcache -l region -x -d 'the bucket\'s region'
complete -c teamcache -l prefix -x -d 'where the team\'s keys start in the bucket'
complete -c teamcache -l endpoint-url -x -d 'send S3 requests to this address'
complete -c teamcache -l account -x -d 'the AWS account whose data it is'
complete -c teamcache -l config -r -F -d 'read this settings file instead of the usual one'
complete -c teamcache -l timeout -x -d 'give up on an entry after this time (120s)'
complete -c teamcache -l max-attempts -x -d 'try each request at most so many times (3)'
complete -c teamcache -l mfa-code -x -d 'the code of the MFA device that a profile\'s role asks for'
complete -c teamcache -l json -d 'print one JSON object that says what was done, or what failed'
complete -c teamcache -s q -l quiet -d 'only errors on stderr'
complete -c teamcache -s v -l verbose -d 'say each step on stderr; twice: each request too, redacted'
complete -c teamcache -l color -x -a 'auto always never' -d 'use colour on a terminal (auto), always or never'
complete -c teamcache -s h -l help -d 'short help (-h) or all of it (--help)'
complete -c teamcache -s V -l version -d 'print the version'

complete -c teamcache -n __fish_use_subcommand -a fetch -d 'print cost data, bought only when nobody has it'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l month -x -k -a '(__teamcache_months)' -d 'the month (default: the present one, UTC)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l months -x -d 'that month and the N-1 before it'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l all -d 'all built-in types'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l all-profiles -d 'every profile of the settings file that has the team cache on'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l jobs -x -d 'how many entries are worked on at a time (8)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l ttl -x -d 'how long what is stored counts as fresh, 15m to 60m'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l max-age -x -d 'accept data up to this age, whatever its ttl'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l refresh -d 'buy again, unless somebody did since this command started'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l revalidate -d 'ask S3 even when the local copy is fresh'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l stale-if-error -x -d 'when a refresh fails, print data up to this age'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l allow-stale -d 'print data of any age rather than none'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l offline -d 'use the local cache only; no network at all'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l no-api -d 'never buy from Cost Explorer'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l no-remote -d 'leave S3 alone'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l no-local -d 'leave the local cache alone'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l max-api-requests -x -d 'pay for at most so many Cost Explorer requests'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l wait -x -d 'how long to wait for somebody else\'s purchase (60s)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l no-lease -d 'buy without asking whether somebody else does'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l format -x -a 'json envelope table csv markdown chart html' -d 'how the data is shown (json: as it is; envelope: with its metadata)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l metric -x -a 'UnblendedCost BlendedCost AmortizedCost NetUnblendedCost NetAmortizedCost UsageQuantity NormalizedUsageAmount' -d 'what is shown of the data'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l top -x -d 'show the N largest services, and the others as one'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l github-summary -d 'append the costs to the job\'s summary (GITHUB_STEP_SUMMARY)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l github-output -d 'set the step\'s outputs source, age, cost and currency (GITHUB_OUTPUT)'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -s o -l output -r -F -d 'write to this file, replaced in one piece, instead of stdout'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l warm -d 'fill the caches and print no data'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l strict -d 'exit 11 when the service was degraded'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -l request -r -F -d 'the Cost Explorer request (JSON) of a TYPE of your own'
complete -c teamcache -n '__fish_seen_subcommand_from fetch' -a 'full-data mtd-costs daily-breakdown service-breakdown forecast'

complete -c teamcache -n __fish_use_subcommand -a push -d 'store a JSON document for everybody'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l month -x -k -a '(__teamcache_months)' -d 'the month (default: the present one, UTC)'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l ttl -x -d 'how long what is stored counts as fresh, 15m to 60m'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l if-absent -d 'store only when nothing is there'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l if-newer -d 'store only when what is there is older'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l timestamp -x -d 'when the data was made (RFC 3339; default: now)'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l force -d 'replace what teamcache did not write, too'
complete -c teamcache -n '__fish_seen_subcommand_from push' -l local -d 'on this machine only'
complete -c teamcache -n '__fish_seen_subcommand_from push' -a 'full-data mtd-costs daily-breakdown service-breakdown forecast'
complete -c teamcache -n '__fish_seen_subcommand_from push' -F

complete -c teamcache -n __fish_use_subcommand -a invalidate -d 'delete entries, here and in S3'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l month -x -k -a '(__teamcache_months)' -d 'the month (default: the present one, UTC)'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l all-months -d 'every month of the account that is there'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l all -d 'all types that are there'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l older-than -x -d 'only entries that are older than this'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l purge -d 'in S3, every version of these keys, for good'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l local -d 'on this machine only'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l remote -d 'in S3 only'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l dry-run -d 'say what would be done and do nothing'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l jobs -x -d 'how many entries are worked on at a time (8)'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -l yes -d 'do not ask'
complete -c teamcache -n '__fish_seen_subcommand_from invalidate' -a 'full-data mtd-costs daily-breakdown service-breakdown forecast'

complete -c teamcache -n __fish_use_subcommand -a verify-bucket -d 'prove that the bucket is fit to be a team cache'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l only -x -d 'make these checks alone'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l skip -x -d 'make all checks but these'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l create -d 'make the bucket, and make it fit'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l fix -d 'set up what is not fit, and that alone'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l allow-account -x -d 'let this account store its own data, and read it'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l writer -x -d 'let this account, user or role store the data of these accounts'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l reader -x -d 'let this account, user or role read the data of these accounts, or of all'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l kms-key -x -d 'the KMS key that objects are encrypted with, best as an ARN'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l dry-run -d 'say what would be done and do nothing'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l yes -d 'do not ask'
complete -c teamcache -n '__fish_seen_subcommand_from verify-bucket' -l emit -x -a 'terraform cloudformation aws-cli' -d 'print code that makes such a bucket, and ask nobody'

complete -c teamcache -n __fish_use_subcommand -a doctor -d 'find out why it does not work, and print the smallest fix'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l only -x -d 'make these checks alone'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l skip -x -d 'make all checks but these'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l quick -d 'make three checks alone: credentials, identity and one object of S3'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l probe-ce -d 'ask Cost Explorer for real, which costs USD 0.01 a question'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l all-profiles -d 'every profile of the settings file that has the team cache on'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l report -r -F -d 'write the findings to this file too, in Markdown (-: to stdout, instead)'
complete -c teamcache -n '__fish_seen_subcommand_from doctor' -l redact -d 'mask account ids, key ids and ARNs'

complete -c teamcache -n __fish_use_subcommand -a status -d 'show what is cached, and what it cost and saved'
complete -c teamcache -n '__fish_seen_subcommand_from status' -l month -x -k -a '(__teamcache_months)' -d 'this month alone (default: all that are there)'
complete -c teamcache -n '__fish_seen_subcommand_from status' -l remote -d 'in S3 too'
complete -c teamcache -n '__fish_seen_subcommand_from status' -l days -x -d 'so many days of the ledger one by one (7)'
complete -c teamcache -n '__fish_seen_subcommand_from status' -l max-age -x -d 'accept data up to this age, whatever its ttl'
complete -c teamcache -n '__fish_seen_subcommand_from status' -l jobs -x -d 'how many entries are worked on at a time (8)'
complete -c teamcache -n '__fish_seen_subcommand_from status' -a 'full-data mtd-costs daily-breakdown service-breakdown forecast'

complete -c teamcache -n __fish_use_subcommand -a config -d 'read and change the settings'
complete -c teamcache -n '__fish_seen_subcommand_from config' -l show-origin -d 'say where each value comes from'
complete -c teamcache -n '__fish_seen_subcommand_from config' -l type -x -d 'the section of this data set of one\'s own'
complete -c teamcache -n '__fish_seen_subcommand_from config' -a 'get set unset list path check init upgrade'
complete -c teamcache -n '__fish_seen_subcommand_from config' -a 'team_cache bucket region prefix ttl ttl_override stale_if_error fallback account_id api kms_key_id sse expected_bucket_owner bucket_profile endpoint_url lease wait refreshed_by max_object_size max_api_requests_per_day refresh_cooldown credential_cache store_max_age store_max_size timeout'

complete -c teamcache -n __fish_use_subcommand -a policy -d 'print the least-privilege IAM or bucket policy'
complete -c teamcache -n '__fish_seen_subcommand_from policy' -l allow-account -x -d 'let this account store its own data, and read it'
complete -c teamcache -n '__fish_seen_subcommand_from policy' -l writer -x -d 'let this account, user or role store the data of these accounts'
complete -c teamcache -n '__fish_seen_subcommand_from policy' -l reader -x -d 'let this account, user or role read the data of these accounts, or of all'
complete -c teamcache -n '__fish_seen_subcommand_from policy' -l kms-key -x -d 'the KMS key that objects are encrypted with, best as an ARN'
complete -c teamcache -n '__fish_seen_subcommand_from policy' -a 'reader writer admin bucket'

complete -c teamcache -n __fish_use_subcommand -a completion -d 'print the completion script of a shell'
complete -c teamcache -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'

complete -c teamcache -n __fish_use_subcommand -a help -d 'explain a command or a topic'
complete -c teamcache -n '__fish_seen_subcommand_from help' -l man -d 'print the manual page, mdoc(7)'
complete -c teamcache -n '__fish_seen_subcommand_from help' -a 'fetch push invalidate verify-bucket doctor status config policy completion help version exit-statuses settings environment json'

complete -c teamcache -n __fish_use_subcommand -a version -d 'print the version and what the program is made of'
