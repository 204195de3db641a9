#include "aws/bucket_name.h"

#include <stddef.h>
#include <string.h>

#include "base/span.h"

#define DNS_LONGEST 63
#define OLD_LONGEST 255

static const struct {
	const char *prefix;
	const char *suffix;
	const char *fault;
} reserved[] = {
	{ "arn:", NULL, "is an ARN, which is not supported; an access point "
	    "can be used by its alias (...-s3alias)" },
	{ "s3://", NULL, "is a URL; only the bucket's name belongs here" },
	{ NULL, ".mrap", "is a multi-Region access point, whose signatures "
	    "(SigV4A) are not supported" },
	{ NULL, "--x-s3", "is a directory bucket, which is not supported" },
	{ NULL, "--ol-s3", "is an Object Lambda access point, which is not "
	    "supported" },
	{ NULL, "--table-s3", "is a table bucket, which is not supported" },
	{ "xn--", NULL, "begins with 'xn--', which S3 reserves" },
	{ "sthree-", NULL, "begins with 'sthree-', which S3 reserves" },
	{ "amzn-s3-demo-", NULL, "begins with 'amzn-s3-demo-', which S3 "
	    "reserves" },
};

static bool
lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
usable(char c)
{
	return lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' ||
	    c == '-' || c == '_';
}

static bool
is_ipv4(const char *name)
{
	int dots = 0;

	if (strspn(name, "0123456789.") != strlen(name))
		return false;
	for (; *name != '\0'; name++)
		dots += *name == '.';
	return dots == 3;
}

static const char *
reserved_fault(struct span name)
{
	size_t i;

	for (i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
		if ((reserved[i].prefix != NULL &&
		    span_starts(name, reserved[i].prefix)) ||
		    (reserved[i].suffix != NULL &&
		    span_ends(name, reserved[i].suffix)))
			return reserved[i].fault;
	}
	return NULL;
}

static const char *
modern_fault(struct span name)
{
	size_t i;

	if (name.n > DNS_LONGEST)
		return "is longer than 63 characters";
	for (i = 0; i < name.n; i++) {
		if ((name.p[i] >= 'A' && name.p[i] <= 'Z') ||
		    name.p[i] == '_')
			return "has a capital letter or '_', which only old "
			    "buckets in us-east-1 have";
	}
	if (!lower_or_digit(name.p[0]) || !lower_or_digit(name.p[name.n - 1]))
		return "does not begin and end with a letter or digit";
	return NULL;
}

const char *
bucket_name_fault(const char *text, enum bucket_name_rules rules)
{
	struct span name = span_of(text);
	const char *fault;
	size_t i;

	if (name.n == 0)
		return "is empty";
	if ((fault = reserved_fault(name)) != NULL &&
	    (rules != BUCKET_NAME_ANY || strchr(text, ':') != NULL))
		return fault;
	for (i = 0; i < name.n; i++) {
		if (name.p[i] == '/')
			return "has a '/'; what keys begin with is the "
			    "setting 'prefix'";
		if (!usable(name.p[i]))
			return "has a character that no bucket's name has";
	}
	if (name.n > OLD_LONGEST)
		return "is longer than 255 characters";
	if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return "is no name";
	if (rules == BUCKET_NAME_ANY)
		return NULL;
	if (name.n < 3)
		return "is shorter than 3 characters";
	if (strstr(text, "..") != NULL)
		return "has two dots in a row";
	if (is_ipv4(text))
		return "looks like an IP address";
	return rules == BUCKET_NAME_OLD ? NULL : modern_fault(name);
}

bool
bucket_name_fits_host(const char *name, bool dots)
{
	struct span s = span_of(name);

	return bucket_name_fault(name, BUCKET_NAME_AWS) == NULL &&
	    modern_fault(s) == NULL && (dots || strchr(name, '.') == NULL);
}
