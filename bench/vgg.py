"""VGG-19 with random weights, as scripts/export_network.py exports it, and the same in PyTorch: a step, and peak memory.

The layers are those of Gatys et al. 2016: content of relu4_2, style of relu1_1 to relu5_1. The weights of the losses are round
numbers that make the terms alike with these features.
"""

import sys

import memory
import process
import steps
from sides import BENCH, CHANNELS_LAST, EAGER, OUT, REPOSITORY, ZELLIGE
from tables import markdown, middle_and_least

NETWORK, LAST = "vgg19", "relu5_1"
OBJECTIVE = {"content-layer": 22, "content-weight": 1e-2, "style-layers": "1,6,11,20,29", "style-weights": "3000,1000,250,500,300"}
STEPS = {192: 8, 512: 3}  # size -> steps a process is timed for
MEMORY = (192, 512, 1024)
SIDES = [EAGER, CHANNELS_LAST, ZELLIGE]


def measure(job, rounds):
    """{"steps": as of steps.py, "memory": as of memory.py}"""
    weights, graph = OUT / f"{NETWORK}.pt", OUT / f"{NETWORK}.onnx"
    process.run(sys.executable, BENCH / "network.py", "--network", NETWORK, weights)
    process.run(sys.executable, REPOSITORY / "scripts/export_network.py", weights, "--last", LAST, "-o", graph)
    job = job._replace(network=NETWORK, objective=OBJECTIVE)
    return {"steps": steps.measure(job, rounds, SIDES, STEPS), "memory": memory.measure(job, rounds, MEMORY)}


def table(result, _):
    timed = result["steps"]
    rows = steps.times_and_ratios(timed, SIDES)
    for name, title in steps.FLOORS.items():
        rows.append([f"floor by {title}, ms", *(middle_and_least(steps.floor_times(r["floors"], name), 1e3) for r in timed.values())])
    return markdown(["VGG-19, a step, ms (median / minimum)", *timed], rows) + "\n\n" + memory.table(result["memory"], None, {})
