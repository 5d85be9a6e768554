#!/usr/bin/env python3
"""Where a step's time goes, operator by operator: ONNX Runtime's own profile of the graph cut to an objective."""

import argparse
import collections
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(REPOSITORY / "scripts"))
import cut_graph  # noqa: E402

# Content, style and match layers of what is profiled.
OBJECTIVES = {
    "lab": ([3], [1, 4, 5, 7], []),
    "paint, first pass": ([], [], [1, 4, 7, 10, 12]),
    "paint, second pass": ([1, 3, 4, 6, 7, 9, 10, 12], [], []),
    "vgg": ([22], [1, 6, 11, 20, 29], []),  # of out/bench/vgg19.onnx
}
WARM_UP = 3


def session(model, fed, wanted, threads, profile=None):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.force_spinning_stop", "1")
    if profile:
        options.enable_profiling, options.profile_file_prefix = True, str(profile)
    return onnxruntime.InferenceSession(cut_graph.cut(model, fed, wanted).SerializeToString(), options, ["CPUExecutionProvider"])


def feeds(model, objective, image, threads):
    """Targets of another picture of the same size, so that no cotangent is zero."""
    values = {"image": image}
    for kind, layers in zip(("content", "style", "match"), objective):
        for layer in layers:
            name = {"content": "feature", "style": "gram", "match": "match"}[kind] + f".{layer}" + (".feature" if kind == "match" else "")
            scale = {f"style.{layer}.scale": np.array(1e-6, np.float32)} if kind == "style" else {}
            other = {"image": np.ascontiguousarray(image[:, :, ::-1, ::-1])} | scale
            values[f"{kind}.{layer}.target"] = session(model, list(other), [name], threads).run([name], other)[0]
            values[f"{kind}.{layer}.weight"] = np.array(1e-4, np.float32)
            values |= scale
    return values


def profile(model, objective, height, width, threads, steps):
    """[(operator, milliseconds of a step)], the largest first."""
    random = np.random.default_rng(0)
    image = np.cumsum(np.cumsum(random.normal(size=(1, 3, height, width)), 2), 3) / (height * width) ** 0.5
    values = feeds(model, objective, image.astype(np.float32), threads)
    fed, wanted = cut_graph.objective(*objective)
    with tempfile.TemporaryDirectory() as folder:
        s = session(model, fed, wanted, threads, pathlib.Path(folder) / "profile")
        for _ in range(WARM_UP + steps):
            s.run(wanted, values)
        events = json.loads(pathlib.Path(s.end_profiling()).read_text())
    nodes = collections.defaultdict(list)  # by name: how long each step took in it
    for event in events:
        if event["name"].endswith("_kernel_time"):
            nodes[event["args"]["op_name"], event["name"]].append(event["dur"])
    times = collections.Counter()
    for (operator, _), durations in nodes.items():
        times[operator] += np.median(durations[WARM_UP:]) / 1e3
    return times.most_common()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--height", type=int, default=512)
    parser.add_argument("--width", type=int, default=716)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--objective", choices=OBJECTIVES, nargs="+", default=[name for name in OBJECTIVES if name != "vgg"])
    parser.add_argument("--graph", type=pathlib.Path, default=REPOSITORY / "models/squeezenet1_1.onnx")
    arguments = parser.parse_args()
    model = onnx.load(arguments.graph)
    for name in arguments.objective:
        times = profile(model, OBJECTIVES[name], arguments.height, arguments.width, arguments.threads, arguments.steps)
        total = sum(t for _, t in times)
        print(f"{name}: {total:.1f} ms; " + ", ".join(f"{operator} {t / total:.1%}" for operator, t in times if t > total / 100))


if __name__ == "__main__":
    main()
