#include "net/proxy.h"

#include "tap.h"

static const char *
choose(const char *a, const char *b, bool https)
{
	const char *const list[] = { a, b, NULL };
	struct env env = { list };

	return proxy_url(&env, https);
}

int
main(void)
{
	static const char *const list[] = { "NO_PROXY=a", "no_proxy=b", NULL };
	static const char *const empty[] = { "NO_PROXY=a", "no_proxy=", NULL };
	struct env env = { list };

	is_str(choose("http_proxy=p", "x=", false), "p", "http_proxy");
	is_str(choose("HTTP_PROXY=p", "x=", false), "",
	    "HTTP_PROXY is a header to CGI programs");
	is_str(choose("HTTPS_PROXY=p", "x=", true), "p", "HTTPS_PROXY");
	is_str(choose("HTTPS_PROXY=p", "https_proxy=q", true), "q",
	    "lower case first");
	is_str(choose("HTTPS_PROXY=p", "https_proxy=", true), "p",
	    "empty is unset");
	is_str(choose("https_proxy=p", "ALL_PROXY=q", false), "q",
	    "ALL_PROXY for the other scheme");
	is_str(choose("all_proxy=p", "ALL_PROXY=q", false), "p",
	    "lower case first here too");
	is_str(choose("all_proxy=p", "ALL_PROXY=q", true), "p", "for both");
	is_str(choose("x=", "ALL_PROXY=q", true), "q", "ALL_PROXY for https");
	is_str(choose("https_proxy=p", "all_proxy=q", true), "p",
	    "the scheme's own first");
	is_str(choose("a=b", "c=d", true), "", "none");
	is_str(proxy_exceptions(&env), "b", "no_proxy first");
	env.variables = empty;
	is_str(proxy_exceptions(&env), "a", "NO_PROXY then");
	return done_testing();
}
