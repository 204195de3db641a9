#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "aws/ce_operation.h"
#include "base/limits.h"
#include "cmd/policy_settings.h"
#include "cmd/setup.h"
#include "diag/policy_write.h"

static const enum option_id options[] = {
	OPTION_ALLOW_ACCOUNT, OPTION_WRITER, OPTION_READER, OPTION_KMS_KEY,
};

static const int statuses[] = { 0, 1, 2, -1 };

/* What a request's views point into. */
struct material {
	struct buf accounts;	/* "ID,ID" */
	struct buf costs;	/* "ce:GetTags" and NUL, for each own type */
	const char **cost_names;
};

static void
material_init(struct material *m)
{
	memset(m, 0, sizeof *m);
	buf_init(&m->accounts, LIMIT_MIB);
	buf_init(&m->costs, LIMIT_MIB);
}

static void
material_clear(struct material *m)
{
	buf_clear(&m->accounts);
	buf_clear(&m->costs);
	free(m->cost_names);
}

static int
choose_kind(const struct options *o, enum policy_kind *kind, struct err *err)
{
	const char *name = option_operand(o, 0);

	if (name == NULL)
		err_set(err, ERR_USAGE, "whose policy?");
	else if (policy_write_find(name, kind))
		return 0;
	else
		err_set(err, ERR_USAGE, "there is no policy '%.200s'", name);
	err_hint(err, "usage: teamcache policy reader|writer|admin|bucket");
	return -1;
}

/* An option that says nothing to this policy was meant for another one. */
static int
check_options(const struct options *o, enum policy_kind kind,
    struct err *err)
{
	static const struct {
		enum option_id option;
		enum policy_kind kind;
		const char *reason;
	} misfits[] = {
		{ OPTION_WRITER, POLICY_READER, NULL },
		{ OPTION_WRITER, POLICY_WRITER, NULL },
		{ OPTION_WRITER, POLICY_ADMIN, NULL },
		{ OPTION_READER, POLICY_READER, NULL },
		{ OPTION_READER, POLICY_WRITER, NULL },
		{ OPTION_READER, POLICY_ADMIN, NULL },
		{ OPTION_ALLOW_ACCOUNT, POLICY_ADMIN,
		    "an administrator has every account" },
		{ OPTION_KMS_KEY, POLICY_BUCKET,
		    "the key has a policy of its own" },
	};
	size_t i;

	for (i = 0; i < sizeof misfits / sizeof misfits[0]; i++)
		if (misfits[i].kind == kind &&
		    option_given(o, misfits[i].option))
			return err_set(err, ERR_USAGE, "--%s is not for "
			    "'policy %s': %s",
			    option_spec(misfits[i].option)->name,
			    policy_write_kind(kind), misfits[i].reason == NULL ?
			    "principals are named in the bucket's policy" :
			    misfits[i].reason);
	return 0;
}

/* Those that are named; else the one of the settings; else every one. */
static int
choose_accounts(const struct options *o, const struct setup *setup,
    struct material *m, struct policy_request *rq, struct err *err)
{
	const char *one = config_text(setup->config, CONFIG_ACCOUNT_ID);
	size_t i;

	if (rq->kind == POLICY_ADMIN || rq->kind == POLICY_BUCKET)
		return 0;
	if (one != NULL && (option_given(o, OPTION_ACCOUNT) ||
	    !option_given(o, OPTION_ALLOW_ACCOUNT)))
		buf_add_string(&m->accounts, one);
	for (i = 0; i < option_count(o, OPTION_ALLOW_ACCOUNT); i++)
		buf_addf(&m->accounts, "%s%s", m->accounts.n > 0 ? "," : "",
		    option_text_at(o, OPTION_ALLOW_ACCOUNT, i));
	if (buf_check(&m->accounts, "list of accounts", err) != 0)
		return -1;
	rq->accounts = buf_view(&m->accounts);
	if (rq->kind == POLICY_WRITER && rq->accounts.n == 0) {
		err_set(err, ERR_USAGE, "a writer of which account?");
		err_hint(err, "give --account, or --allow-account for each "
		    "of several");
		return -1;
	}
	return 0;
}

static int
choose_costs(const struct setup *setup, struct material *m,
    struct policy_request *rq, struct err *err)
{
	const struct config_type *type;
	size_t i, n = 0;
	const char *at;

	rq->buys = config_on(setup->config, CONFIG_API);
	for (i = 0; (type = config_type_at(setup->config, i)) != NULL; i++) {
		if (ce_operation_find(type->operation) == NULL)
			continue;
		buf_addf(&m->costs, "ce:%s", type->operation);
		buf_add_char(&m->costs, '\0');
		n++;
	}
	if (buf_check(&m->costs, "list of operations", err) != 0)
		return -1;
	if ((m->cost_names = calloc(n + 1, sizeof *m->cost_names)) == NULL)
		return err_memory(err);
	at = buf_string(&m->costs);
	for (i = 0; i < n; i++, at += strlen(at) + 1)
		m->cost_names[i] = at;
	rq->costs = m->cost_names;
	return 0;
}

static int
print(const struct command_input *input, const struct policy_request *rq,
    struct err *err)
{
	bool indent = !option_given(input->options, OPTION_JSON);
	struct buf text;
	int result = -1;

	buf_init(&text, 16 * LIMIT_MIB);
	policy_write_text(rq, false, &text);
	if (buf_check(&text, "policy", err) != 0)
		goto out;
	if (rq->kind == POLICY_BUCKET && text.n > POLICY_BUCKET_MAX)
		log_warn(input->log, "this policy has %zu bytes; S3 takes "
		    "%d at most", text.n, POLICY_BUCKET_MAX);
	if (indent) {
		buf_reset(&text);
		policy_write_text(rq, true, &text);
	}
	buf_add_char(&text, '\n');
	if ((result = buf_check(&text, "policy", err)) == 0)
		output_json(input->output, buf_view(&text));
out:
	buf_clear(&text);
	return result;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	const struct options *o = input->options;
	struct policy_settings named = { 0 };
	struct policy_request rq = { 0 };
	struct setup setup = { 0 };
	struct material m;
	int result = -1;

	(void)status;
	material_init(&m);
	if (choose_kind(o, &rq.kind, err) != 0 ||
	    check_options(o, rq.kind, err) != 0 ||
	    setup_load_one(&setup, input, err) != 0 ||
	    policy_settings_read(input, &setup, &named, err) != 0 ||
	    choose_accounts(o, &setup, &m, &rq, err) != 0 ||
	    choose_costs(&setup, &m, &rq, err) != 0)
		goto out;
	rq.place = named.place;
	rq.kms_key = named.kms_key;
	rq.grants = named.grants;
	rq.grant_count = named.grant_count;
	result = print(input, &rq, err);
out:
	material_clear(&m);
	policy_settings_clear(&named);
	setup_close(&setup);
	return result;
}

const struct command command_policy = {
	.name = "policy",
	.operands = "reader|writer|admin|bucket",
	.summary = "print the least-privilege IAM or bucket policy",
	.description =
	"Prints a policy document that allows what is needed in the bucket, "
	"below the prefix and with the key of the present settings, and "
	"nothing else. It asks nobody and takes no credentials. What is "
	"printed is the document alone, as `aws iam put-role-policy "
	"--policy-document file://FILE` and `aws s3api put-bucket-policy "
	"--policy file://FILE` take it; with --json on one line.\n"
	"\n"
	"reader: fetch what others bought (api = off), of --account or "
	"account_id and each --allow-account; of every account when none is "
	"named. writer: fetch, push and invalidate, of these accounts alone, and "
	"buy from Cost Explorer unless api = off. admin: verify-bucket, and "
	"`invalidate --purge`.\n"
	"\n"
	"bucket: the bucket's own policy, which insists on TLS and lets other "
	"accounts in: --allow-account ID stores and reads its own data, "
	"--writer PRINCIPAL=ID those of the accounts that are named "
	"(bucket_profile), --reader PRINCIPAL reads. A principal is an account "
	"id, or the ARN of a user or a role. Who comes from another account "
	"needs a reader's or writer's policy there as well, and where a KMS key "
	"is used its own policy has to name him too.",
	.examples =
	"teamcache policy reader\tfor those who only read\n"
	"teamcache policy writer --account 123456789012 >warm.json\t"
	"for who warms the cache\n"
	"teamcache policy bucket --allow-account 123456789012 --json\t"
	"another account stores and reads its own data\n"
	"teamcache policy bucket --writer \"$role_arn=123456789012\"\t"
	"a role stores the data of that account\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "policies",
	.run = run,
};
