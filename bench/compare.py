#!/usr/bin/env python3
"""Runs zellige and the same job in PyTorch side by side and prints who is how fast and how large.

Every figure comes from processes of its own, one after another in rounds that start with another side each time, so that
a machine that gets slower or faster meanwhile does so for all. Ratios are given by medians and by minima.
"""

import argparse
import json
import pathlib
import sys

import commands
import huge
import idle
import memory
import painting
import passes
import process
import processor
import scaling
import steps
import vgg
from sides import BENCH, OUT, REPOSITORY, SQUEEZENET, Job, NotTheSameJobError

PICTURES = REPOSITORY / "testdata/pictures"
PARTS = {"steps": steps, "commands": commands, "memory": memory, "scaling": scaling, "passes": passes, "paint": painting, "vgg": vgg, "huge": huge}
ASKED = ("passes", "paint", "vgg", "huge")  # measured only when asked for, they take long


def main():
    arguments = parse_arguments()
    job = Job(arguments.content, arguments.style, arguments.threads)
    painting.SIZE = arguments.paint_size
    OUT.mkdir(parents=True, exist_ok=True)
    if arguments.avx2 and processor.kind() == processor.WIDE:
        processor.narrow(OUT)
    process.run(sys.executable, BENCH / "network.py", OUT / f"{SQUEEZENET}.pt")
    results = {}
    try:
        if not arguments.busy:
            idle.check()
        print(f"{processor.describe()}, {steps.square_rate(job)} GFLOP/s by {job.threads} threads; "
              f"{job.content.name} as {job.style.name}, {arguments.rounds} rounds", flush=True)
        for part in arguments.parts:
            results[part] = PARTS[part].measure(job, arguments.rounds)
            (OUT / "results.json").write_text(json.dumps(results, indent=1))
            print("\n" + PARTS[part].table(results[part], results), flush=True)
    except (process.CommandError, NotTheSameJobError, idle.BusyError) as error:
        sys.exit(f"compare.py: {error}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--content", type=pathlib.Path, default=PICTURES / "lion.png")
    parser.add_argument("--style", type=pathlib.Path, default=PICTURES / "great-wave.png")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--huge", action="store_true", help="also paint 4096x4096 and 8192x8192 pixels in 4 GiB: half an hour")
    parser.add_argument("--paint", action="store_true", help="also paint with the preset paint: twenty minutes")
    parser.add_argument("--avx2", action="store_true", help="hide the processor's AVX-512 from all programs (Linux)")
    parser.add_argument("--busy", action="store_true", help="measure although other programs are running")
    parser.add_argument("--paint-size", type=int, default=painting.SIZE, help="shorter side of what the part paint paints, in pixels")
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="measure only these")
    arguments = parser.parse_args()
    arguments.parts = arguments.parts or [part for part in PARTS if part not in ASKED or getattr(arguments, part, False)]
    return arguments


if __name__ == "__main__":
    main()
