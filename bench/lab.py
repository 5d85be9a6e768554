#!/usr/bin/env python3
"""The lab's style transfer in PyTorch, as its users write it: the job that zellige is compared with.

The functions are the reference notebook's (CS231n, assignment 3, StyleTransfer), and so are the defaults, with the lab
report's lion and waves. --channels-last is the best that plain PyTorch code can do on a CPU, --compile what torch.compile
makes of it. The network ends at the last layer that a loss reads, where the notebook's has all 13 modules.
"""

import argparse
import json
import time
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

import network
import processor

MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)

TV_WEIGHT = 5e-2
INITIAL_RATE, DECAYED_RATE, DECAY_AT, CLAMP_UNTIL, BOUND = 3.0, 0.1, 180, 190, 1.5


class Objective(NamedTuple):
    """The layers that losses read, and how much each counts."""

    content_layer: int
    content_weight: float
    style_layers: list
    style_weights: list

    def last_layer(self):
        return max(self.content_layer, *self.style_layers)


def preprocess(path, size):
    """The picture [1][3][H][W], normalised, its shorter side size."""
    picture = Image.open(path).convert("RGB")
    short = min(picture.size)
    picture = picture.resize([int(size * side / short) for side in picture.size], Image.Resampling.BILINEAR)
    values = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
    return ((values.float() / 255 - MEAN) / STD).contiguous()


def deprocess(image):
    """The picture stretched to its own minimum and maximum."""
    values = image.detach() * STD + MEAN
    values = (values - values.min()) / (values.max() - values.min())
    return Image.fromarray((values[0].permute(1, 2, 0) * 255).byte().numpy())


def extract_features(x, cnn):
    features = []
    for module in cnn:
        x = module(x)
        features.append(x)
    return features


def content_loss(weight, current, original):
    return weight * (current - original).pow(2).sum()


def gram_matrix(features):
    _, c, h, w = features.shape
    flat = features.reshape(c, h * w)
    return flat @ flat.t() / (c * h * w)


def style_loss(features, targets, layers, weights):
    return sum(weight * (gram_matrix(features[layer]) - target).pow(2).sum()
               for layer, target, weight in zip(layers, targets, weights))


def tv_loss(image, weight):
    down = (image[:, :, 1:, :] - image[:, :, :-1, :]).pow(2).sum()
    right = (image[:, :, :, 1:] - image[:, :, :, :-1]).pow(2).sum()
    return weight * (down + right)


def style_transfer(cnn, content, style, objective, iterations, progress, compiled=lambda function: function):
    """The notebook's loop. progress gets the iteration and its loss after each evaluation, compiled the function that computes it."""
    layer, weight, layers, weights = objective
    with torch.no_grad():
        content_target = extract_features(content, cnn)[layer]
        style_features = extract_features(style, cnn)
        style_targets = [gram_matrix(style_features[of]) for of in layers]
        del style_features

    @compiled
    def total_loss(image):
        features = extract_features(image, cnn)
        return (content_loss(weight, features[layer], content_target)
                + style_loss(features, style_targets, layers, weights) + tv_loss(image, TV_WEIGHT))

    image = content.clone().requires_grad_()
    optimizer = torch.optim.Adam([image], lr=INITIAL_RATE)
    progress(None, None)
    for t in range(iterations):
        if t < CLAMP_UNTIL:
            image.data.clamp_(-BOUND, BOUND)
        optimizer.zero_grad()
        loss = total_loss(image)
        loss.backward()
        progress(t, loss)
        if t == DECAY_AT:
            optimizer = torch.optim.Adam([image], lr=DECAYED_RATE)
        optimizer.step()
    return image


class Clock:
    """Notes when the loop began, how long each step took, and the first loss."""

    def __init__(self):
        self.times, self.first_loss = [], None

    def __call__(self, iteration, loss):
        self.times.append(time.time())
        if iteration == 0:
            self.first_loss = loss.item()

    def report(self, image):
        steps = [after - before for before, after in zip(self.times, self.times[1:])]
        height, width = image.shape[2:]
        return {"height": height, "width": width, "began": self.times[0], "steps": steps, "first_loss": self.first_loss}


def compiled(function):
    """The compiler looks into /proc/cpuinfo for the width of vectors; narrow.c does not change that."""
    return torch.compile(function, options={"cpp.simdlen": 256} if processor.vectors() == "AVX2" else None)


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    objective = objective_of(arguments)
    cnn = network.frozen(arguments.weights, arguments.network)[:objective.last_layer() + 1]
    content = preprocess(arguments.content, arguments.image_size)
    style = preprocess(arguments.style, arguments.style_size)
    if arguments.channels_last:
        cnn = cnn.to(memory_format=torch.channels_last)
        content, style = (picture.contiguous(memory_format=torch.channels_last) for picture in (content, style))
    clock = Clock()
    options = {"compiled": compiled} if arguments.compile else {}
    image = style_transfer(cnn, content, style, objective, arguments.iterations, clock, **options)
    if arguments.output:
        deprocess(image).save(arguments.output)
    if arguments.json:
        print(json.dumps(clock.report(image)))


def add_objective(parser):
    """Flags named as zellige's, by default the lab's."""
    parser.add_argument("--network", choices=network.NETWORKS, default="squeezenet1_1")
    parser.add_argument("--content-layer", type=int, default=3)
    parser.add_argument("--content-weight", type=float, default=7e-2)
    parser.add_argument("--style-layers", type=numbers, default="1,4,5,7")
    parser.add_argument("--style-weights", type=numbers, default="450000,2000,20,4")


def numbers(text):
    return [int(part) for part in text.split(",")]


def objective_of(arguments):
    return Objective(*(getattr(arguments, field) for field in Objective._fields))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_objective(parser)
    parser.add_argument("--content", required=True)
    parser.add_argument("--style", required=True)
    parser.add_argument("--weights", required=True, help="what network.py wrote")
    parser.add_argument("--output", help="file of the result")
    parser.add_argument("--image-size", type=int, default=192)
    parser.add_argument("--style-size", type=int, default=576)
    parser.add_argument("--iterations", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--json", action="store_true", help="print how long each step took, as bench/step does")
    return parser.parse_args()


if __name__ == "__main__":
    main()
