#include "cache/remote_list.h"

#include "base/limits.h"

#define PAGE 1000

static int
visit_page(const struct s3_list *page, remote_list_visit *visit,
    void *state, struct err *err)
{
	size_t i;

	for (i = 0; i < page->count; i++)
		if (visit(state, &page->items[i], err) != 0)
			return -1;
	return 0;
}

int
remote_list(struct session *s, const char *folder, int64_t timeout_ms,
    remote_list_visit *visit, void *state, struct err *err)
{
	struct s3 *s3 = session_s3(s, err);
	struct s3_list page = { 0 };
	struct buf token;
	int pages = 0, result = -1;

	if (s3 == NULL)
		return -1;
	buf_init(&token, LIMIT_TOKEN);
	do {
		session_deadline(s, timeout_ms);
		if (s3_list_page(s3, folder, buf_view(&token), PAGE, &page,
		    err) != S3_OK)
			goto out;
		session_saw_date(s, s3_answer(s3)->date);
		buf_reset(&token);
		buf_add_span(&token, page.next);
		if (buf_check(&token, "continuation token", err) != 0 ||
		    visit_page(&page, visit, state, err) != 0)
			goto out;
		s3_list_clear(&page);
	} while (token.n > 0 && ++pages < LIMIT_LIST_PAGES);
	result = token.n == 0 ? 0 : err_set(err, ERR_NETWORK, "cannot list "
	    "'%s': it goes on beyond %d pages", folder, LIMIT_LIST_PAGES);
out:
	s3_list_clear(&page);
	buf_clear(&token);
	return result;
}
