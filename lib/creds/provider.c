#include "creds/provider.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aws/region.h"
#include "base/printable.h"

enum provider_outcome
provider_say(struct provider_input *input, const char *format, ...)
{
	size_t n = strlen(input->reason), room = sizeof input->reason - n;
	char *to = input->reason + n;
	va_list ap;

	/* What does not fit is cut: a trace, not data. */
	if (n > 0 && room > 2) {
		memcpy(to, "; ", 3);
		to += 2;
		room -= 2;
	}
	va_start(ap, format);
	if (vsnprintf(to, room, format, ap) < 0)
		*to = '\0';
	va_end(ap);
	printable_clean(to, strlen(to), false);
	return PROVIDER_PASSED;
}

struct profile_value
provider_value(const struct provider_input *input, const char *key)
{
	return profile_get(input->settings->files, input->settings->profile,
	    key, NULL);
}

static const char *
region_of(const struct provider_input *input)
{
	const struct chain_settings *set = input->settings;
	const struct provider_link *link = input->link;
	const char *region = region_named(set->env, set->files,
	    set->profile);

	for (; region == NULL && link != NULL; link = link->parent)
		region = profile_get(set->files, link->profile, "region",
		    NULL).text;
	return region == NULL && input->region[0] != '\0' ? input->region :
	    region;
}

int
provider_endpoint(const struct provider_input *input,
    enum endpoint_service service, const char *region, struct endpoint *out,
    struct err *err)
{
	static const struct endpoint_settings none;
	const struct chain_settings *set = input->settings;
	const struct endpoint_settings *settings = set->endpoints != NULL ?
	    set->endpoints : &none;
	const struct provider_link *link = input->link;
	const char *selected = set->profile;

	/* Endpoints are settings of the session, as in the SDKs. */
	for (; link != NULL; link = link->parent)
		selected = link->profile;
	if (region == NULL)
		region = region_of(input);
	return endpoint_resolve(service, region, endpoint_configured(service,
	    NULL, set->env, set->files, selected, settings), settings, out,
	    err);
}
