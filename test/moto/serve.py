"""Runs moto's server until standard input closes, so that it never outlives the tests."""

import os
import sys
import threading

from moto.server import main


def leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=leave_with_parent, daemon=True).start()
main(sys.argv[1:])
