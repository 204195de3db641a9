#!/usr/bin/env python3
"""cases.py DIR: self-test.sh's cases, each DIR/N with tree/, rule and want (a part of a finding; empty: none)."""
import os
import sys

import rules
from source import Tree


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read().strip()


def run(case):
    """What is wrong with a rule's findings in a case: "" when nothing is, None when it cannot run here."""
    rule, want = read(case, "rule"), read(case, "want")
    try:
        found = list(rules.RULES[rule](Tree(os.path.join(case, "tree"))))
    except rules.Skip as why:
        print(f"lint self-test: skip {rule}: {why}")
        return None
    if want and not any(want in text for text in found):
        return f"rule {rule}: found {found}, not '{want}'"
    if not want and found:
        return f"rule {rule}: found {found} in a sound tree"
    return ""


def main():
    cases = sorted(os.scandir(sys.argv[1]), key=lambda entry: entry.name)
    results = [run(entry.path) for entry in cases]
    wrong = [text for text in results if text]
    skipped = results.count(None)
    for text in wrong:
        print(f"lint self-test: {text}")
    print(f"lint self-test: {len(cases) - len(wrong) - skipped} passed, {len(wrong)} failed, {skipped} skipped")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
