#!/usr/bin/env python3
"""drift.py ROOT PROGRAM: what the tables in ROOT/lib say of commands, options and settings, against what is written or
taken elsewhere: --help, the man page, the three completions, the parser. A line for each difference; 1 when there is one."""
import glob
import os
import re
import subprocess
import sys

ROOT, PROGRAM = sys.argv[1:3]
ROW = re.compile(r'\{ (OPTION_[A-Z_]+), "([a-z-]+)", (0|\'(.)\'), (OPTION_KIND_[A-Z]+)')
BLOCK = re.compile(r"static const enum option_id options\[\] = \{([^}]*)\}")
found = 0


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def run(*words):
    """stdout, stderr"""
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout, done.stderr


def compare(what, want, got):
    global found
    for missing in sorted(set(want) - set(got)):
        print(f"{what}: '{missing}' of the table is missing")
        found = 1
    for more in sorted(set(got) - set(want)):
        print(f"{what}: '{more}' is in no table")
        found = 1


def tables():
    """Words of each option by its id; ids that every command has; commands with their own ids; settings."""
    options, order, commands = {}, [], {}
    for name, long, _, letter, kind in ROW.findall(read("lib/cmd/option_spec.c")):
        options[name] = ["--" + long] + (["-" + letter] if letter else []), kind
        order.append(name)
    common = order[:order.index("OPTION_VERSION") + 1]
    for path in glob.glob(os.path.join(ROOT, "lib/cmd/*.c")):
        text = read(path)
        entry = re.search(r'const struct command command_\w+ = \{\s*\.name = "([a-z-]+)"', text)
        if entry:
            block = BLOCK.search(text)
            commands[entry[1]] = re.findall(r"OPTION_[A-Z_]+", block[1]) if block else []
    settings = re.findall(r'SETTING\([A-Z_]+, "([a-z_]+)"\)', read("lib/cache/config_table.c"))
    return options, common, commands, settings


def variables():
    """The table of our variables that are no settings, and those that the code names."""
    table = "lib/cache/variable.c"
    named = set()
    for path in glob.glob(os.path.join(ROOT, "lib/*/*.c")):
        if not path.endswith((table, "lib/cmd/topic.c")):
            named |= set(re.findall(r'"(TEAMCACHE_[A-Z_]+)"', read(path)))
    return re.findall(r'"(TEAMCACHE_[A-Z_]+)"', read(table)), named


def words_of(options, ids):
    return [word for name in ids for word in options[name][0]]


def in_help(text):
    return re.findall(r"^ +(?:(-\w), |    )(--[a-z-]+)", text, re.M)


def flat(pairs):
    return [word for pair in pairs for word in pair if word]


def in_man(text):
    words = []
    for line in re.findall(r"^\.It (Fl .*)", text.replace("\\-", "-"), re.M):
        words += ["-" + word for word in re.findall(r"Fl (-?[\w-]+)", line)]
    return words


def section(text, begin, end):
    """What stands between a line `begin` and the next one that is like `end`."""
    at = re.search(r"^" + re.escape(begin) + r"$", text, re.M)
    rest = text[at.end() + 1:] if at else ""
    return re.split(end, rest, maxsplit=1, flags=re.M)[0]


def in_bash(text, command):
    line = re.search(rf"^\t{command}\) printf '%s\\n' (-.*) ;;$", text, re.M)
    return line[1].split() if line else []


def in_zsh(block):
    return re.findall(r"^\t\t'(?:\*|\([^)]*\))?(--?\w[\w-]*?)(?=[=+[])", block, re.M)


def in_fish(text, condition):
    words = []
    for line in re.findall(rf"^complete -c teamcache{condition} (-[sl] .*)", text, re.M):
        words += ["-" + s for s in re.findall(r"^-s (\w)", line)]
        words += ["--" + s for s in re.findall(r"^(?:-s \w )?-l ([\w-]+)", line)]
    return words


def takes(command, word, flag):
    """Is that an option for the parser? What stands behind it never is, so that nothing is done."""
    given = [word] if flag else [word + "=x"] if word.startswith("--") else [word, "x"]
    said = run(command, *given, "--no-such-option")[1]
    return f"unknown option '{word}'" not in said and f"has no option '{word}'" not in said


def check_parser(command, options, ids, others):
    """The parser takes what is the command's, and not the first one that is not."""
    alien = [name for name in others if name not in ids][:1]
    taken = [word for name in ids + alien for word in options[name][0]
             if takes(command, word, options[name][1].endswith("FLAG"))]
    compare(f"what '{command}' takes", words_of(options, ids), taken)


def main():
    options, common, commands, settings = tables()
    man = run("help", "--man")[0]
    manual = section(man, ".Sh COMMANDS", r"^\.Sh ").replace("\\-", "-")
    bash, zsh, fish = (run("completion", shell)[0] for shell in ("bash", "zsh", "fish"))
    every = words_of(options, common)
    overview = run("help")[0]
    compare("commands of help", commands, re.findall(r"^  ([a-z-]+)  ", section(overview, "Commands", r"^$"), re.M))
    compare("commands of the man page", commands, re.findall(r"^\.Ss ([a-z-]+)", manual, re.M))
    compare("common options of the man page", every, in_man(section(man, ".Sh DESCRIPTION", r"^\.Sh ")))
    compare("common options of zsh", every, in_zsh(section(zsh, "\targuments=(", r"^\t\)")))
    compare("common options of fish", every, in_fish(fish, ""))
    last = [line for line in re.findall(r"printf '%s\\n' (-.*)$", bash, re.M) if "--profile" in line]
    compare("common options of bash", every, last[0].split() if last else [])
    for command, ids in commands.items():
        own = words_of(options, ids)
        compare(f"'help {command}'", own + every, flat(in_help(run("help", command)[0])))
        compare(f"'{command}' in the man page", own, in_man(section(manual, ".Ss " + command, r"^\.Ss ")))
        compare(f"'{command}' in bash", own, in_bash(bash, command))
        compare(f"'{command}' in zsh", own, in_zsh(section(zsh, f"\t{command})", r";;$")))
        compare(f"'{command}' in fish", own, in_fish(fish, f" -n '__fish_seen_subcommand_from {command}'"))
        check_parser(command, options, ids, [name for name in options if name not in common])
    own, named = variables()
    compare("variables that the code names", own, named)
    environment = section(man, ".Sh ENVIRONMENT", r"^\.Sh ")
    compare("variables of help", own, re.findall(r"TEAMCACHE_[A-Z_]*[A-Z]", run("help", "environment")[0]))
    compare("variables of the man page", own, re.findall(r"^\.It Ev (TEAMCACHE_[A-Z_]+)", environment, re.M))
    compare("settings of help", settings, re.findall(r"^  ([a-z_]+)(?:  |$)", run("help", "settings")[0], re.M))
    compare("settings of the man page", settings,
            re.findall(r"^\.It Ic ([a-z_]+)", section(man, ".Sh SETTINGS", r"^\.Sh "), re.M))
    compare("settings of zsh", settings, re.search(r"'\*:settings:\(([^)]*)\)'", zsh)[1].split())
    compare("settings of bash", settings, re.search(r"config:\*\) _teamcache_reply \"\$3\" \$'([^']*)'", bash)[1].split("\\n"))
    compare("settings of fish", settings, re.findall(r"-a '(team_cache [^']*)'", fish)[0].split())
    print(f"{len(commands)} commands, {len(options)} options, {len(settings)} settings")
    return found


if __name__ == "__main__":
    sys.exit(main())
