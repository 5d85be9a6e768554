"""One step of the loop: every side at several sizes, the part of zellige's that is Go's, and the floor.

The floor (floor.py) is the time that the convolutions and Gram matrices alone would take, as matrix products, found in
the same rounds: by this machine's best rate, and by each product at its own shape.
"""

import sys
from statistics import median

import process
import processor
from sides import BENCH, COMPILED, FUSED, PEERS, ZELLIGE, NotTheSameJobError, flags, rotated
from tables import markdown, middle_and_least, ratio

STEPS = {192: 15, 512: 6, 1024: 3}  # size -> steps a process is timed for
WARM_UP = 2  # steps before them
ALL = [*PEERS, ZELLIGE, FUSED]
WANTED = {processor.WIDE: 2.0, processor.NARROW: 1.5}  # against the best of PyTorch
WANTED_START = {processor.WIDE: 150, processor.NARROW: 300}  # ms
WANTED_FLOOR = {192: "at most 1.4"}
FLOORS = {"by_rate": "rate", "by_products": "products"}
SAME_LOSS = 0.01  # the sides shrink pictures a little differently


def measure(job, rounds, sides=ALL, sizes=STEPS):
    """{size: {"seconds": {side: [...]}, "start": {side: [...]}, "go": [...], "floors": [...], "shape": [h, w]}}"""
    runs = {size: {side.name: [] for side in sides} for size in sizes}
    floors = {size: [] for size in sizes}
    for number, turn in enumerate(rotated(sides, rounds)):
        turn = [side for side in turn if number == 0 or side is not COMPILED]  # which takes longest, and never was the fastest
        for size, steps in sizes.items():
            for side in turn:
                runs[size][side.name].append(timed(side, job, size, steps))
            floors[size].append(floor(job, runs[size][ZELLIGE.name][-1]))
    return {size: summary(runs[size]) | {"floors": floors[size]} for size in sizes}


def timed(side, job, size, steps):
    """One process's report, and how long it took to its first step."""
    finished = side.steps(job, size, WARM_UP + steps)
    report = finished.json()
    return report | {"start": report["began"] - finished.began}


def summary(runs):
    """What all processes of one size say together."""
    reports = {name: reports[0] for name, reports in runs.items()}
    check_same(reports)
    return {
        "shape": [reports[ZELLIGE.name]["height"], reports[ZELLIGE.name]["width"]],
        "seconds": {name: [s for report in reports for s in report["steps"][WARM_UP:]] for name, reports in runs.items()},
        "start": {name: [report["start"] for report in reports] for name, reports in runs.items()},
        "go": [step - network for report in runs[ZELLIGE.name]
               for step, network in list(zip(report["steps"], report["network"]))[WARM_UP:]],
    }


def check_same(reports):
    """All sides must paint a picture of one size and begin at one loss."""
    expected = reports[ZELLIGE.name]
    for name, report in reports.items():
        if (report["height"], report["width"]) != (expected["height"], expected["width"]):
            raise NotTheSameJobError(f"{name} paints {report['width']}x{report['height']} pixels, "
                                     f"zellige {expected['width']}x{expected['height']}")
        if abs(report["first_loss"] / expected["first_loss"] - 1) > SAME_LOSS:
            raise NotTheSameJobError(f"{name} starts at loss {report['first_loss']}, zellige at {expected['first_loss']}")


def floor(job, report, *more):
    size = f"{report['height']}x{report['width']}"
    return process.run(sys.executable, BENCH / "floor.py", "--threads", job.threads, "--network", job.network,
                       *flags("--", job.objective), *more, size).json()[size]


def table(result, _):
    header = ["step, ms (median / minimum)", *(f"{size} ({'x'.join(map(str, r['shape'][::-1]))})" for size, r in result.items())]
    rows = times_and_ratios(result, ALL)
    for side in (ZELLIGE, FUSED):
        rows.append([f"{side.name}: faster than the best of PyTorch, times",
                     *(ratio(best(r), r["seconds"][side.name], WANTED[processor.kind()]) for r in result.values())])
    for name, title in FLOORS.items():
        floors = {size: floor_times(r["floors"], name) for size, r in result.items()}
        rows.append([f"floor by {title}, ms", *(middle_and_least(times, 1e3) for times in floors.values())])
        for side in (ZELLIGE, FUSED):
            rows.append([f"{side.name}: over the floor by {title}, times",
                         *(ratio(r["seconds"][side.name], floors[size], WANTED_FLOOR.get(size)) for size, r in result.items())])
    rows.append(["rate of a square product, GFLOP/s (median / maximum)", *(rate(r["floors"]) for r in result.values())])
    rows.append(["Go's part of zellige's step", *(share(r) for r in result.values())])
    return markdown(header, rows) + "\n\n" + start_table(result)


def times_and_ratios(result, sides):
    rows = [[side.name, *(middle_and_least(r["seconds"][side.name], 1e3) for r in result.values())] for side in sides]
    return rows + [[f"zellige is faster than {side.name}, times",
                    *(ratio(r["seconds"][side.name], r["seconds"][ZELLIGE.name]) for r in result.values())]
                   for side in sides if side not in (ZELLIGE, FUSED)]


def best(r):
    """The times of the peer that is the fastest by its median."""
    return min((r["seconds"][side.name] for side in PEERS), key=median)


def square_rate(job):
    """GFLOP/s of a square product now."""
    return rate([floor(job, {"height": 64, "width": 64})])


def floor_times(floors, name):
    """Three times whose median and minimum are those of all rounds: the table's functions take lists."""
    middle = median(f[name]["median"] for f in floors)
    least = min(f[name]["minimum"] for f in floors)
    return [least, middle, middle]


def rate(floors):
    """The rates at the median and at the minimum of the product's times."""
    middle = median(f["rate"]["median"] for f in floors)
    return f"{middle / 1e9:.0f} / {max(f['rate']['minimum'] for f in floors) / 1e9:.0f}"


def share(r):
    percent = 100 * median(r["go"]) / median(r["seconds"][ZELLIGE.name])
    return f"{median(r['go']) * 1e3:.2f} ms, {percent:.1f} % (wanted at most 3 %)"


def start_table(result):
    header = [f"process to first step, ms (median / minimum; of zellige at 192 at most {WANTED_START[processor.kind()]} wanted)", *result]
    return markdown(header, [[side.name, *(middle_and_least(r["start"][side.name], 1e3, 0) for r in result.values())]
                             for side in ALL])
