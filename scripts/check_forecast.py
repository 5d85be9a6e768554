#!/usr/bin/env python3
"""Compares what bin/zellige says of memory and time beforehand with what it takes; prints a table. Needs Linux.

Both are foreseen in the first line on standard error. Memory is compared with the peak of the whole process (ru_maxrss),
time with the clock from that line to the end. The machine should be quiet for the time: the last column says how busy other
programs kept the processors meanwhile. Where they did, --threads 1 compares with the processor time, which includes the
start. Rounds alternate between the settings.
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
SYNTHESIZE = ["synthesize", "--style", STYLE]
GRAM = TRANSFER + ["--preset", "gram"]
OTHER_STYLE, SEARCHED_TWICE = PICTURES / "starry-night.jpg", ["--scales", 1, "--iterations", 12]  # in the second pass
LAB, FEW = TRANSFER + ["--preset", "lab"], ["--style-size", 64, "--iterations", 2]
MEMORY = (
    [LAB + ["--image-size", size] + FEW for size in (128, 256, 384, 512, 768, 1024)]
    + [LAB + ["--image-size", size, "--piece", piece] + FEW
       for size, piece in ((1536, 1 << 18), (1536, 1 << 20), (2048, 1 << 20), (3072, 3 << 19))]
    + [LAB + ["--style-size", 1024, "--iterations", 2]]
    + [GRAM + ["--image-size", size, "--iterations", 42] for size in (256, 512, 1024)]  # as many as L-BFGS remembers
    + [TRANSFER + ["--image-size", size, *SEARCHED_TWICE] for size in (128, 256, 512, 1024)]
    + [TRANSFER + ["--style", OTHER_STYLE, "--image-size", 512, *SEARCHED_TWICE]]
    + [TRANSFER + ["--image-size", 512, "--style-scale", 2, *SEARCHED_TWICE]]
    + [INVERT + ["--image-size", size, "--iterations", 2] for size in (256, 512, 1024)]
)
TIME = [
    LAB,
    LAB + ["--image-size", 512, "--iterations", 60],
    LAB + ["--image-size", 1536, "--iterations", 8],
    TRANSFER + ["--quality", "draft"],
    TRANSFER,
    GRAM + ["--quality", "draft"],
    GRAM,
    GRAM + ["--image-size", 1024, "--iterations", 100],
    SYNTHESIZE + ["--size", "512x384", "--iterations", 100],
    INVERT,
    INVERT + ["--image-size", 512, "--iterations", 60],
]

UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def seconds(text):
    """Of Go's 1h2m3s, or 4.1 s."""
    numbers = dict((unit, float(number)) for number, unit in re.findall(r"([0-9.]+) ?([hms])", text))
    return 3600 * numbers.get("h", 0) + 60 * numbers.get("m", 0) + numbers.get("s", 0)


def busy():
    """The seconds that all processors together have worked."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, open("/proc/stat").readline().split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def paint(arguments, output):
    """The peak and the foreseen one, in bytes; the real, the processors' and the foreseen seconds; the share of others."""
    command = [REPOSITORY / "bin/zellige", *map(str, arguments), "--output", output]
    began, busy_before = time.monotonic(), busy()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if found := re.search(r"with about ([0-9.]+) (\S+) of memory, in about (.*)$", line):
            memory, foreseen, painting = float(found[1]) * UNITS[found[2]], seconds(found[3]), time.monotonic()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} failed")
    ended = time.monotonic()
    worked = usage.ru_utime + usage.ru_stime
    others = (busy() - busy_before - worked) / (ended - began) / os.cpu_count()
    return usage.ru_maxrss * 1024, memory, ended - painting, worked, foreseen, others


def check_memory(output, more):
    """Prints the table and returns how many peaks are too far from the forecast."""
    wrong = 0
    print("| | peak, MB | foreseen, MB | off by |\n| --- | --- | --- | --- |")
    for arguments in MEMORY:
        peak, foreseen, *_ = paint(arguments + more, output)
        off = foreseen / peak - 1
        wrong += abs(off) > LIMIT
        print(f"| {told(arguments)} | {peak / 1e6:.0f} | {foreseen / 1e6:.0f} | {off:+.0%} |", flush=True)
    return wrong


def check_time(output, rounds, more):
    print("| | s | processor s | foreseen, s | off by | others |\n| --- | --- | --- | --- | --- | --- |")
    for arguments in TIME * rounds:
        _, _, real, worked, foreseen, others = paint(arguments + more, output)
        off = foreseen / real - 1
        print(f"| {told(arguments)} | {real:.1f} | {worked:.1f} | {foreseen:.1f} | {off:+.0%} | {others:.0%} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["memory", "time"], help="otherwise both")
    parser.add_argument("--rounds", type=int, default=1, help="of the time")
    parser.add_argument("--threads", type=int, default=0, help="for the time, as of zellige")
    parser.add_argument("--operators", default="standard", help="as of zellige")
    chosen = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "picture.png"
        if chosen.only != "time":
            wrong = check_memory(output, ["--operators", chosen.operators])
        if chosen.only != "memory":
            check_time(output, chosen.rounds, ["--threads", chosen.threads, "--operators", chosen.operators])
    sys.exit(1 if wrong else 0)


def told(arguments):
    return " ".join(str(a) for a in arguments if a not in (CONTENT, STYLE, "--content", "--style"))


if __name__ == "__main__":
    main()
