#include "creds/token_file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox.h"
#include "tap.h"

static void
test_read(const char *path)
{
	static const struct {
		const char *text;
		enum file_found found;
		const char *says;
	} rows[] = {
		{ "{\"a\":1}\n", FILE_READ, NULL },
		{ "", FILE_ERROR, "is not JSON" },
		{ "{\"a\":", FILE_ERROR, "is not JSON" },
		{ "[]", FILE_ERROR, "is not a JSON object" },
	};
	struct token_file file = { 0 };
	struct err err = { 0 };
	size_t i;

	is_int(token_file_read(&file, path, &err), FILE_ABSENT, "absent");
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sandbox_write(path, rows[i].text);
		err_clear(&err);
		is_int(token_file_read(&file, path, &err), rows[i].found,
		    "read: %s", rows[i].text);
		if (rows[i].says != NULL)
			has_str(err.message, rows[i].says, "its error");
	}
	token_file_clear(&file);
	token_file_clear(&file);
}

static void
test_members(const char *path)
{
	struct token_file file = { 0 };
	struct secret text = { 0 };
	struct err err = { 0 };
	int64_t at = 0;

	sandbox_write(path, "{\"t\":\"to\\u006ben\",\"e\":\"\",\"n\":1,"
	    "\"z\":\"2026-01-02T03:04:05Z\",\"u\":\"2026-01-02T03:04:05UTC\","
	    "\"o\":{\"t\":\"inner\"},\"0\":\"a\\u0000b\"}");
	is_int(token_file_read(&file, path, &err), FILE_READ, "a file");
	ok(token_file_text(&file, "t", &text), "a text");
	is_span(secret_reveal(&text), "token", "unescaped");
	ok(!token_file_text(&file, "o", &text), "an object is none");
	ok(!token_file_text(&file, "x", &text) &&
	    !token_file_text(&file, "e", &text) &&
	    !token_file_text(&file, "n", &text) &&
	    !token_file_text(&file, "0", &text), "what is no text");
	ok(token_file_time(&file, "z", &at) && at == 1767323045,
	    "a time with Z");
	at = 0;
	ok(token_file_time(&file, "u", &at) && at == 1767323045,
	    "a time with UTC, as CLI v1 writes it");
	ok(!token_file_time(&file, "t", &at) &&
	    !token_file_time(&file, "n", &at) &&
	    !token_file_time(&file, "x", &at), "what is no time");
	secret_clear(&text);
	token_file_clear(&file);
}

static void
test_write(const char *path, const char *link_path)
{
	const struct token_file_change changes[] = {
		{ "b", SPAN_LITERAL("\"new\"") },
		{ "z", SPAN_LITERAL("{}") },
	};
	struct token_file file = { 0 };
	struct err err = { 0 };
	struct stat st;
	struct buf text;

	sandbox_write(path, "{\"a\": [1, 2], \"b\": \"old\", "
	    "\"c\\u0064\": null}");
	chmod(path, 0644);
	is_int(token_file_read(&file, path, &err), FILE_READ, "a file");
	is_int(token_file_write(&file, path, changes, 2, &err), 0, "written");
	buf_init(&text, 1000);
	is_int(file_read(path, &text, &err), FILE_READ, "back");
	is_str(buf_string(&text), "{\"a\": [1, 2], \"b\": \"new\", "
	    "\"c\\u0064\": null, \"z\": {}}", "changed where it was asked");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "nobody else may read it now");
	ok(symlink(path, link_path) == 0 &&
	    token_file_write(&file, link_path, changes, 1, &err) == 0 &&
	    lstat(link_path, &st) == 0 && S_ISLNK(st.st_mode),
	    "a link stays one");
	is_int(token_file_write(&file, "/dev/null/x", changes, 1, &err), -1,
	    "no directory");
	buf_clear(&text);
	token_file_clear(&file);
}

int
main(void)
{
	char *directory = sandbox_new();

	if (directory == NULL)
		return 1;
	test_read(sandbox_path(directory, "a.json"));
	test_members(sandbox_path(directory, "a.json"));
	test_write(sandbox_path(directory, "a.json"),
	    sandbox_path(directory, "link.json"));
	sandbox_remove(directory);
	return done_testing();
}
