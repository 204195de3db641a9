"""The tree that is checked, and C text seen as the rules need it."""
import os
import re
import subprocess

ROOMS = ["base", "codec", "sys", "net", "aws", "creds", "cache", "diag", "cmd"]
# Inputs of fuzz targets are bytes, whatever they look like.
BYTES = "tests/fuzz/corpus/"
SKIPPED = {".git", "build", "__pycache__"}


class Tree:
    """The project's files below a root, as paths relative to it."""

    def __init__(self, root):
        self.root = root
        self.files = sorted(self._list())
        self._text = {}

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            out = subprocess.run(
                ["git", "-C", self.root, "ls-files", "-z", "-co", "--exclude-standard"],
                check=True, stdout=subprocess.PIPE).stdout.decode()
            return [f for f in out.split("\0") if f and not f.startswith(BYTES)
                    and os.path.isfile(self.path(f))]
        found = []
        for where, directories, names in os.walk(self.root):
            directories[:] = [d for d in directories if d not in SKIPPED]
            found += [os.path.relpath(os.path.join(where, n), self.root) for n in names]
        return found

    def path(self, name):
        return os.path.join(self.root, name)

    def bytes(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def text(self, name):
        if name not in self._text:
            self._text[name] = self.bytes(name).decode("utf-8", "replace")
        return self._text[name]

    def select(self, *endings, under=""):
        return [f for f in self.files if f.endswith(endings) and f.startswith(under)]

    def ours(self):
        """C that is part of the product."""
        return self.select(".c", ".h", under="lib/") + self.select("teamcache.c")[-1:]

    def shell(self):
        """Shell programs and libraries: by name, or by their first line."""
        found = []
        for name in self.files:
            if name.endswith((".sh", ".bash", ".bats")):
                found.append(name)
            elif "." not in os.path.basename(name) or name == ".ci/run":
                if re.match(rb"#!.*\b(sh|bash)\b", self.bytes(name)[:64]):
                    found.append(name)
        return found

    def python(self):
        found = self.select(".py")
        for name in self.files:
            if "." not in os.path.basename(name) and \
                    re.match(rb"#!.*\bpython3?\b", self.bytes(name)[:64]):
                found.append(name)
        return found


def room_of(name):
    part = name.split("/")
    return part[1] if len(part) == 3 and part[0] == "lib" else None


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments become blanks; lines stay where they are."""
    return TOKEN.sub(lambda m: _blank(m[0]) if m[0][0] == "/" else m[0], text)


def code_only(text):
    """Strings and characters are emptied, too."""
    def replace(m):
        return _blank(m[0]) if m[0][0] == "/" else m[0][0] + _blank(m[0][1:-1]) + m[0][0]
    return TOKEN.sub(replace, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


DEFINITION = re.compile(r"^(?P<type>[a-z][^\n;{}()=]*)\n(?P<name>[a-z]\w*)\((?P<args>[^;{]*)\)\s*\n\{",
                        re.M)
ONE_LINE_DEFINITION = re.compile(r"^(?!static inline)[a-z][\w \t*]*?[ *](\w+)\([^;{}]*\)\s*\{", re.M)
DATA = re.compile(r"^(?!static|extern|typedef|return)(?:const )?[a-z][\w \t]*?[ *](\w+)(?:\[[^\]]*\])*"
                  r"(?: =|;)", re.M)


def exported_functions(code):
    """(name, line) of each function that is not static."""
    for m in DEFINITION.finditer(code):
        if "static" not in m["type"].split():
            yield m["name"], line_of(code, m.start("name"))


def exported_data(code):
    for m in DATA.finditer(code):
        if not re.match(r"(struct|enum|union)\s+\w+\s*;", m[0]):
            yield m[1], line_of(code, m.start())
