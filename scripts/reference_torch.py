#!/usr/bin/env python3
"""Writes the golden numbers in testdata/golden with PyTorch.

    reference_torch.py           writes testdata/golden/*.npz
    reference_torch.py --check   compares the graph, run by ONNX Runtime, with them

PyTorch builds torchvision's squeezenet1_1().features from the graph's own weights, computes everything in float64 and
lets autograd find the gradients: nothing of the graph is used but its weights. testdata/golden/README.md lists the keys.
"""

import argparse
import pathlib
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import numpy_helper
from PIL import Image

import check_graph
from golden_cases import GOLDEN, LAYERS, MODEL, REFERENCE, REFERENCE_TV, REPOSITORY, SIZES, all_cases, loss_key, match_cases, match_size

MEAN = np.array([0.485, 0.456, 0.406]).reshape(3, 1, 1)
STD = np.array([0.229, 0.224, 0.225]).reshape(3, 1, 1)
POOLS = (2, 5, 8)
CONTENT_PICTURE, STYLE_PICTURE = "cat.png", "great-wave.png"
SAMPLES = 500  # of each array too large to keep

# --- the network in PyTorch ------------------------------------------------------------------------------------------


class Network:
    """squeezenet1_1().features with the graph's weights."""

    def __init__(self, model, dtype):
        self.constants = {constant.name: torch.tensor(numpy_helper.to_array(constant), dtype=dtype)
                          for constant in model.graph.initializer if constant.name.endswith((".kernel", ".bias"))}
        self.margins = None  # see decisions

    def features(self, image, last=12):
        """The outputs of layers 0 to last for an image [1][3][H][W]."""
        value, features = image, []
        for layer in range(last + 1):
            value = self.layer(layer, value)
            features.append(value)
        return features

    def layer(self, layer, x):
        if layer == 0:
            return self.convolve("0", x, stride=2)
        if layer == 1:
            return self.relu(x)
        if layer in POOLS:
            return self.pool(x)
        squeezed = self.relu(self.convolve(f"{layer}.squeeze", x))
        left = self.relu(self.convolve(f"{layer}.expand1x1", squeezed))
        right = self.relu(self.convolve(f"{layer}.expand3x3", squeezed, padding=1))
        return torch.cat([left, right], dim=1)

    def convolve(self, name, x, **options):
        return functional.conv2d(x, self.constants[f"{name}.kernel"], self.constants[f"{name}.bias"], **options)

    def relu(self, x):
        self.decide(x)
        return x.relu()

    def pool(self, x):
        self.decide(self.leads(x))
        return functional.max_pool2d(x, 3, 2, ceil_mode=True)

    @staticmethod
    def leads(x):
        """How far each window's largest value is ahead of its second; windows of zeros, which ReLU stops, left out."""
        below, right = (1 - size % 2 for size in x.shape[2:])  # what the last window lacks
        padded = functional.pad(x, (0, right, 0, below), value=-1)  # loses to every output of a ReLU
        windows = padded.unfold(2, 3, 2).unfold(3, 3, 2).flatten(4)
        first, second = windows.topk(2, dim=4).values.unbind(4)
        return (first - second)[first > 0]

    def decide(self, x):
        if self.margins is not None:
            self.margins.append(x.detach())


def decisions(model, image):
    """How safely float32 takes the same branch as float64, at every ReLU and maximum of the network.

    For each ReLU the distance of its input from 0, for each window the lead of its winner: the smallest of them over
    the largest error float32 made in them. Above 1 nothing can flip; the smallest of all layers is given.
    """
    margins = []
    for dtype in (torch.float64, torch.float32):
        network = Network(model, dtype)
        network.margins = []
        network.features(torch.tensor(image, dtype=dtype))
        margins.append(network.margins)
    ratios = []
    for exact, rounded in zip(*margins):
        if exact.shape != rounded.shape:
            return 0  # another number of windows without a positive value: something flipped
        ratios.append(exact.abs().min() / (exact - rounded).abs().max())
    return min(ratios).item()


def gram(feature, scale=None):
    flat = feature.flatten(2)[0]
    return flat @ flat.T * (1 / flat.numel() if scale is None else scale)


def averaged(feature, layer):
    """What the matching loss compares: means of squares; a last odd row or column is left out."""
    return functional.avg_pool2d(feature, match_size(layer))


def losses(features, targets, content_weights, style_weights, match_weights={}):
    """name -> loss, for features of the image and of the target picture."""
    terms = {}
    for layer, weight in content_weights.items():
        terms[f"content.{layer}"] = weight * (features[layer] - targets[layer]).square().sum()
    for layer, weight in style_weights.items():
        terms[f"style.{layer}"] = weight * (gram(features[layer]) - gram(targets[layer])).square().sum()
    for layer, weight in match_weights.items():
        terms[f"match.{layer}"] = weight * (averaged(features[layer], layer) - averaged(targets[layer], layer)).square().sum()
    return terms


def total_variation(image):
    down = image[:, :, 1:, :] - image[:, :, :-1, :]
    right = image[:, :, :, 1:] - image[:, :, :, :-1]
    return down.square().sum() + right.square().sum()


# --- golden numbers --------------------------------------------------------------------------------------------------


def crop(picture, height, width, left, top):
    """A normalised crop [1][3][height][width] of the picture shrunk so that the crop shows much of it.

    left and top move the crop, in 0..1 of the room there is.
    """
    scale = 1.25 * max(height / picture.height, width / picture.width)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BILINEAR)
    x, y = int(left * (small.width - width)), int(top * (small.height - height))
    values = np.asarray(small.crop((x, y, x + width, y + height)), np.float64).transpose(2, 0, 1)
    return ((values / 255 - MEAN) / STD)[None].astype(np.float32)


def safe_crop(model, picture, height, width):
    """A crop whose gradient hardly depends on rounding, and its decisions: the first above 2 of many places, or the best."""
    best = (0, None)
    for left, top in np.random.default_rng(0).random((400, 2)):
        image = crop(picture, height, width, left, top)
        best = max(best, (decisions(model, image), image), key=lambda pair: pair[0])
        if best[0] > 2:
            break
    return best[1], best[0]


def gradient_case(network, image, targets, *weights):
    """The losses and their sum's gradient in the image, which is float64."""
    image = image.clone().requires_grad_()
    features = network.features(image, max(layer for layers in weights for layer in layers))
    terms = losses(features, targets, *weights)
    sum(terms.values()).backward()
    return {name: term.item() for name, term in terms.items()}, image.grad.numpy()


def store(golden, name, array, full):
    """Keeps an array whole, or SAMPLES of its values with their places, and its L2 norm and largest magnitude."""
    array = np.ascontiguousarray(array)
    if full:
        golden[name] = np.float32(array)
    else:
        places = np.random.default_rng(len(golden)).choice(array.size, min(SAMPLES, array.size), replace=False)
        golden[f"{name}.indices"] = np.sort(places).astype(np.int64)
        golden[f"{name}.sample"] = np.float32(array.reshape(-1)[golden[f"{name}.indices"]])
    golden[f"{name}.norm"] = np.array([np.linalg.norm(array)])
    golden[f"{name}.max"] = np.array([np.abs(array).max()])


def golden_numbers(model, image, target, small):
    """Everything there is to know of one pair of pictures."""
    network = Network(model, torch.float64)
    image64, target64 = (torch.tensor(values, dtype=torch.float64) for values in (image, target))
    features, targets = network.features(image64), network.features(target64)
    golden = {"image": image, "target": target}
    for layer in LAYERS:
        store(golden, f"feature.{layer}", features[layer].numpy(), full=False)
        store(golden, f"gram.{layer}", gram(features[layer]).numpy(), full=False)
    for case, (content_weights, style_weights) in all_cases().items():
        terms, gradient = gradient_case(network, image64, targets, content_weights, style_weights)
        for name, value in terms.items():
            golden[loss_key(case, name)] = np.array([value])
        store(golden, f"{case}.gradient", gradient, full=small or case == "reference")
    return golden


def golden_match(model, image, target):
    """The same of the matching loss."""
    network = Network(model, torch.float64)
    image64, target64 = (torch.tensor(values, dtype=torch.float64) for values in (image, target))
    features, targets = network.features(image64), network.features(target64)
    golden = {}
    for layer in LAYERS:
        store(golden, f"match.{layer}.feature", averaged(features[layer], layer).numpy(), full=False)
    for case, weights in match_cases().items():
        terms, gradient = gradient_case(network, image64, targets, *weights)
        for name, value in terms.items():
            golden[loss_key(case, name)] = np.array([value])
        store(golden, f"{case}.gradient", gradient, full=False)
    return golden


def golden_flat(model, target):
    """A picture of one colour: all maxima tie, so only sums over the picture are the same for every choice of winners."""
    image = np.broadcast_to(np.float32([0.7, -0.4, 0.2]).reshape(1, 3, 1, 1), target.shape)
    network = Network(model, torch.float64)
    targets = network.features(torch.tensor(target, dtype=torch.float64))
    golden = {"image": np.ascontiguousarray(image), "target": target}
    for case, (content_weights, style_weights) in all_cases().items():
        terms, gradient = gradient_case(network, torch.tensor(golden["image"], dtype=torch.float64), targets,
                                        content_weights, style_weights)
        for name, value in terms.items():
            golden[loss_key(case, name)] = np.array([value])
        golden[f"{case}.gradient.sums"] = gradient.sum(axis=(0, 2, 3))
    return golden


def golden_curve(model, content, style, iterations=20):
    """The losses of the lab experiment's first iterations, in float64 and float32."""
    golden = {"content": content, "style": style}
    for dtype in (torch.float64, torch.float32):
        network = Network(model, dtype)
        content_targets, style_targets = (network.features(torch.tensor(values, dtype=dtype), 7)
                                          for values in (content, style))
        targets = {3: content_targets[3]} | {layer: style_targets[layer] for layer in REFERENCE[1]}
        image = torch.tensor(content, dtype=dtype, requires_grad=True)
        adam = torch.optim.Adam([image], lr=3.0)
        rows = []
        for _ in range(iterations):
            with torch.no_grad():
                image.clamp_(-1.5, 1.5)
            terms = losses(network.features(image, 7), targets, *REFERENCE)
            terms["tv"] = REFERENCE_TV * total_variation(image)
            total = sum(terms.values())
            adam.zero_grad()
            total.backward()
            adam.step()
            rows.append([total.item(), *(term.item() for term in terms.values())])
        suffix = str(dtype).removeprefix("torch.")
        for name, column in zip(["total", *terms], np.array(rows, np.float64).T):
            golden[f"{name}.{suffix}"] = np.ascontiguousarray(column)
    return golden


def write_golden(pictures):
    model = onnx.load(MODEL)
    content, style = (Image.open(pictures / name).convert("RGB") for name in (CONTENT_PICTURE, STYLE_PICTURE))
    files = {}
    for height, width in SIZES:
        image, safety = safe_crop(model, content, height, width)
        print(f"{height}x{width}: smallest margin {safety:.2f} times float32's largest error")
        target = crop(style, height, width, 0.5, 0.5)
        files[f"{height}x{width}"] = golden_numbers(model, image, target, small=(height, width) == SIZES[0])
        files[f"match-{height}x{width}"] = golden_match(model, image, target)
    files["flat"] = golden_flat(model, crop(style, *SIZES[0], 0.5, 0.5))
    files["curve"] = golden_curve(model, crop(content, 48, 64, 0.5, 0.5), crop(style, 64, 80, 0.5, 0.5))
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, arrays in files.items():
        np.savez_compressed(GOLDEN / f"{name}.npz", **arrays)
    report_curve(files["curve"])


def report_curve(curve):
    """How far float32 leaves float64, which is what a tolerance for the curve has to allow."""
    for name in [key.removesuffix(".float64") for key in curve if key.endswith(".float64")]:
        exact, rounded = curve[f"{name}.float64"], curve[f"{name}.float32"]
        print(f"curve {name}: float32 differs by at most {np.max(np.abs(rounded / exact - 1)):.1e}")


# --- command line ----------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the graph with the golden numbers")
    parser.add_argument("--pictures", type=pathlib.Path, default=REPOSITORY / "testdata" / "pictures", metavar="FOLDER",
                        help=f"where {CONTENT_PICTURE} and {STYLE_PICTURE} are")
    arguments = parser.parse_args()
    if arguments.check:
        sys.exit(0 if check_graph.check(MODEL) else "the graph differs from the golden numbers")
    write_golden(arguments.pictures)


if __name__ == "__main__":
    main()
