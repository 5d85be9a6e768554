"""How the time of zellige's step grows with the picture; writes a CSV file and plots it."""

import csv
from statistics import median

import process
from sides import OUT, ZELLIGE
from tables import markdown

SIZES = (64, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096)
PIXELS = 6_000_000  # of all steps that a process is timed for, so that small pictures get more steps
STEPS = 2, 50  # at least, at most
WARM_UP = 1
ROUNDS = 2  # of sizes up to LARGE; larger ones take minutes
LARGE = 1024
FROM = 192  # the growth is counted from here
WANTED = 1.5
COLUMNS = ["size", "height", "width", "median_seconds", "minimum_seconds", "nanoseconds_per_pixel", "peak_bytes"]


def measure(job, _):
    """[{column: value}] by size."""
    runs = {size: [] for size in SIZES}
    for number in range(ROUNDS):
        for size in SIZES:
            if number == 0 or size <= LARGE:
                runs[size].append(ZELLIGE.steps(job, size, WARM_UP + steps(size)))
    rows = [row(size, finished) for size, finished in runs.items()]
    write(rows)
    return rows


def steps(size):
    least, most = STEPS
    return max(least, min(most, PIXELS // size**2))


def row(size, finished):
    reports = [f.json() for f in finished]
    seconds = [s for report in reports for s in report["steps"][WARM_UP:]]
    height, width = reports[0]["height"], reports[0]["width"]
    return dict(zip(COLUMNS, [size, height, width, median(seconds), min(seconds), median(seconds) / (height * width) * 1e9,
                              max(f.peak for f in finished)]))


def write(rows):
    with open(OUT / "scaling.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    process.run(OUT / "plot", OUT / "scaling.csv", OUT / "scaling.svg")


def table(rows, _):
    lines = [[f"{r['size']} ({r['width']}x{r['height']})", f"{r['median_seconds'] * 1e3:.1f} / {r['minimum_seconds'] * 1e3:.1f}",
              f"{r['nanoseconds_per_pixel']:.0f}", f"{r['peak_bytes'] / 1e6:.0f}"] for r in rows]
    per_pixel = {r["size"]: r["nanoseconds_per_pixel"] for r in rows}
    growth = max(value for size, value in per_pixel.items() if size >= FROM) / per_pixel[FROM]
    return (markdown(["size", "step, ms (median / minimum)", "ns per pixel", "peak MB"], lines)
            + f"\n\nTime per pixel grows {growth:.2f} times from {FROM} on (wanted at most {WANTED}).")
