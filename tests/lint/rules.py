"""The rules: each a function of a Tree that gives its findings, one text a finding."""
import ast
import concurrent.futures
import os
import re
import shutil
import subprocess

from source import (ONE_LINE_DEFINITION, ROOMS, code_only, exported_data, exported_functions,
                    line_of, room_of, without_comments)

# A header that is not ours, and the files that may see it.
VENDORED = {
    r"curl/.*": {"lib/net/http_curl.c", "lib/net/curl_options.c"},
    r"zlib\.h|zconf\.h": {"lib/codec/gzip.c"},
    r"expat.*\.h": {"lib/codec/xml.c"},
    r"jsmn\.h": {"lib/codec/json.c"},
    r"bearssl.*\.h": {"lib/codec/hash.c", "lib/creds/p256.c"},
    r"anchors\.h": {"lib/net/trust.c"},
    r"versions\.h": {"lib/cmd/version.c"},
}

BANNED = ("strcpy strcat strncpy sprintf vsprintf strtok atoi atol atoll atof sscanf gmtime localtime "
          "mktime system popen gets alloca rand srand strtol").split()

COLUMNS = 100
LINES_WISHED = 450
LINES_MAX = 600

STRUCTURE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


class Skip(Exception):
    """The rule cannot be checked here; its text says why."""


def _seen(room):
    """The rooms that a room may include."""
    allowed = set(ROOMS[:ROOMS.index(room) + 1])
    if room in ("codec", "sys"):
        allowed.discard("sys" if room == "codec" else "codec")
    return allowed


def _own_header(tree, name):
    """The header of lib/room/a_b.c: a_b.h, or a.h for a part of it."""
    stem = name[:-len(".c")]
    while True:
        if stem + ".h" in tree.files:
            return stem[len("lib/"):] + ".h"
        directory, _, base = stem.rpartition("/")
        if "_" not in base:
            return None
        stem = directory + "/" + base.rpartition("_")[0]


def includes(tree):
    """rooms include only rooms to their left, and a file its own header first"""
    for name in tree.select(".c", ".h", under="lib/"):
        room = room_of(name)
        if room not in ROOMS:
            yield f"{name}: not in a room of the design"
            continue
        text = without_comments(tree.text(name))
        found = [(m[1], m[2], line_of(text, m.start())) for m in STRUCTURE.finditer(text)]
        for mark, what, line in found:
            target = "lib/" + what
            if mark == "<" and target in tree.files and what != "sys/file.h":
                yield f'{name}:{line}: <{what}> is ours: write "{what}"'
            elif mark == '"' and target not in tree.files:
                yield f'{name}:{line}: "{what}" is no header of ours by room and name'
            elif mark == '"' and what.split("/")[0] not in _seen(room):
                yield f"{name}:{line}: {room} may not see {what}"
        own = _own_header(tree, name) if name.endswith(".c") else None
        if own is not None and (not found or found[0][1] != own):
            yield f'{name}: does not include its own header "{own}" first'


def vendored(tree):
    """a vendored header is seen by one file for each concern, and never by a header"""
    for name in tree.ours():
        text = without_comments(tree.text(name))
        for m in STRUCTURE.finditer(text):
            for pattern, allowed in VENDORED.items():
                if re.fullmatch(pattern, m[2]) and name not in allowed:
                    yield f"{name}:{line_of(text, m.start())}: may not see <{m[2]}>"


def _compile(tree, header):
    include = header[len("lib/"):] if header.startswith("lib/") else os.path.basename(header)
    done = subprocess.run(
        ["gcc", "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-D_DEFAULT_SOURCE", "-Wall", "-Wextra",
         "-Wpedantic", "-Werror", "-Wno-unused-function", "-Wno-unused-variable",
         "-I" + tree.path("lib"), "-I" + tree.path("tests/unit"), "-fsyntax-only", "-x", "c", "-"],
        input=f'#include "{include}"\n#include "{include}"\nint lint_nothing;\n',
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    first = [line for line in done.stdout.splitlines() if "error:" in line][:1]
    return None if done.returncode == 0 else f"{header}: does not compile alone: {' '.join(first)}"


def headers(tree):
    """each header compiles alone and has its guard"""
    names = tree.select(".h", under="lib/") + tree.select(".h", under="tests/unit/")
    for name in names:
        stem = os.path.basename(name)[:-2].upper()
        guard = (room_of(name) or "tests").upper() + "_" + stem + "_H"
        if not re.match(rf"\s*#ifndef {guard}\n#define {guard}\n",
                        without_comments(tree.text(name))):
            yield f"{name}: does not begin with the guard {guard}"
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from filter(None, pool.map(lambda name: _compile(tree, name), names))


def _c_files(tree):
    return tree.ours() + tree.select(".c", ".h", under="tests/")


def banned(tree):
    """banned functions are not called"""
    call = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    for name in _c_files(tree):
        code = code_only(tree.text(name))
        for m in call.finditer(code):
            yield f"{name}:{line_of(code, m.start())}: {m[1]} is banned"


def shape(tree):
    """one out: label, no typedef of a struct, no statement expression, no jumping macro"""
    patterns = (
        (r"^\s*goto\s+(?!out;)\w+", "goto goes to 'out' only"),
        (r"^(?!out:|default:|\s*default:)[a-z]\w*:\s*$", "the only label is 'out'"),
        (r"\btypedef\s+(struct|union|enum)\b", "typedef of a struct"),
        (r"\(\s*\{", "statement expression"),
        (r"^\s*#\s*define\s(?:.*\\\n)*.*\b(goto|return)\b", "a macro that jumps"),
        (r"\b__attribute__\s*\(\s*\(\s*constructor", "a constructor"),
    )
    for name in tree.ours():
        code = code_only(tree.text(name))
        for pattern, what in patterns:
            for m in re.finditer(pattern, code, re.M):
                yield f"{name}:{line_of(code, m.start())}: {what}"
        for m in ONE_LINE_DEFINITION.finditer(code):
            yield f"{name}:{line_of(code, m.start())}: the return type of {m[1]} has a line of its own"


def names(tree):
    """basenames are unique, and exports begin with theirs and stand in a header"""
    where = {}
    for name in tree.select(".c", ".h", under="lib/"):
        stem = os.path.basename(name).rpartition(".")[0]
        where.setdefault(stem, set()).add(room_of(name))
    for stem, rooms in sorted(where.items()):
        if len(rooms) > 1:
            yield f"{stem}: in rooms {', '.join(sorted(map(str, rooms)))}"
    for name in tree.select(".c", under="lib/"):
        code = code_only(tree.text(name))
        stem = os.path.basename(name)[:-2]
        own = _own_header(tree, name)
        first = {stem, os.path.basename(own)[:-2]} if own else {stem}
        declared = code_only("\n".join(
            tree.text(h) for h in tree.select(".h", under=os.path.dirname(name) + "/")))
        for symbol, line in [*exported_functions(code), *exported_data(code)]:
            if not any(symbol == p or symbol.startswith(p + "_") for p in first) and \
                    not (room_of(name) == "cmd" and symbol == "command_" + stem):
                yield f"{name}:{line}: {symbol} does not begin with {' or '.join(sorted(first))}_"
            if not re.search(rf"\b{symbol}\b", declared):
                yield f"{name}:{line}: {symbol} is in no header: make it static"


def _unnamed(parameter):
    parameter = re.sub(r"__attribute__.*", "", parameter).strip()
    if parameter in ("void", "...", ""):
        return False
    if re.search(r"\(\s*\*\s*\w+", parameter):
        return False
    words = re.sub(r"\[[^\]]*\]", "", parameter).replace("*", " * ").split()
    types = {"const", "volatile", "restrict", "struct", "enum", "union", "unsigned", "signed", "int",
             "char", "short", "long", "float", "double", "bool", "void", "*"}
    if words[-1] in types:
        return True
    before = [w for w in words[:-1] if w not in ("const", "volatile", "restrict")]
    return not before or before[-1] in ("struct", "enum", "union")


def prototypes(tree):
    """prototypes in headers name their parameters"""
    pattern = re.compile(r"^[a-z][^;{}()#=]*[\s*(](\w+)\)?\(([^;{}]*)\)[^;{}()]*"
                         r"(?:__attribute__\s*\(\(.*?\)\)\s*)*;", re.M)
    for name in tree.select(".h", under="lib/"):
        code = re.sub(r"^[ \t]*#.*(?:\\\n.*)*$", "", code_only(tree.text(name)), flags=re.M)
        for m in pattern.finditer(code):
            depth, part, parts = 0, "", []
            for c in m[2]:
                depth += (c == "(") - (c == ")")
                if depth < 0:
                    break
                if c == "," and depth == 0:
                    parts.append(part)
                    part = ""
                else:
                    part += c
            for parameter in parts + [part]:
                if _unnamed(parameter):
                    yield (f"{name}:{line_of(code, m.start(1))}: {m[1]}: "
                           f"'{' '.join(parameter.split())}' has no name")


def _is_text(data):
    return b"\0" not in data


def layout(tree):
    """lines of 100 columns at most, tabs, no blanks at the end; files of 600 lines at most"""
    for name in tree.files:
        data = tree.bytes(name)
        if not _is_text(data):
            continue
        text = tree.text(name)
        is_c = name.endswith((".c", ".h"))
        if text and not text.endswith("\n"):
            yield f"{name}: no newline at the end"
        if not is_c and not name.endswith((".sh", ".bash", ".bats", ".py")) and \
                name not in tree.shell() and name != "Makefile":
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip(" \t\r"):
                yield f"{name}:{number}: blanks at the end"
            if is_c and len(line.expandtabs(8)) > COLUMNS:
                yield f"{name}:{number}: {len(line.expandtabs(8))} columns"
            if is_c and (line.startswith("        ") or " \t" in line):
                yield f"{name}:{number}: blanks where a tab belongs"
    for name in tree.ours():
        lines = tree.text(name).count("\n")
        if lines > LINES_MAX:
            yield f"{name}: {lines} lines"


def long_files(tree):
    """Not a rule: files that should soon be parted."""
    for name in tree.ours():
        lines = tree.text(name).count("\n")
        if LINES_WISHED < lines <= LINES_MAX:
            yield f"{name}: {lines} lines (aim at {LINES_WISHED})"


def _shellcheck(tree, name):
    command = ["shellcheck", "-x", "-P", "SCRIPTDIR", "-f", "gcc"]
    if name.endswith(".bats"):
        # Each test is a subshell by design; "run --separate-stderr" assigns stderr.
        command += ["-s", "bats", "-S", "warning", "-e", "SC2030,SC2031,SC2154"]
    elif name.endswith(".bash"):
        command += ["-s", "bash"]
    done = subprocess.run(command + [name], cwd=tree.root, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.splitlines() if done.returncode != 0 else []


def shell(tree):
    """shellcheck finds nothing"""
    if shutil.which("shellcheck") is None:
        raise Skip("shellcheck is not installed")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda name: _shellcheck(tree, name), tree.shell()):
            yield from found


def python(tree):
    """Python files parse"""
    for name in tree.python():
        try:
            ast.parse(tree.text(name), name)
        except SyntaxError as e:
            yield f"{name}:{e.lineno}: {e.msg}"


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def _hosts():
    """Mirrors and registries: well-known ones, and those of this machine."""
    known = {".".join(parts) for parts in (
        ("deb", "debian", "org"), ("security", "debian", "org"), ("ftp", "debian", "org"),
        ("snapshot", "debian", "org"), ("archive", "ubuntu", "com"), ("dl-cdn", "alpinelinux", "org"),
        ("registry", "npmjs", "org"), ("registry", "yarnpkg", "com"), ("pypi", "org"),
        ("files", "pythonhosted", "org"), ("crates", "io"), ("proxy", "golang", "org"),
        ("registry-1", "docker", "io"), ("quay", "io"), ("ghcr", "io"))}
    text = ""
    for where in ("/etc/apt", "/etc/pip.conf", os.path.expanduser("~/.npmrc"),
                  os.path.expanduser("~/.config/pip/pip.conf"),
                  os.path.expanduser("~/.config/go/env"),
                  os.path.expanduser("~/.cargo/config.toml")):
        if os.path.isdir(where):
            for directory, _, files in os.walk(where):
                text += "".join(_read(os.path.join(directory, f)) for f in files
                                if f.endswith((".list", ".sources", ".conf")))
        else:
            text += _read(where)
    text += " ".join(v for k, v in os.environ.items()
                     if re.search(r"registry|index_url|goproxy|mirror", k, re.I))
    text = re.sub(r"^\s*(//|#).*$", "", text, flags=re.M)
    found = re.findall(r"\b(?:https?|ftp)://(?:[^/@\s\"']*@)?([\w.-]+\.[a-z]+)", text)
    return known | {h for h in found if h not in ("localhost", "www.debian.org")}


def places(tree):
    """no mirror, no path of this machine, no unfinished business, no foreign source"""
    home = os.path.expanduser("~")
    paths = "|".join(re.escape(p) for p in {"/" + "work", "/" + "root", home} if p != "/")
    patterns = [
        (re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, sorted(_hosts()))) + r")(?![\w-])"),
         "a mirror or registry"),
        (re.compile(rf"(?<![\w./}})-])(?:{paths})(?=[/\s\"':]|$)", re.M), "a path of this machine"),
        (re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b"), "unfinished"),
    ]
    for name in tree.files:
        if not _is_text(tree.bytes(name)):
            if not name.startswith("tests/"):
                yield f"{name}: a binary"
            continue
        text = tree.text(name)
        for pattern, what in patterns:
            for m in pattern.finditer(text):
                yield f"{name}:{line_of(text, m.start())}: {what}: {m[0]}"
    for name in tree.select("", under="vendor/"):
        if os.path.splitext(name)[1] not in ("", ".sh", ".in", ".awk", ".py", ".md"):
            yield f"{name}: vendor/ holds scripts and pins only"


def globals_(tree):
    """no variable of file or program scope changes, but for the interrupt counters"""
    objects = []
    for where, _, files in os.walk(tree.path("build")):
        if "/obj/lib/" in where + "/":
            objects += [os.path.join(where, f) for f in files if f.endswith(".o")]
    variants = {o.split("/obj/lib/")[0] for o in objects if "asan" not in o}
    if not variants:
        raise Skip("nothing is built")
    variant = max(variants, key=os.path.getmtime)
    present = {f[:-2] + ".o" for f in tree.select(".c", under="lib/")}
    chosen = [o for o in objects if o.startswith(variant + "/obj/lib/") and
              o[len(variant + "/obj/"):] in present]
    out = subprocess.run(["objdump", "-t", *sorted(chosen)], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    where = ""
    for line in out.splitlines():
        if "file format" in line:
            where = line.split(":")[0][len(variant + "/obj/"):]
            continue
        m = re.match(r"\w+ .{7} (\.(?:data|bss|tdata|tbss)(?!\.rel\.ro)\S*|\*COM\*)\t\w+ +(\S+)", line)
        if m and m[2] != m[1] and where != "lib/sys/interrupt.o":
            yield f"{where[:-2]}.c: {m[2]} can change"


def generated(tree):
    """the completion files are what the program prints"""
    program = tree.path("teamcache")
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        raise Skip("./teamcache is not built")
    files = {"bash": "completions/teamcache.bash", "zsh": "completions/_teamcache",
             "fish": "completions/teamcache.fish"}
    for name, file in files.items():
        done = subprocess.run([program, "completion", name], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.returncode != 0 or file not in tree.files or tree.bytes(file) != done.stdout:
            yield f"{file}: is not what 'teamcache completion {name}' prints: make completions"


RULES = {
    "includes": includes, "vendored": vendored, "headers": headers, "banned": banned, "shape": shape,
    "names": names, "prototypes": prototypes, "layout": layout, "globals": globals_, "shell": shell,
    "python": python, "places": places, "generated": generated,
}
