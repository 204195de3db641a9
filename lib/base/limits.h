#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every cap on what comes from outside, each with its reason. Sizes in bytes.
 */

#define LIMIT_KIB ((size_t)1024)
#define LIMIT_MIB (1024 * LIMIT_KIB)

/* A document, uncompressed: design's "256 MiB at most"; the default cap. */
#define LIMIT_OBJECT (256 * LIMIT_MIB)

/* From here on a document that is only printed is not held in memory: ten times
 * the largest that Cost Explorer is known to send, and below what half of
 * fetch's budget is (design section 14). */
#define LIMIT_IN_MEMORY (8 * LIMIT_MIB)

/* Our metadata object is under 1 KiB; profile names and job URLs vary. */
#define LIMIT_METADATA (16 * LIMIT_KIB)

/* Deeper JSON than this is an attack; Cost Explorer's is under 10. */
#define LIMIT_JSON_DEPTH 64

/* S3: 1,024 bytes of key; the prefix counts. */
#define LIMIT_KEY 1024

/* S3's whole header block is 8 KiB; proxies and tokens add to it. */
#define LIMIT_HEADER_BLOCK (64 * LIMIT_KIB)
#define LIMIT_HEADER_FIELDS 128

/* Error documents are under 2 KiB; a captive portal's page is cut. */
#define LIMIT_ERROR_BODY (64 * LIMIT_KIB)

/* STS, SSO, IMDS and container answers are under 8 KiB. */
#define LIMIT_CONTROL_BODY (256 * LIMIT_KIB)

/* A list page holds 1,000 keys of 1,024 bytes with their elements. */
#define LIMIT_LIST_BODY (8 * LIMIT_MIB)
#define LIMIT_LIST_PAGES 10000

/* One page of Cost Explorer is a few MiB at most. */
#define LIMIT_CE_PAGE (32 * LIMIT_MIB)
#define LIMIT_CE_PAGES 1000

/* Profile files of large organisations have thousands of profiles. */
#define LIMIT_PROFILE_FILE (16 * LIMIT_MIB)
#define LIMIT_SETTINGS_FILE (1 * LIMIT_MIB)
#define LIMIT_INI_LINE (64 * LIMIT_KIB)

/* A custom type's request, and state files (memo, ledger). */
#define LIMIT_REQUEST_FILE (256 * LIMIT_KIB)
#define LIMIT_STATE_FILE (4 * LIMIT_MIB)

/* XML nesting and elements of anything that S3 or STS sends. */
#define LIMIT_XML_DEPTH 32
#define LIMIT_XML_ELEMENTS 200000

/* A CA bundle: the whole system store is 220 KiB. */
#define LIMIT_CA_BUNDLE (4 * LIMIT_MIB)

/* Session tokens pass 2 KiB with many tags; headers end at 8 KiB. */
#define LIMIT_TOKEN (16 * LIMIT_KIB)

/* The token files of `aws sso login` and `aws login`: a few JWTs. */
#define LIMIT_TOKEN_FILE (64 * LIMIT_KIB)

/* What a credential_process prints is under 4 KiB; its stderr is for people. */
#define LIMIT_PROCESS_OUTPUT (64 * LIMIT_KIB)
#define LIMIT_PROCESS_ERRORS (4 * LIMIT_KIB)

/* STS takes no longer identity token (JWT). */
#define LIMIT_IDENTITY_TOKEN 20000

/* What a message may quote of a foreign text. */
#define LIMIT_QUOTE 200

#endif
