#include "cache/document.h"

#include <string.h>

#include "base/decimal.h"
#include "cache/purchase.h"
#include "codec/json.h"

/* {"Metric":{"Amount":"..."},...}, or nothing. */
static bool
amounts_sound(const struct json *j, json_value metrics)
{
	struct decimal number;
	char amount[256];
	json_value v;

	for (v = json_first(j, metrics); v != JSON_NONE; v = json_next(j, v))
		if (!json_string_copy(j, json_member(j, v, "Amount"), amount,
		    sizeof amount) ||
		    !decimal_parse(span_of(amount), &number))
			return false;
	return true;
}

static bool
has_period(const struct json *j)
{
	json_value period = json_member(j, 0, "TimePeriod");

	return json_type(j, json_member(j, period, "Start")) == JSON_STRING &&
	    json_type(j, json_member(j, period, "End")) == JSON_STRING;
}

/* Others add them up: whoever brings what is no period, or no number, would
 * leave them without the other three types, until somebody finds out. */
static int
check_periods(const char *type, struct span rest, struct err *err)
{
	struct span period;

	while (json_element(&rest, &period)) {
		struct json j = { 0 };
		json_value groups, v;
		bool sound, dated;

		if (json_parse(&j, period, 0, err) != 0)
			return -1;
		dated = has_period(&j);
		sound = amounts_sound(&j, json_member(&j, 0, "Total"));
		groups = json_member(&j, 0, "Groups");
		for (v = json_first(&j, groups); sound && v != JSON_NONE;
		    v = json_next(&j, v))
			sound = amounts_sound(&j, json_member(&j, v,
			    "Metrics"));
		json_clear(&j);
		if (!dated)
			return err_set(err, ERR_DATA, "this is no '%s': a "
			    "period has no TimePeriod with Start and End",
			    type);
		if (!sound)
			return err_set(err, ERR_DATA, "this is no '%s': an "
			    "amount is no decimal number", type);
	}
	return 0;
}

int
document_check(const char *type, struct span data, struct err *err)
{
	bool forecast = strcmp(type, "forecast") == 0, sound;
	struct span root, rest;

	/* As where the command before the pipe has failed. */
	if (data.n == 0)
		return err_set(err, ERR_DATA, "what is pushed as '%s' is "
		    "empty", type);
	if (json_check(data, err) != 0) {
		err_context(err, "what is pushed as '%s' is not JSON", type);
		return -1;
	}
	if (!purchase_is_built_in(type))
		return 0;
	root = json_find(data, forecast ? "forecast" : "cost_and_usage");
	sound = forecast ? json_find(root, "Total").n > 0 ||
	    json_find(root, "ForecastResultsByTime").n > 0 :
	    json_elements(json_find(root, "ResultsByTime"), &rest);
	if (sound)
		return forecast ? 0 : check_periods(type, rest, err);
	return err_set(err, ERR_DATA, "this is no '%s': it has no %s", type,
	    forecast ? "forecast.Total or forecast.ForecastResultsByTime" :
	    "array cost_and_usage.ResultsByTime");
}
