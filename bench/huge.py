"""Print sizes within a limit of memory."""

import memory
import process
from sides import EAGER, OUT, REPOSITORY, ZELLIGE
from tables import markdown

ITERATIONS = {4096: 10, 8192: 2}  # size of a square picture -> iterations
FLAG, LIMIT = "--max-memory", "4GiB"


def measure(job, _):
    """{size: {"seconds": s, "peak": bytes}}, or None if zellige has no such flag."""
    if FLAG not in process.run(REPOSITORY / "bin/zellige", "transfer", "--help-all").output:
        return None
    job = job._replace(content=square(job.content))
    result = {}
    for size, iterations in ITERATIONS.items():
        finished = ZELLIGE.command(job, size, iterations, OUT / f"huge-{size}.png", FLAG, LIMIT)
        result[size] = {"seconds": finished.seconds, "peak": finished.peak}
    return result


def square(picture):
    """The middle of a picture, in a file of its own."""
    from PIL import Image

    with Image.open(picture) as image:
        side = min(image.size)
        left, top = ((length - side) // 2 for length in image.size)
        image.crop((left, top, left + side, top + side)).save(OUT / "square.png")
    return OUT / "square.png"


def table(result, results):
    if result is None:
        return f"Print sizes were left out: this zellige does not know {FLAG}."
    header = [f"{FLAG} {LIMIT}", "iterations", "whole command, s", "peak MB", "PyTorch eager, peak MB"]
    return markdown(header, [[f"{size}x{size}", ITERATIONS[size], f"{r['seconds']:.0f}", f"{r['peak'] / 1e6:.0f}",
                              pytorch_peak(size, results)] for size, r in result.items()])


def pytorch_peak(size, results):
    """PyTorch's memory grows with the pixels, so the line through the two largest measured pictures tells it."""
    if "memory" not in results:
        return "not measured"
    (pixels1, peak1), (pixels2, peak2) = memory.points(results["memory"], EAGER)[-2:]
    peak = peak2 + (size**2 - pixels2) * (peak2 - peak1) / (pixels2 - pixels1)
    return f"{peak / 1e6:.0f} (computed)"
