#!/usr/bin/env python3
"""lint.py [--root DIR] [RULE...]: check the rules that no compiler knows; one line a rule."""
import argparse
import os
import sys

import rules
from source import Tree


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    parser.add_argument("rule", nargs="*", metavar="RULE", help=", ".join(rules.RULES))
    options = parser.parse_args()
    for name in options.rule:
        if name not in rules.RULES:
            parser.error(f"no rule '{name}'")
    tree = Tree(os.path.realpath(options.root))
    passed = failed = skipped = 0
    for name in options.rule or rules.RULES:
        rule = rules.RULES[name]
        try:
            found = list(rule(tree))
        except rules.Skip as why:
            print(f"skip {name}: {why}")
            skipped += 1
            continue
        print(f"{'FAIL' if found else 'ok  '} {name}: {rule.__doc__}")
        for text in found:
            print(f"     {text}")
        failed += bool(found)
        passed += not found
    if not options.rule:
        for text in rules.long_files(tree):
            print(f"warn {text}")
    print(f"lint: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed + skipped == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
