#include "aws/ce_request.h"

int
ce_request_check(const struct ce_operation *operation, struct span request,
    struct err *err)
{
	const char *token = operation->shape.token;
	struct json j = { 0 };
	int result = -1;

	if (json_parse(&j, request, JSON_UNIQUE_KEYS, err) != 0) {
		if (err->class == ERR_DATA)
			err->class = ERR_USAGE;
	} else if (json_type(&j, 0) != JSON_OBJECT) {
		err_set(err, ERR_USAGE, "it is not a JSON object");
	} else if (token != NULL &&
	    json_member(&j, 0, token) != JSON_NONE) {
		err_set(err, ERR_USAGE, "it holds a %s: pages are followed "
		    "for you", token);
	} else {
		result = 0;
	}
	if (result != 0)
		err_context(err, "cannot use the request of %s",
		    operation->name);
	json_clear(&j);
	return result;
}

int
ce_request_body(const struct ce_operation *operation, struct span request,
    struct span token, struct buf *body, struct err *err)
{
	struct span all = span_trim(request), inside;

	buf_reset(body);
	if (token.n == 0) {
		buf_add_span(body, all);
	} else {
		inside = span_trim(span_make(all.p + 1, all.n - 2));
		buf_add(body, all.p, all.n - 1);
		buf_addf(body, "%s\"%s\":", inside.n > 0 ? "," : "",
		    operation->shape.token);
		buf_add_span(body, token);
		buf_add_char(body, '}');
	}
	return buf_check(body, "the request", err);
}

int
ce_request_token(const struct ce_operation *operation, const struct json *j,
    struct buf *token, bool *plain, struct err *err)
{
	const char *name = operation->shape.token;
	json_value v = name == NULL ? JSON_NONE : json_member(j, 0, name);
	struct span raw = json_raw(j, v);

	*plain = v == JSON_NONE;
	if (json_type(j, v) == JSON_ABSENT || json_type(j, v) == JSON_NULL ||
	    (json_type(j, v) == JSON_STRING && json_inside(j, v).n == 0)) {
		buf_reset(token);
		return 0;
	}
	if (json_type(j, v) != JSON_STRING)
		return err_set(err, ERR_DATA, "%s is not a string", name);
	if (span_equal(raw, buf_view(token)))
		return err_set(err, ERR_DATA, "the same %s came twice: each "
		    "page would be bought again and again", name);
	buf_reset(token);
	buf_add_span(token, raw);
	return buf_check(token, name, err);
}
