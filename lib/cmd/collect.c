#include "cmd/collect.h"

#include "cache/purchase.h"

struct collect
collect_choose(const struct options *options, size_t top, bool rows_only)
{
	struct collect collect = {
		.metric = option_text(options, OPTION_METRIC),
		.top = option_given(options, OPTION_TOP) ?
		    (size_t)option_number(options, OPTION_TOP) : top,
		.rows_only = rows_only,
	};

	return collect;
}

int
collect_entry(const struct collect *collect, const char *profile,
    const struct readthrough_result *r, struct sheets *sheets,
    struct err *err)
{
	const struct sheet_source source = {
		.account = r->key.account,
		.profile = profile,
		.month = r->key.month,
		.type = r->key.type,
		.built_in = purchase_is_built_in(r->key.type),
		.stale = !r->fresh,
		.timestamp = r->entry.metadata.timestamp,
		.rows_only = collect->rows_only,
	};
	char month[MONTH_ROOM];
	struct figures figures;
	int result = -1;

	if (figures_read(r->entry.data, source.type, collect->metric,
	    &figures, err) == 0) {
		if (collect->top > 0 &&
		    tally_top(&figures, collect->top, err) != 0)
			figures_clear(&figures);
		else
			result = sheet_add(sheets, &source, &figures, err);
	}
	month_format(source.month, month);
	if (result != 0)
		err_context(err, "cannot show '%s' of %s", source.type,
		    month);
	return result;
}
