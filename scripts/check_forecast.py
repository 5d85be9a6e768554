#!/usr/bin/env python3
"""Compares what bin/zellige says of memory and time beforehand with what it takes; prints a table. Needs Linux.

Memory is the peak of the whole process (ru_maxrss) against the first line on standard error. Time is what the second
iteration says is left, from there, against the clock. The machine should be quiet for the time.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PICTURES = REPOSITORY / "testdata/pictures"
CONTENT, STYLE = PICTURES / "lion.png", PICTURES / "great-wave.png"
LIMIT = 0.15  # of memory, as docs/reliability.md promises

TRANSFER = ["transfer", "--content", CONTENT, "--style", STYLE]
INVERT = ["invert", "--content", CONTENT]
LAB, FEW = TRANSFER + ["--preset", "lab"], ["--style-size", 64, "--iterations", 2]
MEMORY = (
    [LAB + ["--image-size", size] + FEW for size in (128, 256, 384, 512, 768, 1024)]
    + [LAB + ["--image-size", size, "--piece", piece] + FEW
       for size, piece in ((1536, 1 << 18), (1536, 1 << 20), (2048, 1 << 20), (3072, 3 << 19))]
    + [LAB + ["--style-size", 1024, "--iterations", 2]]
    + [TRANSFER + ["--image-size", size, "--iterations", 42] for size in (256, 512, 1024)]  # as many as L-BFGS remembers
    + [INVERT + ["--image-size", size, "--iterations", 2] for size in (256, 512, 1024)]
)
TIME = [
    LAB,
    LAB + ["--image-size", 512, "--iterations", 60],
    LAB + ["--image-size", 1024, "--iterations", 20],
    TRANSFER + ["--quality", "draft"],
    TRANSFER + ["--iterations", 120],
    INVERT,
    INVERT + ["--image-size", 512, "--iterations", 60],
]

UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def seconds(text):
    """Of Go's 1h2m3s, or 4.1 s."""
    numbers = dict((unit, float(number)) for number, unit in re.findall(r"([0-9.]+) ?([hms])", text))
    return 3600 * numbers.get("h", 0) + 60 * numbers.get("m", 0) + numbers.get("s", 0)


def paint(arguments, output):
    """The process's peak and the foreseen one, in bytes, and the real and the foreseen seconds since the second iteration."""
    command = [REPOSITORY / "bin/zellige", *map(str, arguments), "--output", output]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    memory = left = None
    for line in process.stderr:
        if found := re.search(r"with about ([0-9.]+) (\S+) of memory", line):
            memory = float(found[1]) * UNITS[found[2]]
        if line.startswith("zellige: iteration 2/"):
            began = time.monotonic()
            left = seconds(found[1]) if (found := re.search(r", (\S+(?: s)?) left$", line)) else 0
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} failed")
    return usage.ru_maxrss * 1024, memory, time.monotonic() - began, left


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["memory", "time"], help="otherwise both")
    only = parser.parse_args().only
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "picture.png"
        if only != "time":
            print("| | peak, MB | foreseen, MB | off by |\n| --- | --- | --- | --- |")
        for arguments in MEMORY if only != "time" else []:
            peak, foreseen, _, _ = paint(arguments, output)
            off = foreseen / peak - 1
            wrong += abs(off) > LIMIT
            print(f"| {told(arguments)} | {peak / 1e6:.0f} | {foreseen / 1e6:.0f} | {off:+.0%} |", flush=True)
        if only != "memory":
            print("| | s | foreseen, s | off by |\n| --- | --- | --- | --- |")
        for arguments in TIME if only != "memory" else []:
            _, _, real, left = paint(arguments, output)
            print(f"| {told(arguments)} | {real:.1f} | {left:.1f} | {left / real - 1:+.0%} |", flush=True)
    sys.exit(1 if wrong else 0)


def told(arguments):
    return " ".join(str(a) for a in arguments if a not in (CONTENT, STYLE, "--content", "--style"))


if __name__ == "__main__":
    main()
