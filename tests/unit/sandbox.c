#include "sandbox.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *
sandbox_new(void)
{
	const char *base = getenv("TMPDIR");
	char path[4096];

	if (base == NULL || base[0] != '/')
		base = P_tmpdir;
	if (snprintf(path, sizeof path, "%s/teamcache-unit-XXXXXX", base) >=
	    (int)sizeof path || mkdtemp(path) == NULL)
		return NULL;
	return strdup(path);
}

static void
remove_below(const char *path)
{
	struct dirent *d;
	struct stat st;
	DIR *dir;
	char *name;
	size_t room;

	if (lstat(path, &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		(void)unlink(path);
		return;
	}
	(void)chmod(path, 0700);
	if ((dir = opendir(path)) == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 ||
		    strcmp(d->d_name, "..") == 0)
			continue;
		room = strlen(path) + strlen(d->d_name) + 2;
		if ((name = malloc(room)) == NULL)
			break;
		if (snprintf(name, room, "%s/%s", path, d->d_name) > 0)
			remove_below(name);
		free(name);
	}
	(void)closedir(dir);
	(void)rmdir(path);
}

void
sandbox_remove(char *path)
{
	if (path != NULL)
		remove_below(path);
	free(path);
}

const char *
sandbox_path(const char *directory, const char *name)
{
	static char rooms[8][4096];
	static unsigned next;
	char *room = rooms[next++ % 8];

	if (snprintf(room, sizeof rooms[0], "%s/%s", directory, name) >=
	    (int)sizeof rooms[0])
		abort();
	return room;
}

int
sandbox_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	int bad;

	if (f == NULL)
		return -1;
	bad = fputs(text, f) == EOF;
	return fclose(f) != 0 || bad ? -1 : 0;
}

int
sandbox_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (dir == NULL)
		return -1;
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}
