"""One step of each pass of the preset paint beside its floor by products, at one scale; see steps.py.

Both passes evaluate the network to its last layer and have no Gram matrices, so the floor is the same.
"""

from sides import FUSED, ZELLIGE, rotated
from steps import floor, floor_times
from tables import markdown, middle_and_least, ratio

STEPS = {192: 60, 512: 25}  # size -> of both passes; every tenth of the second looks for new targets
WARM_UP = 3  # of each pass
PASSES = ("paint, first pass", "paint, second pass")  # in the order of the stages
LAST_LAYER = 12  # that both compare; not taken from operators.py, for what this process imports would count as memory of all that it runs
SIDES = [ZELLIGE, FUSED]


def measure(job, rounds):
    """{size: {"shape": [h, w], "seconds": {"side: pass": [...]}, "floors": [...]}}"""
    results = {}
    for size, steps in STEPS.items():
        seconds, floors = {f"{side.name}: {name}": [] for name in PASSES for side in SIDES}, []
        for turn in rotated(SIDES, rounds):
            for side in turn:
                report = side.steps(job, size, steps, "-preset", "paint", "-scales", 1).json()
                for stage, name in enumerate(PASSES):
                    seconds[f"{side.name}: {name}"] += of_stage(report, stage)[WARM_UP:]
            floors.append(floor(job, report, "--last-layer", LAST_LAYER))
        results[size] = {"shape": [report["height"], report["width"]], "seconds": seconds, "floors": floors}
    return results


def of_stage(report, stage):
    return [s for s, at in zip(report["steps"], report["stages"]) if at == stage]


def table(result, _):
    floors = {size: floor_times(r["floors"], "by_products") for size, r in result.items()}
    rows = [["floor by products, ms", *(middle_and_least(times, 1e3) for times in floors.values())]]
    for name in next(iter(result.values()))["seconds"]:
        rows.append([f"{name}, ms", *(middle_and_least(r["seconds"][name], 1e3) for r in result.values())])
        rows.append([f"{name}, over the floor, times", *(ratio(r["seconds"][name], floors[size]) for size, r in result.items())])
    return markdown(["step (median / minimum)", *(f"{size} ({'x'.join(map(str, r['shape'][::-1]))})" for size, r in result.items())], rows)
