#!/usr/bin/env python3
"""Compares a graph, run by ONNX Runtime, with the golden numbers in testdata/golden."""

import argparse
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

import cut_graph
from golden_cases import GOLDEN, LAYERS, MODEL, SIZES, all_cases, loss_key, match_cases

TOLERANCE = 1e-4


class Runner:
    """Runs cuts of the graph, each opened once."""

    def __init__(self, path):
        self.model = onnx.load(path)
        self.sessions = {}

    def run(self, feeds, wanted):
        key = (tuple(feeds), tuple(wanted))
        if key not in self.sessions:
            data = cut_graph.cut(self.model, list(feeds), wanted).SerializeToString()
            self.sessions[key] = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        values = self.sessions[key].run(wanted, {name: np.asarray(value, np.float32) for name, value in feeds.items()})
        return dict(zip(wanted, values))

    def feature(self, layer, image):
        return self.run({"image": image}, [f"feature.{layer}"])[f"feature.{layer}"]

    def match_feature(self, layer, image):
        return self.run({"image": image}, [f"match.{layer}.feature"])[f"match.{layer}.feature"]

    def gram(self, layer, image):
        scale = 1 / self.feature(layer, image).size
        return self.run({"image": image, f"style.{layer}.scale": scale}, [f"gram.{layer}"])[f"gram.{layer}"]

    def losses_and_gradient(self, image, target, content_weights, style_weights, match_weights={}):
        """The losses of an image and their gradient, with the targets from another."""
        feeds = {"image": image}
        for layer, weight in content_weights.items():
            feeds |= {f"content.{layer}.target": self.feature(layer, target), f"content.{layer}.weight": weight}
        for layer, weight in style_weights.items():
            feeds |= {f"style.{layer}.target": self.gram(layer, target), f"style.{layer}.weight": weight,
                      f"style.{layer}.scale": 1 / self.feature(layer, image).size}
        for layer, weight in match_weights.items():
            feeds |= {f"match.{layer}.target": self.match_feature(layer, target), f"match.{layer}.weight": weight}
        fed, wanted = cut_graph.objective(content_weights, style_weights, match_weights)
        *losses, gradient = self.run({name: feeds[name] for name in fed}, wanted).values()
        return {name.removesuffix(".loss"): loss for name, loss in zip(wanted, losses)}, gradient


class Errors:
    """Collects relative errors and keeps the worst of each kind."""

    def __init__(self):
        self.worst = {}

    def add(self, kind, where, error):
        self.worst[kind] = max(self.worst.get(kind, (0, "")), (float(error), where))

    def compare(self, kind, where, got, golden, name):
        """Largest difference over the largest magnitude, of all values or of the samples there are."""
        if name in golden:
            want = golden[name]
        else:
            want, got = golden[f"{name}.sample"], got.reshape(-1)[golden[f"{name}.indices"]]
        self.add(kind, f"{where} {name}", np.abs(got - want).max() / golden[f"{name}.max"][0])

    def compare_losses(self, where, case, losses, golden):
        for loss, value in losses.items():
            key = loss_key(case, loss)
            self.add("loss", f"{where} {key}", abs(value / golden[key][0] - 1))


def check_pair(runner, errors, where, golden):
    for layer in LAYERS:
        errors.compare("feature", where, runner.feature(layer, golden["image"]), golden, f"feature.{layer}")
        errors.compare("gram", where, runner.gram(layer, golden["image"]), golden, f"gram.{layer}")
    check_cases(runner, errors, where, golden, golden, all_cases())


def check_match(runner, errors, where, pair, golden):
    for layer in LAYERS:
        errors.compare("feature", where, runner.match_feature(layer, pair["image"]), golden, f"match.{layer}.feature")
    check_cases(runner, errors, where, pair, golden, match_cases())


def check_cases(runner, errors, where, pair, golden, cases):
    for case, objective in cases.items():
        losses, gradient = runner.losses_and_gradient(pair["image"], pair["target"], *objective)
        errors.compare_losses(where, case, losses, golden)
        errors.compare("gradient", where, gradient, golden, f"{case}.gradient")


def check_flat(runner, errors, golden):
    for case, objective in all_cases().items():
        losses, gradient = runner.losses_and_gradient(golden["image"], golden["target"], *objective)
        errors.compare_losses("flat", case, losses, golden)
        sums = gradient.sum(axis=(0, 2, 3), dtype=np.float64)
        want = golden[f"{case}.gradient.sums"]
        errors.add("sum of gradient", f"flat {case}", np.abs(sums - want).max() / np.abs(want).max())


def check(model):
    """Prints the worst errors; whether all are within TOLERANCE."""
    runner, errors = Runner(model), Errors()
    for height, width in SIZES:
        size = f"{height}x{width}"
        pair = np.load(GOLDEN / f"{size}.npz")
        check_pair(runner, errors, size, pair)
        check_match(runner, errors, size, pair, np.load(GOLDEN / f"match-{size}.npz"))
    check_flat(runner, errors, np.load(GOLDEN / "flat.npz"))
    for kind, (error, where) in errors.worst.items():
        print(f"{kind}: largest relative error {error:.1e} at {where}")
    return all(error < TOLERANCE for error, _ in errors.worst.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=pathlib.Path, default=MODEL, metavar="FILE")
    sys.exit(0 if check(parser.parse_args().model) else f"an error is above {TOLERANCE}")
