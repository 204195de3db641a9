#ifndef TESTS_LISTENER_H
#define TESTS_LISTENER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/buf.h"

/*
 * A server of one thread on a free port of the loopback interface, for tests
 * of what talks to one. Each connection goes to the handler, one after the
 * other, and is closed when that returns.
 */
struct listener;

/* number counts connections from 0; fd is the connection. */
typedef void listener_handler(void *state, int number, int fd);

struct listener {
	int fd;
	unsigned port;
	int connections;
	listener_handler *handler;
	void *state;
	pthread_t thread;
};

int listener_start(struct listener *l, listener_handler *handler,
    void *state);
/* Waits for the handler that runs. */
void listener_stop(struct listener *l);

/*
 * Read one request, header block and body of its Content-Length, into b.
 * False at the end of the connection.
 */
bool listener_request(int fd, struct buf *b);

/* Send a text; false when nobody takes it. */
bool listener_say(int fd, const char *text);

#endif
