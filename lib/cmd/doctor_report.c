#include "cmd/doctor_report.h"

#include <string.h>

#include "base/span.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What an ARN is made of, to its end. */
static size_t
arn_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] > ' ' && strchr("\"'`,;)<>}]", s.p[n]) ==
	    NULL)
		n++;
	return n;
}

/* "arn:aws:s3" is what is left of it. */
static size_t
service_length(struct span arn)
{
	size_t n = 0, colons = 0;

	while (n < arn.n && (arn.p[n] != ':' || ++colons < 3))
		n++;
	return n;
}

static size_t
digits_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

/* The ids of keys, users and roles tell the account to who can count in base
 * 32; their first four letters say what they are of. */
#define ID_KIND 4

static size_t
id_length(struct span s)
{
	static const char *const kinds[] = { "AKIA", "ASIA", "AIDA", "AROA" };
	size_t i, n = 0;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (span_starts(s, kinds[i]))
			n = ID_KIND;
	while (n > 0 && n < s.n && (is_digit(s.p[n]) ||
	    (s.p[n] >= 'A' && s.p[n] <= 'Z')))
		n++;
	return n < 16 ? 0 : n;
}

void
doctor_report_mask(struct buf *text)
{
	struct buf out;
	struct span s = buf_view(text);
	size_t n;

	buf_init(&out, 2 * text->max);
	while (s.n > 0) {
		if (span_starts(s, "arn:") && (n = arn_length(s)) > 8) {
			buf_add(&out, s.p, service_length(span_make(s.p, n)));
			buf_add_string(&out, ":[masked]");
		} else if ((n = id_length(s)) > 0) {
			buf_add(&out, s.p, ID_KIND);
			buf_add_string(&out, "[masked]");
		} else if ((n = digits_length(s)) == 12) {
			buf_add_string(&out, "[account]");
		} else {
			n = n == 0 ? 1 : n;
			buf_add(&out, s.p, n);
		}
		s = span_make(s.p + n, s.n - n);
	}
	buf_reset(text);
	buf_add_span(text, buf_view(&out));
	if (out.fault != BUF_SOUND)
		text->fault = out.fault;
	buf_clear(&out);
}

void
doctor_report_mask_list(struct check_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		struct check_result *r = &list->items[i];

		doctor_report_mask(&r->summary);
		doctor_report_mask(&r->detail);
		doctor_report_mask(&r->denial.resource);
		doctor_report_mask(&r->denial.principal);
		doctor_report_mask(&r->denial.policy_arn);
		doctor_report_mask(&r->fix.text);
		doctor_report_mask(&r->fix.policy);
		doctor_report_mask(&r->fix.command);
	}
}

/* Text in a table's cell or a paragraph: nothing of it is Markdown. */
static void
put_text(struct buf *out, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (strchr("\\`*_{}[]<>#|", c) != NULL)
			buf_add_char(out, '\\');
		buf_add_char(out, c == '\n' ? ' ' : c);
	}
}

/* A fence that the text does not hold ends it. */
static void
put_block(struct buf *out, const char *language, struct span s)
{
	size_t i, run = 0, longest = 2;

	if (s.n == 0)
		return;
	for (i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	for (i = 0; i <= longest; i++)
		buf_add_char(out, '`');
	buf_addf(out, "%s\n", language);
	buf_add_span(out, s);
	buf_add_char(out, '\n');
	for (i = 0; i <= longest; i++)
		buf_add_char(out, '`');
	buf_add_string(out, "\n\n");
}

static void
put_line(struct buf *out, const char *label, const struct buf *text)
{
	if (text->n == 0)
		return;
	buf_addf(out, "- %s: ", label);
	put_text(out, buf_view(text));
	buf_add_char(out, '\n');
}

static void
put_finding(struct buf *out, const struct check_result *r)
{
	buf_addf(out, "### %s\n\n", r->name);
	put_text(out, buf_view(&r->summary));
	buf_add_string(out, "\n\n");
	if (r->detail.n > 0) {
		put_text(out, buf_view(&r->detail));
		buf_add_string(out, "\n\n");
	}
	if (r->denial.given) {
		put_line(out, "action", &r->denial.action);
		put_line(out, "resource", &r->denial.resource);
		put_line(out, "principal", &r->denial.principal);
		buf_addf(out, "- denied by: %s (%s)\n",
		    r->denial.layer == NULL ? "not told" : r->denial.layer,
		    r->denial.kind == NULL ? "not told" : r->denial.kind);
		put_line(out, "policy", &r->denial.policy_arn);
		buf_add_char(out, '\n');
	}
	if (r->fix.text.n > 0) {
		buf_add_string(out, "Fix: ");
		put_text(out, buf_view(&r->fix.text));
		buf_add_string(out, "\n\n");
	}
	put_block(out, "json", buf_view(&r->fix.policy));
	put_block(out, "sh", buf_view(&r->fix.command));
}

void
doctor_report_add(const char *profile, const char *verdict,
    const struct check_list *list, struct buf *out)
{
	size_t i;

	buf_addf(out, "## teamcache doctor: profile ");
	put_text(out, span_of(profile));
	buf_add_string(out, "\n\n");
	put_text(out, span_of(verdict));
	buf_add_string(out, "\n\n| check | status | found |\n|---|---|---|\n");
	for (i = 0; i < list->count; i++) {
		const struct check_result *r = &list->items[i];

		buf_addf(out, "| %s | %s | ", r->name,
		    check_status_name(r->status));
		put_text(out, buf_view(&r->summary));
		buf_add_string(out, " |\n");
	}
	buf_add_char(out, '\n');
	for (i = 0; i < list->count; i++)
		if (list->items[i].status == CHECK_FAIL ||
		    list->items[i].status == CHECK_WARN)
			put_finding(out, &list->items[i]);
}
