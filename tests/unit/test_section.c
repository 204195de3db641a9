#include "aws/section.h"

#include "tap.h"

static const struct {
	const char *inside;
	bool credentials;
	enum section_kind kind;
	const char *name;
} cases[] = {
	{ "default", false, SECTION_PROFILE, "default" },
	{ "profile default", false, SECTION_PROFILE, "default" },
	{ "profile prod", false, SECTION_PROFILE, "prod" },
	{ "profile\tprod", false, SECTION_PROFILE, "prod" },
	{ "profile   prod", false, SECTION_PROFILE, "prod" },
	{ "profile \"my name\"", false, SECTION_PROFILE, "my name" },
	{ "profile 'my name'", false, SECTION_PROFILE, "my name" },
	{ "profile \"a\\\"b\\\\c\"", false, SECTION_PROFILE, "a\"b\\c" },
	{ "profile a\"b c\"d", false, SECTION_PROFILE, "ab cd" },
	{ "profile DOMAIN\\user", false, SECTION_PROFILE, "DOMAIN\\user" },
	{ "profile a.b/c@d:e+f%", false, SECTION_PROFILE, "a.b/c@d:e+f%" },
	{ "profile my name", false, SECTION_IGNORED, "profile my name" },
	{ "profile \"open", false, SECTION_IGNORED, "profile \"open" },
	{ "profile \"\"", false, SECTION_IGNORED, "profile \"\"" },
	{ "profile", false, SECTION_IGNORED, "profile" },
	{ "profilefoo", false, SECTION_IGNORED, "profilefoo" },
	{ "Profile foo", false, SECTION_IGNORED, "Profile foo" },
	{ "prod", false, SECTION_IGNORED, "prod" },
	{ "DEFAULT", false, SECTION_IGNORED, "DEFAULT" },
	{ "sso-session my", false, SECTION_SSO_SESSION, "my" },
	{ "services local", false, SECTION_SERVICES, "local" },
	{ "sso-session", false, SECTION_IGNORED, "sso-session" },
	{ "default", true, SECTION_PROFILE, "default" },
	{ "prod", true, SECTION_PROFILE, "prod" },
	{ "my name", true, SECTION_PROFILE, "my name" },
	{ "profile prod", true, SECTION_PROFILE, "profile prod" },
	{ "\"q\"", true, SECTION_PROFILE, "\"q\"" },
	{ "sso-session my", true, SECTION_PROFILE, "sso-session my" },
};

int
main(void)
{
	struct buf name;
	size_t i;

	buf_init(&name, 200);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_reset(&name);
		buf_add_string(&name, "before");
		is_int(section_read(span_of(cases[i].inside),
		    cases[i].credentials, &name), cases[i].kind,
		    "[%s]: its kind", cases[i].inside);
		ok(span_starts(buf_view(&name), "before") &&
		    strcmp(buf_string(&name) + 6, cases[i].name) == 0,
		    "[%s]: its name", cases[i].inside);
	}
	is_int(section_kind_of(span_of("services")), SECTION_SERVICES,
	    "a word's kind");
	is_int(section_kind_of(span_of("default")), SECTION_IGNORED,
	    "no such word");
	buf_clear(&name);
	return done_testing();
}
