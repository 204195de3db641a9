"""A stand-in for AWS: moto's S3, STS and IAM, and a Cost Explorer.

usage: server.py --run-dir=DIR [--port=N] [--owner=PID] --access-key=... ...

The port that is opened first is the main lane. A test opens a lane of its own
(POST /_test/lanes), so that counts, settings and canned answers are its own.
When it is ready, DIR/result holds KEY=VALUE lines. README.md has the controls.
"""

import argparse
import itertools
import os
import pathlib
import sys
import threading

os.environ["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = str(16 * 1024 * 1024)
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))

import front  # noqa: E402
import owner  # noqa: E402
import patches  # noqa: E402
import principals  # noqa: E402
from lane import Controls, Lane  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)


class StandIn:
    def __init__(self, run_dir):
        self._run_dir = run_dir
        self._moto_app = DomainDispatcherApplication(create_backend_app)
        self._controls = Controls(self.open_lane, self.close_lane)
        self._numbers = itertools.count(1)
        self._servers = {}
        self._lock = threading.Lock()

    def open_lane(self, port=0):
        with self._lock:
            name = f"lane-{next(self._numbers)}"
        log_path = self._run_dir / f"requests-{name}.jsonl"
        lane = Lane(name, self._moto_app, log_path)
        server = front.Server(port, lane, self._controls)
        with self._lock:
            self._servers[name] = server
        server.start()
        return {"lane": name, "url": server.url(), "log": str(log_path)}

    def close_lane(self, name):
        with self._lock:
            server = self._servers.pop(name)
        server.shutdown()
        server.server_close()
        server.lane.log.close()
        return {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--owner", type=int, default=0)
    parser.add_argument("--account", required=True)
    parser.add_argument("--access-key", required=True)
    parser.add_argument("--secret-key", required=True)
    options = parser.parse_args()

    owner.follow(options.owner)
    patches.apply()
    principals.create(
        "admin", options.access_key, options.secret_key, options.account
    )
    main_lane = StandIn(options.run_dir).open_lane(options.port)
    result = options.run_dir / "result"
    draft = result.with_suffix(".new")
    draft.write_text(
        f"AWS_URL={main_lane['url']}\n"
        f"REQUEST_LOG={main_lane['log']}\n"
        f"ACCOUNT={options.account}\n"
        f"ACCESS_KEY={options.access_key}\n"
        f"SECRET_KEY={options.secret_key}\n"
    )
    draft.rename(result)
    threading.Event().wait()


main()
