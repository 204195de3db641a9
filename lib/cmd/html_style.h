#ifndef CMD_HTML_STYLE_H
#define CMD_HTML_STYLE_H

/* The style sheet of the pages that --format html writes. */
extern const char html_style[];

#endif
