"""Runs one command after another and says how long each took and how much memory it had."""

import json
import os
import subprocess
import sys
import time
from typing import NamedTuple

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


class Finished(NamedTuple):
    began: float  # seconds since 1970
    seconds: float  # from the start of the process to its end
    peak: int  # largest resident memory, in bytes
    output: str

    def json(self):
        return json.loads(self.output)


class CommandError(Exception):
    """Says which command failed."""


def run(*command, environment={}):
    """Runs a command to its end, with more environment; what it says on standard error is passed on."""
    command = [str(part) for part in command]
    began, clock = time.time(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - clock
    if process.returncode != 0:
        raise CommandError(f"exit code {process.returncode} from: {' '.join(command)}")
    return Finished(began, seconds, usage.ru_maxrss * MAXRSS_UNIT, output)
