#!/usr/bin/env python3
"""Writes the golden numbers of the measures nearest and structure, testdata/golden/measures.npz, with PyTorch in float64.

testdata/golden/README.md lists the keys.
"""

import numpy as np
import torch
from torch.nn import functional

from golden_cases import GOLDEN

CHANNELS, LARGE, SMALL = 12, (23, 37), (9, 13)
GRID = (16, 20)  # height, width


def rows(features):
    """Features [channels][height][width] as [positions][channels]."""
    return features.flatten(1).t()


def nearest(own, style):
    """The mean over positions of 1 - the largest cosine, both less the style's mean."""
    mean = rows(style).mean(0)
    queries, candidates = (functional.normalize(rows(f) - mean, dim=1) for f in (own, style))
    return (1 - (queries @ candidates.t()).max(1).values).mean()


def shares(features):
    """1 - cosine between all places of the grid, columns divided by their sums."""
    resized = functional.interpolate(features[None], GRID, mode="bilinear", antialias=True)[0]
    unit = functional.normalize(rows(resized), dim=1)
    distances = 1 - unit @ unit.t()
    return distances / distances.sum(0, keepdim=True)


def structure(own, content):
    return (shares(own) - shares(content)).abs().sum(0).mean()


def features(random, size):
    """Values as a ReLU leaves them, float32."""
    return np.maximum(np.float32(random.normal(size=(CHANNELS, *size))), 0)


def main():
    random = np.random.default_rng(0)
    arrays = {"content": features(random, LARGE), "style": features(random, SMALL), "small.content": features(random, SMALL)}
    arrays["own"] = (arrays["content"] + features(random, LARGE)) / 2
    arrays["small.own"] = (arrays["small.content"] + features(random, SMALL)) / 2
    exact = {name: torch.tensor(values, dtype=torch.float64) for name, values in arrays.items()}
    values = {"nearest": nearest(exact["own"], exact["style"]), "structure": structure(exact["own"], exact["content"]),
              "small.structure": structure(exact["small.own"], exact["small.content"])}
    np.savez_compressed(GOLDEN / "measures.npz", **arrays, **{name: np.array([value.item()]) for name, value in values.items()})
    for name, value in values.items():
        print(f"{name}: {value.item():.6f}")


if __name__ == "__main__":
    main()
