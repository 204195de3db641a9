#ifndef CODEC_UUID_H
#define CODEC_UUID_H

#define UUID_BYTES 16
#define UUID_ROOM 37		/* with its NUL */

/* A random UUID, version 4 (RFC 9562), made of random bytes. */
void uuid_format(const unsigned char bytes[UUID_BYTES], char out[UUID_ROOM]);

#endif
