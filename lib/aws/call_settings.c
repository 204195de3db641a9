#include "aws/call_settings.h"

#include <string.h>

#include "base/num.h"

#define ATTEMPTS 3
#define ATTEMPTS_MAX 100

/* The modes and their time to connect. What is left to each SDK (legacy), and
 * the guess where we run (auto), is as standard. */
static const char *const modes[] = {
	"standard", "cross-region", "in-region", "mobile", "legacy", "auto",
	NULL
};

static const int64_t connect_ms[] = { 3100, 3100, 1100, 30000, 3100, 3100 };

/* A few calls gain nothing from a rate limiter, and our numbers do better
 * than those of old. */
static const char *const retry_modes[] = {
	"standard", "adaptive", "legacy", NULL
};

static int
read_attempts(const struct setting_place *place, int given, int *out,
    struct err *err)
{
	struct setting s = setting_find(place, "AWS_MAX_ATTEMPTS",
	    "max_attempts", NULL);
	uint64_t attempts = ATTEMPTS;

	if (given <= 0 && s.text != NULL && (!num_parse(span_of(s.text),
	    ATTEMPTS_MAX, &attempts) || attempts == 0))
		return setting_refuse(&s, "a whole number from 1 to 100", err);
	*out = given > 0 ? given : (int)attempts;
	return 0;
}

/* As the SDKs: what no token of a header may hold becomes a dash, and what is
 * longer than they allow is cut. */
static void
read_app_id(const struct setting_place *place, char out[51])
{
	static const char fit[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$%&'*+-.^_`|~";
	const char *text = setting_find(place, "AWS_SDK_UA_APP_ID",
	    "sdk_ua_app_id", NULL).text;
	size_t i;

	for (i = 0; text != NULL && i < 50 && text[i] != '\0'; i++)
		out[i] = strchr(fit, text[i]) != NULL ? text[i] : '-';
	out[i] = '\0';
}

int
call_settings_read(const struct setting_place *place, int max_attempts,
    struct call_settings *out, struct err *err)
{
	struct setting retry = setting_find(place, "AWS_RETRY_MODE",
	    "retry_mode", NULL);
	struct setting mode = setting_find(place, "AWS_DEFAULTS_MODE",
	    "defaults_mode", NULL);
	size_t word;

	memset(out, 0, sizeof *out);
	if (read_attempts(place, max_attempts, &out->max_attempts, err) != 0 ||
	    setting_word(&retry, retry_modes, &word, err) != 0 ||
	    setting_word(&mode, modes, &word, err) != 0)
		return -1;
	out->connect_ms = connect_ms[word];
	read_app_id(place, out->app_id);
	return 0;
}
