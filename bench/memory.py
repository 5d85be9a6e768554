"""The largest resident memory of the whole command."""

import sys

from PIL import Image

import process
from sides import EAGER, OUT, ZELLIGE
from tables import markdown

SIZES, ITERATIONS = (512, 1024, 2048), 3
SIDES = [EAGER, ZELLIGE]
WANTED = {512: "1/3", 1024: "1/2", 2048: "1/3"}
IMPORT = "import torch"


def measure(job, _, sizes=SIZES):
    """{"pixels": {size: n}, "peaks": {side: {size: bytes}}}; memory does not drift, so once is enough."""
    result = {"pixels": {}, "peaks": {side.name: {} for side in SIDES}}
    for size in sizes:
        for side in SIDES:
            result["peaks"][side.name][size] = side.command(job, size, ITERATIONS, OUT / "memory.png").peak
        with Image.open(OUT / "memory.png") as picture:
            result["pixels"][size] = picture.width * picture.height
    imported = process.run(sys.executable, "-c", IMPORT).peak
    result["peaks"][f"of PyTorch's, `{IMPORT}`"] = dict.fromkeys(sizes, imported)
    return result


def points(result, side):
    """(pixels, bytes) of a side, from the smallest picture on."""
    return [(result["pixels"][size], result["peaks"][side.name][size]) for size in SIZES]


def table(result, _, wanted=WANTED):
    sizes = result["pixels"]
    header = ["peak memory of the whole command, MB", *sizes]
    rows = [[name, *(f"{peak / 1e6:.0f}" for peak in peaks.values())] for name, peaks in result["peaks"].items()]
    rows.append([f"zellige's as a share of {EAGER.name}", *(share(result["peaks"], size, wanted.get(size)) for size in sizes)])
    return markdown(header, rows)


def share(peaks, size, wanted):
    text = f"{peaks[ZELLIGE.name][size] / peaks[EAGER.name][size]:.2f}"
    return text + (f" (wanted at most {wanted})" if wanted else "")
