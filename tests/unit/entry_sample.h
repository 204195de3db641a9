#ifndef TESTS_ENTRY_SAMPLE_H
#define TESTS_ENTRY_SAMPLE_H

#include "tap.h"

#include "cache/entry.h"

/* An envelope as metadata and data, and as its bytes. */
#define DATA "{\"cost_and_usage\":{\"ResultsByTime\":[]}}"

static const struct entry_metadata sample = {
	.timestamp = 1754922600, .account_id = "123456789012",
	.profile_name = "prod", .data_type = "mtd-costs",
	.period = "2025-08", .ttl = 3600, .expires_at = 1754926200,
	.data_through = "2025-08-11", .estimated = 1, .refreshed_by = "",
	.source = "ce:GetCostAndUsage", .request_sha256 = "00ff",
	.app_version = "0.1.0",
};

/* sha256sum says so of DATA. */
static const char sample_text[] =
    "{\"metadata\":{\"schema_version\":1,"
    "\"timestamp\":\"2025-08-11T14:30:00Z\","
    "\"account_id\":\"123456789012\",\"profile_name\":\"prod\","
    "\"data_type\":\"mtd-costs\",\"period\":\"2025-08\",\"ttl\":3600,"
    "\"expires_at\":\"2025-08-11T15:30:00Z\","
    "\"data_through\":\"2025-08-11\",\"estimated\":true,"
    "\"refreshed_by\":\"\",\"source\":\"ce:GetCostAndUsage\","
    "\"request_sha256\":\"00ff\",\"app_version\":\"0.1.0\","
    "\"content_length\":39,\"content_sha256\":"
    "\"688f38cd3bc1f15883a7c9548190d595c5ab70a4c88f1a699714a2bef68ebde3"
    "\"},\"data\":" DATA "}";

/* Parse and verify where it lies. */
static inline void
is_fault(const struct buf *b, enum entry_fault want, struct entry *e,
    const char *what)
{
	const char *reason = NULL;
	enum entry_fault fault = entry_parse(buf_view(b), ENTRY_WHOLE, e,
	    &reason);

	if (!is_int(fault, want, "%s", what))
		note("%s", reason);
}

#endif
