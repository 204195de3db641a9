"""Looks at pages in Chromium, by ChromeDriver's own protocol; prints TAP.

    page.py SCREENSHOT-DIR PAGE...

Each page at the width of a phone and of a desk, light, dark and printed:
nothing wider than the window, nothing on the console, nothing fetched.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

WIDTHS = {"phone": 360, "desk": 1280}
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars",
]
# What the page itself says of how it came out.
PROBE = """
const all = [...document.querySelectorAll('body *')];
const wide = all.filter(e => !e.closest('svg') &&
    e.getBoundingClientRect().right > innerWidth + 0.5);
return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    wide: wide.map(e => e.tagName + ' ' + e.className).slice(0, 5),
    scripts: document.scripts.length,
    handlers: all.filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
    fetched: performance.getEntriesByType('resource').length,
    columns: document.querySelectorAll('.plot rect').length,
    dashed: getComputedStyle(document.querySelector('rect.next')).strokeDasharray,
    paper: getComputedStyle(document.body).backgroundColor,
    height: document.documentElement.scrollHeight,
};
"""


class Driver:
    """ChromeDriver with one session."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.base = None
        for line in self.process.stdout:
            if "started successfully on port" in line:
                self.base = "http://127.0.0.1:" + line.strip().rstrip(".").split()[-1]
                break
        options = {
            "binary": "/usr/bin/chromium",
            "args": ARGUMENTS + ["--user-data-dir=" + tempfile.mkdtemp()],
        }
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": options,
        }}})
        self.base += "/session/" + session["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.load(answer)["value"]

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute",
                         {"cmd": command, "params": parameters})

    def window(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=False)

    def media(self, medium, scheme):
        self.devtools("Emulation.setEmulatedMedia", media=medium, features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def probe(self):
        return self.call("POST", "/execute/sync", {"script": PROBE, "args": []})

    def stop(self):
        try:
            self.call("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()


class Tap:
    """Counts what it prints."""

    def __init__(self):
        self.run = self.failed = 0

    def ok(self, passed, name, detail=""):
        self.run += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.run} - {name}", flush=True)
        if not passed:
            print(f"#   {detail}")


def look_at(driver, tap, page, shots):
    name = os.path.basename(page).removesuffix(".html")
    papers = {}
    for place, width in WIDTHS.items():
        for medium, scheme in (("", "light"), ("", "dark"), ("print", "light")):
            what = f"{name}, {place}, {medium or scheme}"
            driver.window(width, 800)
            driver.media(medium, scheme)
            driver.call("POST", "/url", {"url": "file://" + page})
            seen = driver.probe()
            tap.ok(seen["overflow"] <= 0 and not seen["wide"],
                   f"{what}: nothing is wider than the window", seen)
            if not medium:
                papers[scheme] = seen["paper"]
            driver.window(width, seen["height"])
            picture = driver.devtools("Page.captureScreenshot", format="png")["data"]
            file = os.path.join(shots, f"{name}-{place}-{medium or scheme}.png")
            with open(file, "wb") as out:
                out.write(base64.b64decode(picture))
    tap.ok(seen["scripts"] == 0 and seen["handlers"] == 0, f"{name}: no script", seen)
    tap.ok(seen["fetched"] == 0, f"{name}: nothing is fetched", seen)
    tap.ok(seen["columns"] == 20 + 12, f"{name}: a column a day, and the forecast's", seen)
    tap.ok("px" in seen["dashed"], f"{name}: the forecast is dashed", seen)
    tap.ok(papers["light"] != papers["dark"], f"{name}: light and dark differ", papers)
    messages = driver.call("POST", "/se/log", {"type": "browser"})
    tap.ok(not messages, f"{name}: nothing on the console", messages)


def main():
    shots, pages = sys.argv[1], sys.argv[2:]
    tap = Tap()
    driver = Driver()
    try:
        for page in pages:
            look_at(driver, tap, page, shots)
    finally:
        driver.stop()
    print(f"1..{tap.run}")
    sys.exit(1 if tap.failed or not tap.run else 0)


main()
