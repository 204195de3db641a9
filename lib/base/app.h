#ifndef BASE_APP_H
#define BASE_APP_H

/*
 * The program's own name, version and the day of that version (man page): the
 * one place where they stand. APP_VERSION goes into metadata, the User-Agent
 * header and `teamcache version`.
 */
#define APP_NAME "teamcache"
#define APP_VERSION "0.1.0"
#define APP_DATE "November 22, 2026"

#endif
