#include "net/fault.h"

#include <signal.h>

#include "sys/interrupt.h"
#include "tap.h"

int
main(void)
{
	struct fault_place place = { .server = "h:443", .proxy = "",
	    .cause = "Connection refused", .waited_ms = 60000, .limit = 9 };
	struct err err = { 0 };
	int i;

	fault_describe(HTTP_OK, &place, &err);
	is_int(err.class, ERR_NONE, "no fault, no error");
	fault_describe(HTTP_CONNECT, &place, &err);
	is_str(err.message, "cannot connect to 'h:443': connection refused",
	    "who and why");
	is_int(err.class, ERR_NETWORK, "class network");
	has_str(err.hint, "https_proxy", "and what next");
	fault_describe(HTTP_LARGE, &place, &err);
	is_int(err.class, ERR_NETWORK, "the first one stays");

	err_clear(&err);
	place.proxy = "http://p:3128";
	fault_describe(HTTP_CONNECT, &place, &err);
	is_str(err.message, "cannot connect to the proxy 'http://p:3128' for "
	    "'h:443': connection refused", "a proxy is named");
	err_clear(&err);
	place.cause = "SSL: certificate";
	fault_describe(HTTP_TLS, &place, &err);
	has_str(err.message, "SSL: certificate", "an acronym keeps its case");
	has_str(err.hint, "AWS_CA_BUNDLE", "the way out");
	err_clear(&err);
	place.cause = "bearSSL: connection error 0x003c";
	fault_describe(HTTP_TLS, &place, &err);
	is_str(err.message, "cannot verify the TLS certificate of 'h:443': "
	    "its key is too short", "a number of BearSSL's in words");
	has_str(err.hint, "AWS_CA_BUNDLE", "with the same way out");
	err_clear(&err);
	place.cause = "bearSSL: connection error 0x0146";
	fault_describe(HTTP_CONNECT, &place, &err);
	is_str(err.message, "cannot agree on TLS with 'h:443': it does not "
	    "speak TLS 1.2", "an alert, which is no certificate's fault");
	has_str(err.hint, "gateway", "with another way out");
	err_clear(&err);
	place.cause = "bearSSL: connection error 0x0fff";
	fault_describe(HTTP_TLS, &place, &err);
	has_str(err.message, "0x0fff", "a number that nobody knows stays");
	err_clear(&err);
	fault_describe(HTTP_TIMEOUT, &place, &err);
	is_str(err.message, "the exchange with 'h:443' was not over within "
	    "60 s", "the whole");
	err_clear(&err);
	place.silence = true;
	place.waited_ms = 1500;
	fault_describe(HTTP_TIMEOUT, &place, &err);
	is_str(err.message, "no answer from 'h:443' for 1500 ms", "silence");
	err_clear(&err);
	fault_describe(HTTP_LARGE, &place, &err);
	is_int(err.class, ERR_DATA, "a large body is data");
	is_str(err.message, "the answer of 'h:443' is larger than 9 bytes",
	    "with the cap");
	err_clear(&err);
	fault_describe(HTTP_CANCELLED, &place, &err);
	is_int(err.class, ERR_INTERRUPTED, "cancelled");
	interrupt_install();
	raise(SIGTERM);
	err_clear(&err);
	fault_describe(HTTP_CANCELLED, &place, &err);
	is_int(err.class, ERR_TERMINATED, "terminated");
	place.cause = "";
	for (i = HTTP_RESOLVE; i <= HTTP_INTERNAL; i++) {
		err_clear(&err);
		fault_describe((enum http_fault)i, &place, &err);
		ok(err.message[0] != '\0' && err.class != ERR_NONE,
		    "%s says something", http_fault_name((enum http_fault)i));
	}
	return done_testing();
}
