#ifndef NET_FIELD_LINE_H
#define NET_FIELD_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "net/http.h"

/*
 * A header field as libcurl takes it: "name: value", and "name;" where the
 * value is empty (there "name:" means none). Replaces what is in line.
 * ERR_INTERNAL for one that would end the field or begin another.
 */
int field_line(const struct http_field *field, struct buf *line,
    struct err *err);

#endif
