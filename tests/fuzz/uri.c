/* Encoded text decodes to itself; an authority that was written reads back. */
#include "fuzz.h"

#include "codec/uri.h"
#include "net/redact.h"

static void
check_code(struct span text, bool keep_slash)
{
	struct buf encoded, decoded;
	size_t i;

	buf_init(&encoded, 3 * text.n);
	buf_init(&decoded, 3 * text.n);
	uri_encode(text, keep_slash, &encoded);
	for (i = 0; i < encoded.n; i++)
		must(encoded.p[i] > 0x20 && encoded.p[i] < 0x7f &&
		    strchr("?#&=+\"<>", encoded.p[i]) == NULL);
	must(uri_decode(buf_view(&encoded), false, &decoded));
	must(span_equal(buf_view(&decoded), text));
	buf_reset(&decoded);
	must(uri_decode(buf_view(&encoded), true, &decoded));
	must(span_equal(buf_view(&decoded), text));
	buf_reset(&decoded);
	(void)uri_decode(text, true, &decoded);
	must(decoded.n <= text.n);
	buf_clear(&encoded);
	buf_clear(&decoded);
}

static void
check_parts(const struct uri *u, struct span text)
{
	struct err err = { 0 };
	struct uri again;
	struct buf url;

	must(fuzz_within(u->host, text) && u->host.n > 0);
	must(fuzz_within(u->path, text) && fuzz_within(u->query, text));
	must(u->path.n == 0 || u->path.p[0] == '/');
	must(u->port > 0 && u->port < 65536);
	must(u->port_default == (u->port == (u->https ? 443U : 80U)));
	must(memchr(u->host.p, '@', u->host.n) == NULL &&
	    memchr(u->host.p, '/', u->host.n) == NULL);
	buf_init(&url, text.n + 64);
	buf_add_string(&url, u->https ? "https://" : "http://");
	uri_authority(u, &url);
	buf_add_span(&url, u->path);
	must(url.fault == BUF_SOUND);
	must(uri_parse(&again, buf_view(&url), &err) == 0);
	must(again.https == u->https && again.port == u->port);
	must(again.host_is_ip == u->host_is_ip);
	must(again.host_is_loopback == u->host_is_loopback);
	must(again.host.n == u->host.n && span_equal(again.path, u->path));
	buf_clear(&url);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = fuzz_span(data, size);
	struct err err = { 0 };
	struct buf shown;
	struct uri u;

	check_code(text, false);
	check_code(text, true);
	if (uri_parse(&u, text, &err) == 0)
		check_parts(&u, text);
	else
		fuzz_refused(&err);
	buf_init(&shown, 16 * size + 1024);
	redact_url(text, &shown);
	must(shown.fault == BUF_SOUND);
	buf_clear(&shown);
	return 0;
}
