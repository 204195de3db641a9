#include "tap.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "capture.h"
#include "cmd/check_print.h"
#include "codec/json.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const enum option_id no_options[] = { OPTION_YES };
static const struct command command = { .name = "doctor",
    .options = no_options, .option_count = 1 };

static void
fill(struct check_list *list)
{
	struct err err = { 0 };
	struct check_result *r;

	check_set(check_add(list, "clock", &err), CHECK_PASS, "2 s");
	list->items[0].milliseconds = 41;
	check_detail(&list->items[0], "not shown to a person");
	r = check_add(list, "versioning", &err);
	check_set(r, CHECK_WARN, "never enabled\n\x1b[2J");
	r = check_add(list, "s3-put-object", &err);
	check_set(r, CHECK_FAIL, "s3:PutObject is denied");
	check_detail(r, "What is bought cannot be shared, and this sentence "
	    "is long enough to go on in the next line.");
	check_detail(r, "A second paragraph.");
	r->denial.given = true;
	buf_add_string(&r->denial.action, "s3:PutObject");
	buf_add_string(&r->denial.resource, "arn:aws:s3:::acme/x");
	r->denial.layer = "resource-policy";
	r->denial.kind = "explicit";
	check_fix(r, "Allow it.");
	buf_add_string(&r->fix.policy, "{\"Version\":\"2012-10-17\",\n"
	    " \"Statement\":[]}");
	buf_add_string(&r->fix.command, "aws iam put-user-policy");
	r = check_add(list, "lifecycle", &err);
	check_set(r, CHECK_SKIP, "not checked: needs "
	    "s3:GetLifecycleConfiguration");
}

#define BELOW \
	"    What is bought cannot be shared, and this sentence is long " \
	"enough to go on\n" \
	"    in the next line.\n\n" \
	"    A second paragraph.\n" \
	"    denied: s3:PutObject on arn:aws:s3:::acme/x, by the " \
	"resource-policy\n" \
	"    (explicit)\n" \
	"    fix: Allow it.\n" \
	"    {\"Version\":\"2012-10-17\",\n" \
	"     \"Statement\":[]}\n" \
	"    aws iam put-user-policy\n"

#define VERDICT "s3-put-object: s3:PutObject is denied\n"

#define JSON \
	"{\"command\":\"doctor\",\"exit_status\":10,\"verdict\":" \
	"\"s3-put-object: s3:PutObject is denied\",\"checks\":[" \
	"{\"name\":\"clock\",\"status\":\"pass\",\"summary\":\"2 s\"," \
	"\"detail\":\"not shown to a person\",\"milliseconds\":41," \
	"\"denial\":null,\"fix\":null}," \
	"{\"name\":\"versioning\",\"status\":\"warn\",\"summary\":" \
	"\"never enabled\\n\\u001b[2J\",\"detail\":\"\",\"milliseconds\":0," \
	"\"denial\":null,\"fix\":null}," \
	"{\"name\":\"s3-put-object\",\"status\":\"fail\",\"summary\":" \
	"\"s3:PutObject is denied\",\"detail\":\"What is bought cannot be " \
	"shared, and this sentence is long enough to go on in the next " \
	"line.\\n\\nA second paragraph.\",\"milliseconds\":0," \
	"\"denial\":{\"action\":\"s3:PutObject\",\"resource\":" \
	"\"arn:aws:s3:::acme/x\",\"principal\":null,\"layer\":" \
	"\"resource-policy\",\"kind\":\"explicit\",\"policy_arn\":null}," \
	"\"fix\":{\"text\":\"Allow it.\",\"policy\":{\"Version\":" \
	"\"2012-10-17\",\n \"Statement\":[]},\"command\":" \
	"\"aws iam put-user-policy\"}}," \
	"{\"name\":\"lifecycle\",\"status\":\"skip\",\"summary\":" \
	"\"not checked: needs s3:GetLifecycleConfiguration\",\"detail\":\"\"," \
	"\"milliseconds\":0,\"denial\":null,\"fix\":null}],\"error\":null," \
	"\"extra\":7}\n"

static void
more(struct json_writer *w, const void *state)
{
	const int *n = state;

	json_member_integer(w, "extra", *n);
}

/* Print with these arguments and variables. */
static int
shown(const char *const *argv, int argc, const char *const *variables,
    const struct err *stopped, int *status, struct buf *out)
{
	static const int extra = 7;
	const struct env env = { variables };
	struct cmd_process process = { .env = &env };
	struct check_list list = { 0 };
	struct err err = { 0 };
	struct command_input input = { .command = &command,
	    .process = &process };
	struct check_print print = { &input, &list, "fine", stopped, more,
	    &extra };
	struct options *options = option_parse(&command, argc, argv, &err);
	int fd = capture_open(), result;

	input.options = options;
	input.output = output_new(fd);
	fill(&list);
	result = check_print(&print, status, &err);
	ok(output_finish(input.output, &err) == 0, "printed");
	capture_read(fd, out);
	output_free(input.output);
	option_free(options);
	check_clear(&list);
	(void)close(fd);
	return result;
}

static void
test_shown(void)
{
	static const char *const utf8[] = { "LANG=C.UTF-8", NULL };
	static const char *const ascii[] = { "LANG=C", NULL };
	static const char *const json[] = { "--json", NULL };
	static const char *const colour[] = { "--color=always", NULL };
	const struct err fine = { 0 };
	struct err stopped = { 0 }, err = { 0 };
	struct buf out;
	int status = -1;

	err_set(&stopped, ERR_NETWORK, "no route");
	buf_init(&out, LIMIT_MIB);
	is_int(shown(NULL, 0, utf8, &fine, &status, &out), 0, "text");
	is_int(status, 10, "a check failed");
	is_str(buf_string(&out), "[\xe2\x9c\x93] clock: 2 s\n"
	    "[!] versioning: never enabled??[2J\n"
	    "[\xe2\x9c\x97] s3-put-object: s3:PutObject is denied\n"
	    BELOW "[-] lifecycle: not checked: needs "
	    "s3:GetLifecycleConfiguration\n" VERDICT, "as it looks");
	is_int(shown(NULL, 0, ascii, &fine, &status, &out), 0, "ASCII");
	is_str(buf_string(&out), "[+] clock: 2 s\n"
	    "[!] versioning: never enabled??[2J\n"
	    "[x] s3-put-object: s3:PutObject is denied\n"
	    BELOW "[-] lifecycle: not checked: needs "
	    "s3:GetLifecycleConfiguration\n" VERDICT, "as it looks");
	is_int(shown(colour, 1, ascii, &fine, &status, &out), 0, "colour");
	has_str(buf_string(&out), "\x1b[31m[x]\x1b[0m s3-put-object: ",
	    "the mark alone");

	is_int(shown(json, 1, ascii, &fine, &status, &out), 0, "JSON");
	is_int(status, 10, "the same status");
	is_str(buf_string(&out), JSON, "the shape of the design");
	is_int(json_check(buf_view(&out), &err), 0, "sound");

	is_int(shown(json, 1, ascii, &stopped, &status, &out), 0, "stopped");
	is_int(status, 7, "its class is the status");
	has_str(buf_string(&out), "\"exit_status\":7,\"verdict\":"
	    "\"no route\",", "and its message the verdict");
	has_str(buf_string(&out), "\"error\":{\"class\":\"network\",",
	    "the error");
	is_int(shown(NULL, 0, ascii, &stopped, &status, &out), 0, "as text");
	is_int(status, 7, "the same status");
	ok(span_ends(buf_view(&out), "\nno route\n"), "the same verdict");
	buf_clear(&out);
}

int
main(void)
{
	test_shown();
	return done_testing();
}
