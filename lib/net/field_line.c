#include "net/field_line.h"

#include <string.h>

int
field_line(const struct http_field *field, struct buf *line, struct err *err)
{
	if (strpbrk(field->name, "\r\n:;") != NULL ||
	    strpbrk(field->value, "\r\n") != NULL)
		return err_set(err, ERR_INTERNAL,
		    "refusing the header field '%s'", field->name);
	buf_reset(line);
	if (field->value[0] == '\0')
		buf_addf(line, "%s;", field->name);
	else
		buf_addf(line, "%s: %s", field->name, field->value);
	return buf_check(line, "a header field", err);
}
