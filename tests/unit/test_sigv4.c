#include "tap.h"

#include "aws/sigv4.h"
#include "base/limits.h"
#include "codec/hash.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define FIELDS_MAX 8

static const char empty_hash[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* facts/sigv4.md 10, and AWS's own suite (aws-c-auth). */
static const struct vector {
	const char *name;
	const char *method, *path, *query;
	struct http_field fields[FIELDS_MAX];
	const char *payload_hash;	/* NULL: of the empty body */
	const char *region, *service;
	int64_t time;
	bool suite;			/* the suite's keys */
	const char *signed_fields;
	const char *canonical_hash;	/* NULL: not published */
	const char *signature;
} vectors[] = {
	{ "GET with a range", "GET", "/test.txt", "",
	    { { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", "20130524T000000Z" },
	    { "Range", "bytes=0-9" },
	    { "x-amz-content-sha256", empty_hash } },
	    NULL, "us-east-1", "s3", 1369353600, false,
	    "host;range;x-amz-content-sha256;x-amz-date",
	    "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
	    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
	},
	{ "PUT with a date", "PUT", "/test%24file.text", "",
	    { { "Date", "Fri, 24 May 2013 00:00:00 GMT" },
	    { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", "20130524T000000Z" },
	    { "x-amz-storage-class", "REDUCED_REDUNDANCY" },
	    { "x-amz-content-sha256",
	    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
	    } },
	    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
	    "us-east-1", "s3", 1369353600, false,
	    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
	    "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
	    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
	},
	{ "GET a subresource", "GET", "/", "lifecycle=",
	    { { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", "20130524T000000Z" },
	    { "x-amz-content-sha256", empty_hash } },
	    NULL, "us-east-1", "s3", 1369353600, false,
	    "host;x-amz-content-sha256;x-amz-date",
	    "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
	    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
	},
	{ "GET a list", "GET", "/", "max-keys=2&prefix=J",
	    { { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", "20130524T000000Z" },
	    { "x-amz-content-sha256", empty_hash } },
	    NULL, "us-east-1", "s3", 1369353600, false,
	    "host;x-amz-content-sha256;x-amz-date",
	    "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
	    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
	},
	{ "A: conditional PUT with a token", "PUT",
	    "/cache/v1/a%20b%2Bc%3D~%C3%A9.json", "",
	    { { "if-none-match", "*" },
	    { "content-type", "application/json" },
	    { "host", "team-cache.s3.eu-west-1.amazonaws.com" },
	    { "x-amz-date", "20260102T030405Z" },
	    { "x-amz-security-token",
	    "IQoJb3JpZ2luX2VjEXAMPLE//////////token==" },
	    { "x-amz-content-sha256",
	    "e346432021b04179518d9614f3560ccd71354a4ee101ddcb893d6959a9d6301c"
	    } },
	    "e346432021b04179518d9614f3560ccd71354a4ee101ddcb893d6959a9d6301c",
	    "eu-west-1", "s3", 1767323045, false,
	    "content-type;host;if-none-match;x-amz-content-sha256;x-amz-date;"
	    "x-amz-security-token",
	    "40ae001bca84fccba378069188e34acc566c93af6ea9aff020bfb9e596f6c3de",
	    "b7aa300f346acca100f9ad6665fa56a2583fce2c30e3aa8d93a55481c61d5b3e",
	},
	{ "B: list page", "GET", "/", "continuation-token=1ueGc%2B%2Fx%3D%3D"
	    "&encoding-type=url&list-type=2&prefix=cache%2Fv1%2F",
	    { { "host", "team-cache.s3.eu-west-1.amazonaws.com" },
	    { "x-amz-date", "20260102T030405Z" },
	    { "x-amz-content-sha256", empty_hash } },
	    NULL, "eu-west-1", "s3", 1767323045, false,
	    "host;x-amz-content-sha256;x-amz-date",
	    "3f87ccd9d0a48031fcc3751aa7f984dd329d24e5f26bed56be44e264a2c76c3c",
	    "f2b2d7d4f63de4fdec12e55ec93b1e1f821ba6ac71823a0001c7b7e0b89eb86d",
	},
	{ "C: Cost Explorer", "POST", "/", "",
	    { { "content-type", "application/x-amz-json-1.1" },
	    { "host", "ce.us-east-1.amazonaws.com" },
	    { "x-amz-date", "20260102T030405Z" },
	    { "x-amz-target", "AWSInsightsIndexService.GetCostAndUsage" } },
	    "22ba8753d45fa2a2b1a362e3853dc36833367b3e6a798ecec661bb45a863359d",
	    "us-east-1", "ce", 1767323045, false,
	    "content-type;host;x-amz-date;x-amz-target",
	    "d5702d4120f2655cf0acfa7766fbb1e97028f176af8a76a1768cc3af8daf3a67",
	    "0ea3e781a2bff21fc7d911b8057237545226fc1f1e87b087a48599d60da3f2a8",
	},
	{ "suite: get-vanilla", "GET", "", "",
	    { { "Host", "example.amazonaws.com" },
	    { "X-Amz-Date", "20150830T123600Z" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;x-amz-date",
	    "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
	    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
	},
	{ "suite: get-header-value-trim", "GET", "/", "",
	    { { "Host", "example.amazonaws.com" },
	    { "My-Header1", " value1" },
	    { "My-Header2", " \"a   b   c\"\t" },
	    { "X-Amz-Date", "20150830T123600Z" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;my-header1;my-header2;x-amz-date", NULL,
	    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
	},
	{ "suite: get-header-key-duplicate", "GET", "/", "",
	    { { "Host", "example.amazonaws.com" },
	    { "My-Header1", "value2" },
	    { "X-Amz-Date", "20150830T123600Z" },
	    { "My-Header1", "value2" },
	    { "my-header1", "value1" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;my-header1;x-amz-date", NULL,
	    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
	},
	{ "suite: get-header-value-order", "GET", "/", "",
	    { { "Host", "example.amazonaws.com" },
	    { "My-Header1", "value4" }, { "My-Header1", "value1" },
	    { "My-Header1", "value3" }, { "My-Header1", "value2" },
	    { "X-Amz-Date", "20150830T123600Z" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;my-header1;x-amz-date", NULL,
	    "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
	},
	{ "suite: get-vanilla-query-order-key-case", "GET", "/",
	    "Param1=value1&Param2=value2",
	    { { "Host", "example.amazonaws.com" },
	    { "X-Amz-Date", "20150830T123600Z" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;x-amz-date", NULL,
	    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
	},
	{ "what must not be signed is not", "GET", "/", "",
	    { { "Connection", "close" }, { "User-Agent", "x" },
	    { "Host", "example.amazonaws.com" },
	    { "Proxy-Anything", "x" }, { "Authorization", "x" },
	    { "X-Amz-Date", "20150830T123600Z" }, { "TE", "x" },
	    { "x-amzn-trace-id", "x" } },
	    NULL, "us-east-1", "service", 1440938160, true,
	    "host;x-amz-date", NULL,
	    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
	},
};

static void
test_vectors(void)
{
	struct keys keys[2] = { { { 0 }, { 0 }, { 0 }, 0, { 0 } } };
	struct buf authorization, canonical;
	size_t i;

	fake_keys(&keys[0], "AKIAIOSFODNN7EXAMPLE",
	    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL);
	fake_keys(&keys[1], "AKIDEXAMPLE",
	    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL);
	for (i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		struct sigv4_request r = { .method = v->method,
		    .path = span_of(v->path), .query = span_of(v->query),
		    .fields = v->fields, .payload_hash = v->payload_hash !=
		    NULL ? v->payload_hash : empty_hash,
		    .region = v->region, .service = v->service,
		    .time = v->time };
		char hash[HASH_SHA256_HEX];
		struct err err = { 0 };

		while (r.field_count < FIELDS_MAX &&
		    v->fields[r.field_count].name != NULL)
			r.field_count++;
		buf_init(&authorization, 4096);
		buf_init(&canonical, 8192);
		is_int(sigv4_sign(&r, &keys[v->suite], &authorization,
		    &canonical, &err), 0, "%s: signs", v->name);
		has_str(buf_string(&authorization), v->signed_fields,
		    "%s: signed fields", v->name);
		has_str(buf_string(&authorization), v->signature,
		    "%s: signature", v->name);
		hash_sha256_hex(buf_view(&canonical), hash);
		if (v->canonical_hash != NULL)
			is_str(hash, v->canonical_hash,
			    "%s: canonical request", v->name);
		buf_clear(&authorization);
		buf_clear(&canonical);
	}
	keys_clear(&keys[0]);
	keys_clear(&keys[1]);
}

static void
test_whole_value(void)
{
	static const struct http_field fields[] = {
		{ "host", "example.amazonaws.com" },
		{ "x-amz-date", "20150830T123600Z" },
	};
	struct sigv4_request r = { .method = "GET", .path = { "/", 1 },
	    .fields = fields, .field_count = 2, .payload_hash = empty_hash,
	    .region = "us-east-1", .service = "service",
	    .time = 1440938160 };
	struct keys keys = { 0 };
	struct buf authorization, small;
	struct err err = { 0 };

	fake_keys(&keys, "AKIDEXAMPLE",
	    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL);
	buf_init(&authorization, 4096);
	is_int(sigv4_sign(&r, &keys, &authorization, NULL, &err), 0,
	    "without the canonical request");
	is_str(buf_string(&authorization), "AWS4-HMAC-SHA256 "
	    "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
	    "SignedHeaders=host;x-amz-date, Signature="
	    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
	    "the whole value");
	buf_init(&small, 10);
	is_int(sigv4_sign(&r, &keys, &small, NULL, &err), -1,
	    "a buffer that is too small is an error");
	buf_clear(&authorization);
	buf_clear(&small);
	keys_clear(&keys);
}

static void
test_query(void)
{
	static const struct {
		struct sigv4_pair pairs[4];
		size_t count;
		const char *text;
	} rows[] = {
		{ { { NULL, NULL } }, 0, "" },
		{ { { "delete", NULL } }, 1, "delete=" },
		{ { { "prefix", "cache/v1/" }, { "list-type", "2" },
		    { "continuation-token", "1ueGc+/x==" },
		    { "encoding-type", "url" } }, 4,
		    "continuation-token=1ueGc%2B%2Fx%3D%3D&encoding-type=url"
		    "&list-type=2&prefix=cache%2Fv1%2F" },
		{ { { "b", "2" }, { "a", "2" }, { "a", "1" }, { "B", "" } },
		    4, "B=&a=1&a=2&b=2" },
		/* By encoded name: '%' sorts before letters and '-'. */
		{ { { "a-", "x" }, { "a~", "x" }, { "a/", "x" },
		    { "a", "x" } }, 4, "a=x&a%2F=x&a-=x&a~=x" },
		{ { { "k", "~ +\xc3\xa9" } }, 1, "k=~%20%2B%C3%A9" },
	};
	struct buf out;
	struct err err = { 0 };
	size_t i;

	buf_init(&out, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&out);
		is_int(sigv4_query(rows[i].pairs, rows[i].count, &out,
		    &err), 0, "query %zu", i);
		is_str(buf_string(&out), rows[i].text, "query %zu: %s", i,
		    rows[i].text);
	}
	buf_clear(&out);
}

int
main(void)
{
	test_vectors();
	test_whole_value();
	test_query();
	return done_testing();
}
