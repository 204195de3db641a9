#include "aws/sts.h"

#include <stdio.h>
#include <string.h>

#include "aws/arn.h"
#include "base/limits.h"
#include "codec/xml.h"

static bool
copy_text(char *to, size_t room, struct span from)
{
	return from.n > 0 && span_copy(from, to, room);
}

static int
read_identity(struct span body, struct sts_identity *out, struct err *err)
{
	struct xml x = { 0 };
	const struct xml_node *result;
	bool sound;

	if (xml_parse(&x, body, err) != 0)
		return -1;
	result = xml_child(x.root, "GetCallerIdentityResult");
	sound = copy_text(out->account, sizeof out->account,
	    xml_text(result, "Account")) &&
	    arn_account_valid(span_of(out->account)) &&
	    copy_text(out->arn, sizeof out->arn, xml_text(result, "Arn")) &&
	    copy_text(out->user_id, sizeof out->user_id,
	    xml_text(result, "UserId"));
	xml_clear(&x);
	if (!sound) {
		memset(out, 0, sizeof *out);
		return err_set(err, ERR_DATA,
		    "the answer has no account, ARN or user id");
	}
	return 0;
}

int
sts_send(struct call_context *context, const struct endpoint *endpoint,
    const struct sts_request *request, struct call_reply *reply,
    struct err *err)
{
	static const struct http_field type = { "content-type",
	    "application/x-www-form-urlencoded; charset=utf-8" };
	struct call_request r = { .service = ERRORS_STS,
	    .signing_name = request->keys != NULL ? "sts" : NULL,
	    .method = "POST", .fields = &type, .field_count = 1,
	    .body = request->body, .has_body = true,
	    .max_body = LIMIT_CONTROL_BODY, .subject = request->subject };
	char path[sizeof endpoint->path + 1];
	int n;

	reply->response.body.secret = true;
	n = snprintf(path, sizeof path, "%s/", endpoint->path);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(err, ERR_USAGE, "%s: the endpoint's path is "
		    "too long", request->subject);
	r.region = endpoint->region;
	r.base_url = endpoint->url;
	r.path = span_of(path);
	return call_send(context, &r, request->keys, NULL, reply, err);
}

int
sts_get_caller_identity(struct call_context *context,
    const struct endpoint *endpoint, const struct keys_source *keys,
    struct sts_identity *out, struct err *err)
{
	struct sts_request r = {
		.subject = "cannot ask STS for the caller's identity",
		.body = SPAN_LITERAL(
		    "Action=GetCallerIdentity&Version=2011-06-15"),
		.keys = keys,
	};
	struct call_reply reply;
	int result = -1;

	memset(out, 0, sizeof *out);
	call_reply_init(&reply);
	if (sts_send(context, endpoint, &r, &reply, err) != 0)
		goto out;
	result = read_identity(buf_view(&reply.response.body), out, err);
	if (result != 0)
		err_context(err, "%s", r.subject);
out:
	call_reply_clear(&reply);
	return result;
}
