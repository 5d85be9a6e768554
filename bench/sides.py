"""The programs that are compared, and how each is asked for the same job."""

import pathlib
import sys
from typing import NamedTuple

import process
import processor

BENCH = pathlib.Path(__file__).resolve().parent
REPOSITORY = BENCH.parent
OUT = REPOSITORY / "out/bench"
SQUEEZENET = "squeezenet1_1"  # the network in the program


class Job(NamedTuple):
    """The lab's job: its parameters are the defaults of every side, but for those of objective."""

    content: pathlib.Path
    style: pathlib.Path
    threads: int
    network: str = SQUEEZENET
    objective: dict = {}

    def flags(self, dashes, size, iterations):
        """The flags that all sides share; Go's flag package writes them with one dash as well."""
        return flags(dashes, {"content": self.content, "style": self.style, "threads": self.threads,
                              "image-size": size, "iterations": iterations} | self.objective)

    def model(self, dashes):
        """zellige's flag of the network, if it is not the one in the program."""
        return [] if self.network == SQUEEZENET else [dashes + "model", OUT / f"{self.network}.onnx"]


def flags(dashes, values):
    return [part for name, value in values.items() for part in (dashes + name, value)]


class PyTorch(NamedTuple):
    name: str
    options: tuple = ()
    environment: dict = {}

    def steps(self, job, size, iterations):
        """Runs the loop; its report is JSON."""
        return self.run(job, size, iterations, "--json")

    def command(self, job, size, iterations, output):
        """Runs the job from picture files to a picture file."""
        return self.run(job, size, iterations, "--output", output)

    def run(self, job, size, iterations, *options):
        return process.run(sys.executable, BENCH / "lab.py", "--network", job.network, "--weights", OUT / f"{job.network}.pt",
                           *job.flags("--", size, iterations), *self.options, *options, environment=self.environment)


FUSED_OPERATORS = ["--operators", "fused"]  # zellige's flag of its own operators


class Zellige(NamedTuple):
    name: str = "zellige"
    fused: bool = False  # its own operators, of the network in the program

    def steps(self, job, size, iterations, *preset):
        """Runs the loop, the lab's or that of a preset; its report is JSON."""
        model = ["-model", REPOSITORY / f"models/{SQUEEZENET}_fused.onnx"] if self.fused else job.model("-")
        return process.run(OUT / "step", *preset, *model, *job.flags("-", size, iterations))

    def command(self, job, size, iterations, output, *options):
        """Runs the job from picture files to a picture file."""
        return process.run(REPOSITORY / "bin/zellige", "transfer", "--preset", "lab", "--quiet", "--output", output,
                           *job.model("--"), *(FUSED_OPERATORS if self.fused else []), *job.flags("--", size, iterations), *options)


ALLOCATOR, TUNED_BY = processor.allocator()
EAGER = PyTorch("PyTorch eager")
CHANNELS_LAST = PyTorch("PyTorch channels_last", ("--channels-last",))
TUNED = PyTorch(f"PyTorch channels_last, {ALLOCATOR}", ("--channels-last",), TUNED_BY)
COMPILED = PyTorch(f"PyTorch compiled, {ALLOCATOR}", ("--channels-last", "--compile"), TUNED_BY)
ZELLIGE = Zellige()
FUSED = Zellige("zellige, fused operators", fused=True)
PEERS = [EAGER, CHANNELS_LAST, TUNED, COMPILED]


def rotated(sides, rounds):
    """All sides in each round, every time starting with the next one."""
    for r in range(rounds):
        first = r % len(sides)
        yield sides[first:] + sides[:first]


class NotTheSameJobError(Exception):
    """Says how two sides differ."""
