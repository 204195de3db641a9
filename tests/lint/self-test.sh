#!/bin/sh
# self-test.sh: a small sound tree passes each rule of lint.py; a tree with one fault fails the rule that is for it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sound=$work/sound
tree=$work/tree
number=100
mkdir "$tree" "$work/cases"

# put FILE: stdin becomes a file of the tree under test.
put() {
	mkdir -p "$(dirname "$tree/$1")"
	cat >"$tree/$1"
}

# fails RULE TEXT: make the tree a case in which the rule finds TEXT; go on with a sound one.
fails() {
	number=$((number + 1))
	mkdir "$work/cases/$number"
	mv "$tree" "$work/cases/$number/tree"
	echo "$1" >"$work/cases/$number/rule"
	echo "$2" >"$work/cases/$number/want"
	cp -R "$sound" "$tree"
}

# passes RULE: as fails, with nothing to be found.
passes() {
	fails "$1" ''
}

put lib/base/good.h <<'END'
#ifndef BASE_GOOD_H
#define BASE_GOOD_H

#include <stddef.h>

/* gets(3) is named in a comment only. */
typedef int good_visit(void *state, const char *name);
int good_sum(const int *values, size_t n, good_visit *visit,
    void (*done)(int, char *));
struct good;
void good_nothing(void);
int good_print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
END
put lib/base/good.c <<'END'
#include "base/good.h"

#include <stdlib.h>

static const char *const texts[] = { "strcpy(a, b)", "goto no" };

static int
helper(void)
{
	return texts[0][0];
}

int
good_sum(const int *values, size_t n, good_visit *visit,
    void (*done)(int, char *))
{
	int sum = 0;
	size_t i;

	(void)visit, (void)done;
	for (i = 0; i < n; i++)
		sum += values[i];
	if (sum < 0)
		goto out;
	sum += helper();
out:
	return sum;
}

void
good_nothing(void)
{
}

int
good_print(const char *format, ...)
{
	return format[0];
}
END
put lib/base/good_part.c <<'END'
#include "base/good.h"
END
put lib/net/wire.h <<'END'
#ifndef NET_WIRE_H
#define NET_WIRE_H

#include "base/good.h"

#endif
END
put lib/cmd/show.h <<'END'
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

extern const int command_show;

#endif
END
put lib/cmd/show.c <<'END'
#include "cmd/show.h"

const int command_show = 1;
END
put tool.sh <<'END'
#!/bin/sh
echo "$1"
END
put tool.py <<'END'
print("hello")
END
put vendor/pins <<'END'
curl 8.14.1
END
put completions/teamcache.bash <<'END'
bash
END
put completions/_teamcache <<'END'
zsh
END
put completions/teamcache.fish <<'END'
fish
END
put teamcache <<'END'
#!/bin/sh
echo "$2"
END
chmod +x "$tree/teamcache"
mkdir -p "$tree/build/release/obj/lib/base"
# object: make the object of good.c.
object() {
	gcc -fPIE -fdata-sections -I"$tree/lib" -c "$tree/lib/base/good.c" -o "$tree/build/release/obj/lib/base/good.o"
}
object
cp -R "$tree" "$sound"

for rule in includes vendored headers banned shape names prototypes layout globals shell python places generated; do
	passes "$rule"
done

echo '#include "net/wire.h"' >>"$tree/lib/base/good.c"
fails includes "base may not see net/wire.h"
printf '#ifndef SYS_A_H\n#define SYS_A_H\n#include "codec/b.h"\n#endif\n' | put lib/sys/a.h
printf '#ifndef CODEC_B_H\n#define CODEC_B_H\n#endif\n' | put lib/codec/b.h
fails includes "sys may not see codec/b.h"
sed -i '1d' "$tree/lib/base/good_part.c"
echo '#include <stddef.h>' >>"$tree/lib/base/good_part.c"
fails includes 'does not include its own header "base/good.h" first'
echo '#include "wire.h"' >>"$tree/lib/net/wire.h"
fails includes "is no header of ours"
echo '#include <base/good.h>' >>"$tree/lib/net/wire.h"
fails includes "is ours"
echo 'int x;' | put lib/attic/x.c
fails includes "not in a room"

echo '#include <curl/curl.h>' >>"$tree/lib/base/good.c"
fails vendored "may not see <curl/curl.h>"
echo '#include <zlib.h>' >>"$tree/lib/net/wire.h"
fails vendored "may not see <zlib.h>"

sed -i 's/#include <stddef.h>//' "$tree/lib/base/good.h"
fails headers "does not compile alone"
sed -i 's/BASE_GOOD_H/GOOD/' "$tree/lib/base/good.h"
fails headers "the guard BASE_GOOD_H"

for call in 'strcpy(a, b)' 'sprintf(a, b)' 'strtol (a, 0, 10)' 'system("x")' 'rand()'; do
	printf 'void\ngood_nothing(void)\n{\n\t%s;\n}\n' "$call" >>"$tree/lib/base/good.c"
	fails banned "is banned"
done
printf '/* rand() */ int good_strcpy(int a); // gets(x)\nint y = x->rand(), z = my_system(1);\n' >>"$tree/lib/base/good.c"
passes banned

sed -i 's/goto out/goto fail/; s/^out:/fail:/' "$tree/lib/base/good.c"
fails shape "goto goes to 'out' only"
echo 'typedef struct good good_t;' >>"$tree/lib/base/good.h"
fails shape "typedef of a struct"
echo '#define TRY(x) do { if (x) return; } while (0)' >>"$tree/lib/base/good.c"
fails shape "a macro that jumps"
printf 'int good_one(void) {\n\treturn 1;\n}\n' >>"$tree/lib/base/good.c"
fails shape "the return type of good_one"

cp "$tree/lib/base/good.h" "$tree/lib/net/good.h"
fails names "good: in rooms base, net"
printf '\nint\nbad_name(void)\n{\n\treturn 1;\n}\n' >>"$tree/lib/base/good.c"
fails names "bad_name does not begin with good_"
printf '\nint\ngood_hidden(void)\n{\n\treturn 1;\n}\n' >>"$tree/lib/base/good.c"
fails names "good_hidden is in no header"
echo 'int loose = 1;' >>"$tree/lib/base/good.c"
fails names "loose does not begin with good_"

for parameter in 'int' 'const char *' 'struct good *' 'size_t' 'unsigned long' 'const char *a, struct good'; do
	echo "int good_more($parameter);" >>"$tree/lib/base/good.h"
	fails prototypes "good_more: "
done

awk 'BEGIN { while (i++ < 101) printf "x"; print "" }' >>"$tree/lib/base/good.c"
fails layout "101 columns"
echo 'int x; ' >>"$tree/lib/base/good.c"
fails layout "blanks at the end"
echo '        int x;' >>"$tree/lib/base/good.c"
fails layout "blanks where a tab belongs"
printf 'int x;' >>"$tree/lib/base/good.c"
fails layout "no newline at the end"
awk 'BEGIN { while (i++ < 601) print "" }' >>"$tree/lib/base/good.c"
fails layout "lines"

echo 'int good_count;' >>"$tree/lib/base/good.c"
object
fails globals "good_count can change"

# shellcheck disable=SC2016 # the sample is what has the fault
echo 'rm $1/x' >>"$tree/tool.sh"
fails shell "SC2086"
echo 'def broken(:' >>"$tree/tool.py"
fails python "tool.py:2"

printf 'curl http://deb.%s/x\n' debian.org >>"$tree/tool.sh"
fails places "a mirror or registry"
printf 'cd /%s/x\n' root >>"$tree/tool.sh"
fails places "a path of this machine"
printf '/* TO%s later */\n' DO >>"$tree/lib/base/good.c"
fails places "unfinished"
echo 'int x;' | put vendor/zlib/inflate.c
fails places "scripts and pins only"
printf 'a\000b' | put lib/blob
fails places "a binary"

echo more >>"$tree/completions/teamcache.fish"
fails generated "make completions"

python3 -B "$here/cases.py" "$work/cases"
