#include "tap.h"

#include "aws/lifecycle.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define NS " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define OPEN "<LifecycleConfiguration" NS ">"
#define CLOSE "</LifecycleConfiguration>"

/* Somebody else's, with what nobody here knows. */
#define OTHERS \
	"<Rule><ID>logs &amp; more</ID><Filter><And><Prefix>logs/</Prefix>" \
	"<Tag><Key>k</Key><Value> v </Value></Tag></And></Filter>" \
	"<Status>Disabled</Status><Transition><Days>30</Days>" \
	"<StorageClass>GLACIER</StorageClass></Transition>" \
	"<Novelty><Deep><Deeper></Deeper></Deep></Novelty></Rule>"

static void
test_read(void)
{
	static const char body[] = OPEN OTHERS
	    "<Rule><Status>Enabled</Status><Prefix>old/</Prefix>"
	    "<Expiration><Days>30</Days></Expiration></Rule>"
	    "<Rule><ID>all</ID><Filter/><Status>Enabled</Status>"
	    "<Expiration><ExpiredObjectDeleteMarker>true"
	    "</ExpiredObjectDeleteMarker></Expiration>"
	    "<NoncurrentVersionExpiration><NewerNoncurrentVersions>3"
	    "</NewerNoncurrentVersions><NoncurrentDays>7</NoncurrentDays>"
	    "</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload>"
	    "<DaysAfterInitiation>1</DaysAfterInitiation>"
	    "</AbortIncompleteMultipartUpload></Rule>"
	    "<Rule><ID>tag</ID><Filter><Tag><Key>k</Key><Value>v</Value>"
	    "</Tag></Filter><Status>Enabled</Status></Rule>" CLOSE;
	struct lifecycle l;
	struct err err = { 0 };

	is_int(lifecycle_read(span_of(body), &l, &err), 0, "read");
	is_uint(l.count, 4, "four rules");
	is_span(l.rules[0].id, "logs & more", "id");
	ok(!l.rules[0].enabled && !l.rules[0].by_prefix,
	    "disabled, and not by prefix alone");
	is_span(l.rules[0].prefix, "logs/", "the prefix all the same");
	is_int(l.rules[0].days, -1, "it deletes nothing");
	ok(l.rules[1].enabled && l.rules[1].by_prefix, "the old form");
	is_span(l.rules[1].prefix, "old/", "its prefix");
	is_span(l.rules[1].id, "", "no id");
	is_int(l.rules[1].days, 30, "days");
	ok(l.rules[2].by_prefix && l.rules[2].markers, "the whole bucket");
	is_span(l.rules[2].prefix, "", "no prefix");
	is_int(l.rules[2].noncurrent_days, 7, "noncurrent");
	is_int(l.rules[2].newer_noncurrent, 3, "but three");
	is_int(l.rules[2].upload_days, 1, "uploads");
	ok(!l.rules[3].by_prefix, "a tag");
	lifecycle_clear(&l);
	lifecycle_clear(&l);

	is_int(lifecycle_read(span_of("<ListBucketResult/>"), &l, &err), -1,
	    "another document");
	is_int(err.class, ERR_DATA, "class");
}

static const struct lifecycle_wish wishes[] = {
	{ "ours", "p&/", 30, 7, 1, false },
	{ "ours-markers", "p&/", -1, -1, -1, true },
};

#define OURS \
	"<Rule><ID>ours</ID><Filter><Prefix>p&amp;/</Prefix></Filter>" \
	"<Status>Enabled</Status><Expiration><Days>30</Days></Expiration>" \
	"<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays>" \
	"</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload>" \
	"<DaysAfterInitiation>1</DaysAfterInitiation>" \
	"</AbortIncompleteMultipartUpload></Rule><Rule><ID>ours-markers</ID>" \
	"<Filter><Prefix>p&amp;/</Prefix></Filter><Status>Enabled</Status>" \
	"<Expiration><ExpiredObjectDeleteMarker>true" \
	"</ExpiredObjectDeleteMarker></Expiration></Rule>"

static void
test_write(void)
{
	static const struct {
		const char *name;
		const char *old;	/* NULL: nothing was configured */
		const char *want;
	} rows[] = {
		{ "from nothing", NULL, OPEN OURS CLOSE },
		{ "from an empty one", OPEN CLOSE, OPEN OURS CLOSE },
		{ "others' are kept, word for word", OPEN OTHERS CLOSE,
		    OPEN OTHERS OURS CLOSE },
		{ "ours are replaced", OPEN "<Rule><ID>ours</ID><Status>"
		    "Disabled</Status></Rule>" OTHERS CLOSE,
		    OPEN OTHERS OURS CLOSE },
		{ "once more changes nothing", OPEN OTHERS OURS CLOSE,
		    OPEN OTHERS OURS CLOSE },
		{ "a rule without an id is somebody's",
		    OPEN "<Rule><Prefix>x</Prefix></Rule>" CLOSE,
		    OPEN "<Rule><Prefix>x</Prefix></Rule>" OURS CLOSE },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct lifecycle l = { 0 };
		struct err err = { 0 };
		struct buf out;

		buf_init(&out, 65536);
		if (rows[i].old != NULL)
			is_int(lifecycle_read(span_of(rows[i].old), &l, &err),
			    0, "%s: read", rows[i].name);
		lifecycle_write(rows[i].old == NULL ? NULL : &l, wishes,
		    COUNT(wishes), &out);
		is_span(span_of(buf_string(&out)), rows[i].want, "%s",
		    rows[i].name);
		lifecycle_clear(&l);
		buf_clear(&out);
	}
}

int
main(void)
{
	test_read();
	test_write();
	return done_testing();
}
