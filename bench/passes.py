"""One step of each pass of the preset paint beside its floor by products, at one scale; see steps.py.

Both passes evaluate the network to its last layer and have no Gram matrices, so the floor is the same.
"""

import process
from operators import OBJECTIVES
from sides import OUT
from steps import floor, floor_times
from tables import markdown, middle_and_least, ratio

STEPS = {192: 60, 512: 25}  # size -> of both passes; every tenth of the second looks for new targets
WARM_UP = 3  # of each pass
PASSES = ("paint, first pass", "paint, second pass")  # in the order of the stages


def measure(job, rounds):
    """{size: {"shape": [h, w], "seconds": {pass: [...]}, "floors": [...]}}"""
    return {size: summary(*zip(*(timed(job, size) for _ in range(rounds)))) for size in STEPS}


def timed(job, size):
    report = process.run(OUT / "step", "-preset", "paint", "-scales", 1, *job.flags("-", size, STEPS[size])).json()
    return report, floor(job, report, "--last-layer", max(sum(OBJECTIVES[PASSES[0]], [])))


def summary(reports, floors):
    seconds = {name: [s for report in reports for s in of_stage(report, stage)[WARM_UP:]] for stage, name in enumerate(PASSES)}
    return {"shape": [reports[0]["height"], reports[0]["width"]], "seconds": seconds, "floors": floors}


def of_stage(report, stage):
    return [s for s, at in zip(report["steps"], report["stages"]) if at == stage]


def table(result, _):
    floors = {size: floor_times(r["floors"], "by_products") for size, r in result.items()}
    rows = [["floor by products, ms", *(middle_and_least(times, 1e3) for times in floors.values())]]
    for name in PASSES:
        rows.append([f"{name}, ms", *(middle_and_least(r["seconds"][name], 1e3) for r in result.values())])
        rows.append([f"{name} over the floor, times", *(ratio(r["seconds"][name], floors[size]) for size, r in result.items())])
    return markdown(["step (median / minimum)", *(f"{size} ({'x'.join(map(str, r['shape'][::-1]))})" for size, r in result.items())], rows)
