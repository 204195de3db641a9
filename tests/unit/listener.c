#include "listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

static void *
serve(void *state)
{
	struct listener *l = state;
	int fd;

	while ((fd = accept(l->fd, NULL, NULL)) >= 0) {
		l->handler(l->state, l->connections++, fd);
		close(fd);
	}
	return NULL;
}

int
listener_start(struct listener *l, listener_handler *handler, void *state)
{
	struct sockaddr_in a;
	socklen_t n = sizeof a;

	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->handler = handler;
	l->state = state;
	l->connections = 0;
	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return -1;
	if (bind(l->fd, (struct sockaddr *)&a, n) != 0 ||
	    listen(l->fd, 16) != 0 ||
	    getsockname(l->fd, (struct sockaddr *)&a, &n) != 0 ||
	    pthread_create(&l->thread, NULL, serve, l) != 0) {
		close(l->fd);
		return -1;
	}
	l->port = ntohs(a.sin_port);
	return 0;
}

void
listener_stop(struct listener *l)
{
	shutdown(l->fd, SHUT_RDWR);
	pthread_join(l->thread, NULL);
	close(l->fd);
}

/* The announced length of the body, 0 when there is none. */
static uint64_t
body_length(const char *head)
{
	const char *at = strstr(head, "\r\nContent-Length: ");
	uint64_t n = 0;

	if (at == NULL)
		return 0;
	at += strlen("\r\nContent-Length: ");
	if (!num_parse(span_make(at, strcspn(at, "\r")), 1 << 30, &n))
		return 0;
	return n;
}

bool
listener_request(int fd, struct buf *b)
{
	char piece[65536];
	const char *end;
	ssize_t n;

	buf_reset(b);
	for (;;) {
		end = strstr(buf_string(b), "\r\n\r\n");
		if (end != NULL && b->n >= (size_t)(end - b->p) + 4 +
		    body_length(b->p))
			return true;
		n = recv(fd, piece, sizeof piece, 0);
		if (n <= 0)
			return false;
		buf_add(b, piece, (size_t)n);
	}
}

bool
listener_say(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	for (; left > 0; left -= (size_t)n, text += n) {
		n = send(fd, text, left, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
	}
	return true;
}
