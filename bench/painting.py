"""The preset paint: the whole of painting, beside the preset gram, the same method in PyTorch, and a step of the published one."""

import sys

import process
from sides import BENCH, FUSED_OPERATORS, OUT, REPOSITORY, SQUEEZENET, NotTheSameJobError
from tables import markdown, middle_and_least, ratio

SIZE = 512
ITERATIONS = {"paint": 400, "gram": 200}  # as --quality fine has
SCALES, STEPS = 4, 200  # of the published method at its size 512, and of each; as many steps again in the last pass
PUBLISHED_STEPS = 4  # timed; the first, which warms up, does not count
PAINT, GRAM, PUBLISHED = "zellige paint", "zellige gram", "published method, a step"
FUSED, FUSED_BARE = "zellige paint, fused operators", "zellige paint, fused operators, without marks and brushwork"
BARE, PEER = "zellige paint, without marks and brushwork", "PyTorch channels_last, paint without marks and brushwork"
NO_MARKS = ["--coherence", 0, "--brushwork", 0]  # which PyTorch's side does not make
MOST_OF_GRAM, WANTED_OF_PEER = "at most 2.5", "1.7"


def measure(job, rounds):
    """{"shape": [h, w], "seconds": {side: [...]}}: whole commands of zellige, of PyTorch without the start of its process."""
    seconds, shape = {PAINT: [], BARE: [], FUSED: [], FUSED_BARE: [], GRAM: [], PEER: [], PUBLISHED: []}, None
    sides = [lambda: zellige(job, PAINT, "paint"), lambda: zellige(job, BARE, "paint", *NO_MARKS),
             lambda: zellige(job, FUSED, "paint", *FUSED_OPERATORS), lambda: peer(job),
             lambda: zellige(job, FUSED_BARE, "paint", *FUSED_OPERATORS, *NO_MARKS), lambda: zellige(job, GRAM, "gram")]
    for r in range(rounds):
        first = r % len(sides)
        for side in sides[first:] + sides[:first]:
            name, taken, found = side()
            seconds[name].append(taken)
            shape = same(shape, found)
        seconds[PUBLISHED] += published(job, shape)
    return {"shape": shape, "seconds": seconds}


def zellige(job, side, preset, *more):
    output = OUT / f"{preset}.png"
    finished = process.run(REPOSITORY / "bin/zellige", "transfer", "--preset", preset, "--quiet", "--output", output, *more,
                           *job.flags("--", SIZE, ITERATIONS[preset]))
    return side, finished.seconds, shape_of(output)


def peer(job):
    output = OUT / "paint-pytorch.png"
    report = process.run(sys.executable, BENCH / "paint.py", "--weights", OUT / f"{SQUEEZENET}.pt", "--output", output, "--json",
                         *job.flags("--", SIZE, ITERATIONS["paint"])).json()
    return PEER, report["seconds"], shape_of(output)


def full_size_steps():
    """How many steps at full size take as long as all that it prescribes: a scale has a quarter of the next one's pixels."""
    return STEPS * (1 + sum(0.25 ** scale for scale in range(SCALES)))


def published(job, shape):
    report = process.run(sys.executable, BENCH / "published.py", "--threads", job.threads, "--steps", PUBLISHED_STEPS, *shape).json()
    return report["steps"][1:]


def shape_of(path):
    from PIL import Image

    with Image.open(path) as picture:
        return [picture.height, picture.width]


def same(shape, found):
    """All sides must paint a picture of one size; they round the longer side differently."""
    if shape and max(abs(a - b) for a, b in zip(shape, found)) > 1:
        raise NotTheSameJobError(f"one side paints {found[1]}x{found[0]} pixels, another {shape[1]}x{shape[0]}")
    return shape or found


def table(result, _):
    seconds, (height, width) = result["seconds"], result["shape"]
    prescribed = [step * full_size_steps() for step in seconds[PUBLISHED]]
    rows = [[name, middle_and_least(seconds[name])] for name in (PAINT, FUSED, GRAM, BARE, FUSED_BARE, PEER)]
    rows += [
        ["paint takes, times gram", ratio(seconds[PAINT], seconds[GRAM], MOST_OF_GRAM)],
        ["PyTorch takes, times paint without marks and brushwork", ratio(seconds[PEER], seconds[BARE], WANTED_OF_PEER)],
        ["PyTorch takes, times the same with fused operators", ratio(seconds[PEER], seconds[FUSED_BARE], WANTED_OF_PEER)],
        [PUBLISHED, middle_and_least(seconds[PUBLISHED], digits=2)],
        [f"all it prescribes, at least: {STEPS} steps at each of {SCALES} scales and in the last pass", middle_and_least(prescribed, digits=0)],
    ]
    return markdown([f"painting {width}x{height} pixels", "s (median / minimum)"], rows)
