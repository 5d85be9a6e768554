#!/usr/bin/env python3
"""Times a step of Neural Neighbor Style Transfer (Kolkin et al. 2022) as its authors' program takes it, on random weights.

A step is what the program repeats at each scale: VGG-16 from conv1_1 to conv4_3, hypercolumns of all ten layers at a quarter of
the size, their cosine distance to targets, the gradient, and Adam on a Laplacian pyramid. The last pass matches besides
in each of its steps, which is not counted: the method takes longer than this says.
"""

import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512))  # channels
LEVELS, RATE = 8, 2e-3


def vgg():
    """Convolutions and ReLUs by block."""
    blocks, channels = [], 3
    for block in BLOCKS:
        layers = []
        for width in block:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        blocks.append(nn.Sequential(*layers))
    return nn.ModuleList(blocks).requires_grad_(False).to(memory_format=torch.channels_last)


def hypercolumns(blocks, x):
    """Unit vectors [1][C][H/4][W/4]; each layer counts over its number of channels."""
    size, columns = [side // 4 for side in x.shape[2:]], []
    x = x.contiguous(memory_format=torch.channels_last)
    for number, block in enumerate(blocks):
        if number > 0:
            x = functional.max_pool2d(x, 2)
        for module in block:
            x = module(x)
            if isinstance(module, nn.ReLU):
                columns.append(functional.interpolate(x / x.shape[1], size, mode="bilinear", align_corners=True))
    return functional.normalize(torch.cat(columns, 1), dim=1)


def pyramid(x):
    levels = []
    for _ in range(LEVELS):
        small = functional.interpolate(x, [max(1, side // 2) for side in x.shape[2:]], mode="bilinear")
        levels.append(x - functional.interpolate(small, x.shape[2:], mode="bilinear"))
        x = small
    return [level.requires_grad_() for level in [*levels, x]]


def collapsed(levels):
    x = levels[-1]
    for level in levels[-2::-1]:
        x = level + functional.interpolate(x, level.shape[2:], mode="bilinear")
    return x


def step_times(height, width, steps):
    torch.manual_seed(0)
    blocks = vgg()
    with torch.no_grad():
        target = hypercolumns(blocks, torch.rand(1, 3, height, width))
    levels = pyramid(torch.rand(1, 3, height, width))
    adam, times = torch.optim.Adam(levels, lr=RATE), []
    for _ in range(steps):
        began = time.perf_counter()
        adam.zero_grad()
        (1 - (target * hypercolumns(blocks, collapsed(levels))).sum(1)).mean().backward()
        adam.step()
        times.append(time.perf_counter() - began)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("height", type=int)
    parser.add_argument("width", type=int)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(json.dumps({"steps": step_times(arguments.height, arguments.width, arguments.steps)}))


if __name__ == "__main__":
    main()
