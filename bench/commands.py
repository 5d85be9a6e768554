"""The whole command: from picture files to a picture file, start of the process included."""

import sys

import process
from sides import EAGER, FUSED, OUT, TUNED, ZELLIGE, rotated
from tables import markdown, middle_and_least, ratio

SIZE, ITERATIONS = 192, 200
SIDES = [EAGER, TUNED, FUSED, ZELLIGE]  # not compiled: that alone takes longer than all the rest
WANTED = {EAGER.name: "2.2"}
IMPORT = "import torch"


def measure(job, rounds):
    """{side: [seconds, ...]}; files are in the page cache from the second round on, as they are for users."""
    seconds = {name: [] for name in [*(side.name for side in SIDES), IMPORT]}
    for sides in rotated(SIDES, rounds):
        for side in sides:
            seconds[side.name].append(side.command(job, SIZE, ITERATIONS, OUT / "command.png").seconds)
        seconds[IMPORT].append(process.run(sys.executable, "-c", IMPORT).seconds)
    return seconds


def table(result, _):
    header = [f"whole command, {ITERATIONS} iterations at {SIZE}", "s (median / minimum)", "zellige is faster, times"]
    rows = [[side.name, middle_and_least(result[side.name]), ratio(result[side.name], result[ZELLIGE.name], WANTED.get(side.name))]
            for side in SIDES[:-1]]
    rows.append([ZELLIGE.name, middle_and_least(result[ZELLIGE.name]), ""])
    rows.append([f"of PyTorch's, `{IMPORT}`", middle_and_least(result[IMPORT]), ""])
    return markdown(header, rows)
