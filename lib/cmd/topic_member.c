#include "cmd/topic.h"

#define ALL "every command that has a --json form"
#define ENTRIES "fetch, push and status: entries[]"
#define STATUS "status"
#define INVALIDATE "invalidate"
#define CHECKS "doctor and verify-bucket"
#define CONFIG "config"
#define VERSION "version"

/* In the order in which people look for them; a group's rows stand together. */
static const struct topic_member members[] = {
	{ ALL, "command", "its name" },
	{ ALL, "exit_status", "as the process's" },
	{ ALL, "error", "what ended the command, or null; beside command and "
	    "exit_status it is the only member where there is no result. "
	    "fetch has it in its entries" },
	{ ALL, "error.class", "a word for each exit status: usage, no-data, "
	    "credentials, denied, ..." },
	{ ALL, "error.code", "AWS's code, or null" },
	{ ALL, "error.message", "as on stderr" },
	{ ALL, "error.hint", "what to do next, or null" },
	{ ALL, "error.request_id", "AWS's, or null" },
	{ ALL, "warnings[]", "as on stderr (fetch, push, invalidate, status, "
	    "config check)" },
	{ ALL, "requests.s3", "requests that were sent (fetch, push, "
	    "invalidate, status)" },
	{ ALL, "requests.ce", "those to Cost Explorer" },
	{ ALL, "requests.sts", "those to STS" },
	{ ALL, "cost_usd", "what those to Cost Explorer cost" },

	{ ENTRIES, "entries[].data_type", "the TYPE" },
	{ ENTRIES, "entries[].account_id", "null where it could not be found "
	    "out" },
	{ ENTRIES, "entries[].profile", "that it was asked with" },
	{ ENTRIES, "entries[].period", "the month, YYYY-MM" },
	{ ENTRIES, "entries[].key", "in the bucket, or null" },
	{ ENTRIES, "entries[].source", "local, remote, api, derived, "
	    "stale-local, stale-remote, none" },
	{ ENTRIES, "entries[].fresh", "is it within the age that is accepted?" },
	{ ENTRIES, "entries[].age", "seconds" },
	{ ENTRIES, "entries[].ttl", "seconds" },
	{ ENTRIES, "entries[].expires_at", "timestamp + ttl" },
	{ ENTRIES, "entries[].timestamp", "when it was bought or made" },
	{ ENTRIES, "entries[].data_through", "the last day that it covers" },
	{ ENTRIES, "entries[].estimated", "may AWS still change the amounts?" },
	{ ENTRIES, "entries[].refreshed_by", "who bought it, where that is "
	    "told" },
	{ ENTRIES, "entries[].etag", "of the object in S3" },
	{ ENTRIES, "entries[].bytes", "of the data" },
	{ ENTRIES, "entries[].degraded[]", "s3-unreachable, s3-denied, "
	    "s3-put-denied, s3-no-bucket, s3-skipped, s3-error, "
	    "foreign-object, other-question, lease-lost, local-store, stale, "
	    "..." },
	{ ENTRIES, "entries[].unavailable", "why there is none, where that is "
	    "no failure" },
	{ ENTRIES, "entries[].error", "as above, or null" },
	{ ENTRIES, "entries[].data", "fetch's, as AWS sends it; null with "
	    "--warm and where there is none" },
	{ ENTRIES, "entries[].stored[]", "local, remote (push, status)" },
	{ ENTRIES, "entries[].state", "fresh, stale, very-stale; foreign, denied, "
	    "unreadable (status)" },
	{ ENTRIES, "entries[].good_until", "how long fetch prints it as it is "
	    "(status)" },
	{ ENTRIES, "entries[].size", "as it is stored, in bytes (status)" },

	{ STATUS, "team_cache.on", "is the bucket used?" },
	{ STATUS, "team_cache.why", "what decided that" },
	{ STATUS, "team_cache.bucket", "its name" },
	{ STATUS, "team_cache.prefix", "what the keys begin with" },
	{ STATUS, "breaker", "null without a bucket" },
	{ STATUS, "breaker.open", "is S3 left alone for a while?" },
	{ STATUS, "breaker.failures", "in a row" },
	{ STATUS, "breaker.since", "when it opened" },
	{ STATUS, "breaker.next_probe", "when S3 is tried again" },
	{ STATUS, "leases", "purchases under way; null without --remote" },
	{ STATUS, "leases[].purchase", "what is bought" },
	{ STATUS, "leases[].account_id", "whose" },
	{ STATUS, "leases[].period", "of which month" },
	{ STATUS, "leases[].holder", "who buys, where that is told" },
	{ STATUS, "leases[].age", "seconds since it was renewed" },
	{ STATUS, "leases[].length", "seconds" },
	{ STATUS, "leases[].expires_at", "when anybody may take it over" },
	{ STATUS, "leases[].expired", "may they now?" },
	{ STATUS, "ledger.ce_requests", "requests that this machine sent to "
	    "Cost Explorer" },
	{ STATUS, "ledger.ce_requests_avoided", "requests that it was spared" },
	{ STATUS, "ledger.spent_usd", "what the former cost" },
	{ STATUS, "ledger.saved_usd", "what the latter would have" },
	{ STATUS, "ledger.ce_requests_today", "since 00:00 UTC" },
	{ STATUS, "ledger.max_api_requests_per_day", "the setting, or null" },
	{ STATUS, "ledger.days[].date", "the same figures by day, account "
	    "and profile" },
	{ STATUS, "ledger.days[].account_id", "" },
	{ STATUS, "ledger.days[].profile", "" },
	{ STATUS, "ledger.days[].ce_requests", "" },
	{ STATUS, "ledger.days[].ce_requests_avoided", "" },
	{ STATUS, "ledger.days[].spent_usd", "" },
	{ STATUS, "ledger.days[].saved_usd", "" },

	{ INVALIDATE, "dry_run", "was nothing done? (verify-bucket too)" },
	{ INVALIDATE, "deleted[].key", "what went, or would go" },
	{ INVALIDATE, "deleted[].place", "local or s3" },
	{ INVALIDATE, "deleted[].versions", "how many, with --purge" },
	{ INVALIDATE, "kept[].key", "what was left" },
	{ INVALIDATE, "kept[].place", "" },
	{ INVALIDATE, "kept[].reason", "why" },
	{ INVALIDATE, "failed[].key", "what could not be deleted" },
	{ INVALIDATE, "failed[].place", "" },
	{ INVALIDATE, "failed[].error", "as above" },

	{ CHECKS, "verdict", "one line on all of it" },
	{ CHECKS, "checks[].name", "stable" },
	{ CHECKS, "checks[].status", "pass, warn, fail or skip" },
	{ CHECKS, "checks[].summary", "what was found" },
	{ CHECKS, "checks[].detail", "more of it" },
	{ CHECKS, "checks[].milliseconds", "that it took" },
	{ CHECKS, "checks[].denial", "null where nothing was denied" },
	{ CHECKS, "checks[].denial.action", "such as s3:PutObject" },
	{ CHECKS, "checks[].denial.resource", "its ARN" },
	{ CHECKS, "checks[].denial.principal", "the caller's ARN" },
	{ CHECKS, "checks[].denial.layer", "the kind of policy that denied" },
	{ CHECKS, "checks[].denial.kind", "explicit or implicit" },
	{ CHECKS, "checks[].denial.policy_arn", "where AWS names it" },
	{ CHECKS, "checks[].fix", "null where there is none" },
	{ CHECKS, "checks[].fix.text", "what to do" },
	{ CHECKS, "checks[].fix.policy", "the policy that mends it" },
	{ CHECKS, "checks[].fix.command", "a command that applies it" },
	{ CHECKS, "credentials.source", "where the keys came from (doctor)" },
	{ CHECKS, "credentials.access_key_id", "null where there are none" },
	{ CHECKS, "credentials.session_token_present", "" },
	{ CHECKS, "credentials.expires_at", "" },
	{ CHECKS, "credentials.account_id", "null where a request would have "
	    "to ask" },
	{ CHECKS, "credentials.region", "" },
	{ CHECKS, "credentials.trace[].provider", "what was tried, in order" },
	{ CHECKS, "credentials.trace[].result", "used, skipped or failed" },
	{ CHECKS, "credentials.trace[].reason", "why" },
	{ CHECKS, "credentials.error", "a text, or null" },
	{ CHECKS, "profiles[]", "of several profiles: such an object each "
	    "(doctor)" },
	{ CHECKS, "changes[].action", "what was set up, or would be "
	    "(verify-bucket --create, --fix)" },
	{ CHECKS, "changes[].method", "of the request" },
	{ CHECKS, "changes[].query", "" },
	{ CHECKS, "changes[].body", "" },
	{ CHECKS, "changes[].made", "was it sent?" },
	{ CHECKS, "expected_bucket_owner", "who owns the bucket, or null" },

	{ CONFIG, "path", "of the settings file" },
	{ CONFIG, "profile", "whose settings these are (list)" },
	{ CONFIG, "settings[]", "one each, with the members of get (list)" },
	{ CONFIG, "name", "of the setting (get)" },
	{ CONFIG, "value", "or null" },
	{ CONFIG, "given", "or built in?" },
	{ CONFIG, "origin", "where it comes from" },
	{ CONFIG, "changed", "is the file another one now? (set, unset)" },

	{ VERSION, "version", "of teamcache" },
	{ VERSION, "schema_version", "of the entries that it writes" },
	{ VERSION, "libc", "that it is linked with" },
	{ VERSION, "parts[].name", "what else it is made of" },
	{ VERSION, "parts[].version", "upstream's" },
	{ VERSION, "parts[].debian_revision", "what Debian made of that" },
	{ VERSION, "parts[].debian_version", "both, as Debian spells them" },
};

const struct topic_member *
topic_member(size_t i)
{
	return i < sizeof members / sizeof members[0] ? &members[i] : NULL;
}
