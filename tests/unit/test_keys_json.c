#include "creds/keys_json.h"

#include <string.h>

#include "tap.h"

#define PAIR "\"Id\":\"AKID\",\"Secret\":\"wJalr/x\""

static const struct keys_json names = { .where = "the answer", .id = "Id",
    .secret = "Secret", .token = "Token", .expiration = "Until",
    .account = "Account" };

static const struct {
	const char *text;
	const char *says;	/* NULL: keys */
	const char *token;
	int64_t until;
	const char *account;
} rows[] = {
	{ "{" PAIR "}", NULL, "", 0, "" },
	{ "{" PAIR ",\"Token\":\"t\\/=\",\"Until\":\"2026-01-02T03:04:05Z\","
	    "\"Account\":\"123456789012\",\"Other\":[1]}", NULL, "t/=",
	    1767323045, "123456789012" },
	{ "{" PAIR ",\"Token\":null,\"Until\":null,\"Account\":null}", NULL,
	    "", 0, "" },
	{ "{" PAIR ",\"Token\":\"\",\"Until\":\"\",\"Account\":\"\"}", NULL,
	    "", 0, "" },
	{ "{" PAIR ",\"Account\":123456789012}", NULL, "", 0, "" },
	{ "{" PAIR ",\"Account\":\"12\"}", NULL, "", 0, "" },
	{ "{}", "the answer has no Id", NULL, 0, NULL },
	{ "[]", "the answer has no Id", NULL, 0, NULL },
	{ "null", "the answer has no Id", NULL, 0, NULL },
	{ "{\"Id\":\"AKID\"}", "the answer has no Secret", NULL, 0, NULL },
	{ "{\"Secret\":\"wJalr/x\"}", "the answer has no Id", NULL, 0, NULL },
	{ "{\"Id\":null,\"Secret\":\"wJalr/x\"}", "the answer has no Id", NULL,
	    0, NULL },
	{ "{\"Id\":\"AKID\",\"Secret\":12}", "Secret in the answer is not a "
	    "text", NULL, 0, NULL },
	{ "{\"Id\":\"AKID\",\"Secret\":\"wJalr\\u0000\"}", "Secret in the "
	    "answer is not a text", NULL, 0, NULL },
	{ "{\"Id\":\"AKID\",\"Secret\":\"wJalr\\n\"}", "line end", NULL, 0,
	    NULL },
	{ "{" PAIR ",\"Token\":{}}", "Token in the answer is not", NULL, 0,
	    NULL },
	{ "{" PAIR ",\"Until\":\"soon\"}", "Until in the answer is 'soon', "
	    "which is no time", NULL, 0, NULL },
	{ "{" PAIR ",\"Until\":1767323045}", "Until in the answer is not",
	    NULL, 0, NULL },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct keys keys = { 0 };
		struct err err = { 0 };
		struct json j = { 0 };
		int result;

		is_int(json_parse(&j, span_of(rows[i].text), 0, &err), 0,
		    "%s", rows[i].text);
		result = keys_json_read(&names, &j, 0, &keys, &err);
		is_int(result, rows[i].says == NULL ? 0 : -1, "its outcome");
		if (rows[i].says == NULL) {
			is_str(keys.access_key_id, "AKID", "id");
			is_span(secret_reveal(&keys.secret_key), "wJalr/x",
			    "secret");
			is_span(secret_reveal(&keys.session_token),
			    rows[i].token, "token");
			is_int(keys.expires_at, rows[i].until, "end");
			is_str(keys.account_id, rows[i].account, "account");
		} else {
			has_str(err.message, rows[i].says, "its error");
			is_int(err.class, ERR_CREDENTIALS, "of its class");
			ok(strstr(err.message, "wJalr") == NULL, "no secret");
		}
		keys_clear(&keys);
		json_clear(&j);
	}
	return done_testing();
}
