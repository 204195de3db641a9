"""Ends this process when the process that asked for it is gone."""

import os
import threading
import time


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def follow(owner, on_end=lambda: None):
    """Watches OWNER (0: nobody) in a thread; calls on_end, then exits."""
    if not owner:
        return

    def watch():
        while is_alive(owner):
            time.sleep(0.5)
        on_end()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
