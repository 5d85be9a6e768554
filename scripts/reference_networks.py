#!/usr/bin/env python3
"""Compares export_network.py with PyTorch, and writes the golden numbers in testdata/networks.

    reference_networks.py                  compares operators, networks and random graphs
    reference_networks.py --random 200     so many random graphs
    reference_networks.py --golden         writes testdata/networks

PyTorch evaluates the nodes of the network that is given to the exporter in float64, and lets autograd find the gradients: nothing
of the exported graph is used. Errors are relative to the largest magnitude. The last, of float32, is that of PyTorch's own gradient
in the exporter's precision: what rounding makes of it. Where rounding decides which of two values is the larger, or whether one is
positive, gradients jump by up to 1e-2; the exporter's must then be PyTorch's in float32, or of an image that differs by rounding.
State dicts are of modules with torchvision's names and real channels.
"""

import argparse
import copy
import gzip
import io
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import numpy_helper

import check_graph
import export_network
import sample_networks
import torchvision_modules
from golden_cases import REPOSITORY
from squeezenet_weights import MEAN, STD, WeightsError

TOLERANCE = 1e-4
SIZES = [(64, 64), (65, 97), (96, 67)]
GOLDEN = REPOSITORY / "testdata/networks"
GOLDEN_SIZE = (47, 66)


# --- ONNX in PyTorch -------------------------------------------------------------------------------------------------


class Reference:
    """Evaluates an ONNX model."""

    def __init__(self, model, average=False, precision=torch.float64):
        self.model, self.precision = model, precision
        self.maxima = functional.max_pool2d if not average else self.means
        self.constants = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in model.graph.initializer}

    def features(self, image, names):
        """The named values for an image [1][3][H][W]."""
        values = {"image": image}
        for node in self.model.graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            inputs = [self.value(name, values) for name in node.input]
            if node.op_type in ("Add", "Sum", "Mul", "Concat"):
                inputs = alike(inputs)
            values[node.output[0]] = getattr(self, node.op_type)(*inputs, **attributes)
        return [values[name] for name in names]

    def value(self, name, values):
        if name in values:
            return values[name]
        constant = self.constants.get(name)
        return constant.to(self.precision) if constant is not None and constant.is_floating_point() else constant

    @staticmethod
    def pad(x, pads, value=0.0):
        top, left, bottom, right = pads
        return functional.pad(x, (left, right, top, bottom), value=value)

    def Conv(self, x, kernel, bias=None, strides=1, pads=(0, 0, 0, 0), dilations=1, group=1):
        return functional.conv2d(self.pad(x, pads), kernel, bias, strides, 0, dilations, group)

    def BatchNormalization(self, x, gamma, beta, mean, variance, epsilon=1e-5):
        return functional.batch_norm(x, mean, variance, gamma, beta, False, 0, epsilon)

    def MaxPool(self, x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), ceil_mode=0):
        return self.maxima(x, kernel_shape, strides, pads[:2], dilations, bool(ceil_mode))

    @staticmethod
    def means(x, kernel, strides, pads, dilations, ceil):
        """What --max-pool-to-average makes of maxima."""
        return functional.avg_pool2d(x, kernel, strides, pads, ceil, count_include_pad=False)

    def AveragePool(self, x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), ceil_mode=0, count_include_pad=0):
        return functional.avg_pool2d(x, kernel_shape, strides, pads[:2], bool(ceil_mode), bool(count_include_pad))

    def Pad(self, x, pads, value=0.0):
        pads = pads.tolist()
        return self.pad(x, [pads[2], pads[3], pads[6], pads[7]], float(value))

    def Resize(self, x, _, scales, mode, **how):
        return functional.interpolate(x, scale_factor=scales[2].item(), mode="bilinear" if mode == b"linear" else "nearest")

    def Clip(self, x, low, high):
        return functional.hardtanh(x, float(low), float(high))

    def LeakyRelu(self, x, alpha=0.01):
        return functional.leaky_relu(x, alpha)

    def HardSigmoid(self, x, alpha=0.2, beta=0.5):
        return functional.hardtanh(alpha * x + beta, 0.0, 1.0)

    def HardSwish(self, x):
        return functional.hardswish(x)

    def Relu(self, x):
        return x.relu()

    def Sigmoid(self, x):
        return x.sigmoid()

    def Add(self, a, b):
        return a + b

    def Sub(self, a, b):
        return a - b

    def Mul(self, a, b):
        return a * b

    def Div(self, a, b):
        return a / b

    def Sum(self, *xs):
        return sum(xs)

    def Concat(self, *xs, axis):
        return torch.cat(xs, axis)

    def GlobalAveragePool(self, x):
        return x.mean((2, 3), keepdim=True)

    def Flatten(self, x):
        return x.flatten(1)


def alike(inputs):
    """Maps that meet, as large as the first of them: cut off or filled up with zeros below and on the right."""
    first = inputs[0]
    return [functional.pad(x, (0, first.shape[3] - x.shape[3], 0, first.shape[2] - x.shape[2]))
            if x.dim() == 4 and x.shape[2:] != first.shape[2:] else x for x in inputs]


# --- comparing -------------------------------------------------------------------------------------------------------


def exported(data, folder, *options):
    """The exported graph of a model or a state dict, run by ONNX Runtime, and its layers."""
    path, output = pathlib.Path(folder) / "network.onnx", pathlib.Path(folder) / "exported.onnx"
    path.write_bytes(data)
    data, layers = export_network.export(export_network.parse_arguments([str(path), "-o", str(output), *options]))
    output.write_bytes(data)
    return check_graph.Runner(output), layers


def pictures(seed, height, width):
    """Two smooth random pictures, normalised: noise would have many maxima that nearly tie."""
    random = np.random.default_rng(seed)
    coarse = torch.tensor(random.random((2, 3, 2 + height // 6, 2 + width // 6)))
    smooth = functional.interpolate(coarse, (height, width), mode="bicubic", align_corners=False).numpy()
    noisy = smooth + random.normal(0, 0.05, smooth.shape)
    return np.float32((noisy - MEAN.reshape(3, 1, 1)) / STD.reshape(3, 1, 1))


def gram(feature):
    flat = feature.flatten(2)[0]
    return flat @ flat.T / flat.numel()


def weights_of(features):
    """Weights with which every loss is worth about the same: of content and matching, of Gram matrices."""
    return ({n: 1 / max(1e-12, f.square().sum().item()) for n, f in enumerate(features)},
            {n: 1 / max(1e-12, gram(f).square().sum().item()) for n, f in enumerate(features)})


def averaged(feature, size):
    return functional.avg_pool2d(feature, size) if size > 1 else feature


def losses_of(features, targets, layers, local, style):
    """name -> loss; there are no matches of a map that is smaller than a square."""
    losses = {}
    for n, (feature, other) in enumerate(zip(features, targets)):
        losses[f"content.{n}"] = local[n] * (feature - other).square().sum()
        losses[f"style.{n}"] = style[n] * (gram(feature) - gram(other)).square().sum()
        size = max(1, 4 // layers[n].target.stride)
        if min(feature.shape[2:]) >= size:
            losses[f"match.{n}"] = local[n] * (averaged(feature, size) - averaged(other, size)).square().sum()
    return losses


class Module:
    """Evaluates a module, of which a layer is called by the names of its parts, with .relu behind if that follows."""

    def __init__(self, module, precision=torch.float64):
        self.module, self.outputs = copy.deepcopy(module).to(precision), {}
        for name, part in self.module.named_modules():
            part.register_forward_hook(lambda part, inputs, output, name=f"features.{name}": self.outputs.update({name: output}))

    def features(self, image, names):
        self.module(image)
        values = ((name, self.outputs[name.removesuffix(".relu")]) for name in names)
        return [value.relu() if name.endswith(".relu") else value for name, value in values]


def compare(model, sizes=SIZES, options=()):
    """The largest errors of features, losses and gradient; of the gradient, that of the L2 norm."""
    worst = {}
    if isinstance(model, torch.nn.Module):
        data, references = io.BytesIO(), [Module(model, precision) for precision in (torch.float64, torch.float32)]
        torch.save({f"features.{name}": value for name, value in model.state_dict().items()}, data)
        data = data.getvalue()
    else:
        data, average = model.SerializeToString(), "--max-pool-to-average" in options
        references = [Reference(model, average, precision) for precision in (torch.float64, torch.float32)]
    with tempfile.TemporaryDirectory() as folder:
        runner, layers = exported(data, folder, *options)
        for height, width in sizes:
            image, target = (picture[None] for picture in pictures(height, height, width))
            for kind, error in compare_at(runner, references, layers, image, target).items():
                worst[kind] = max(worst.get(kind, 0), error)
    return worst


def gradient_of(reference, names, image, targets, layers, local, style):
    """The losses and their gradient, in the reference's precision."""
    pixels = torch.tensor(image, dtype=targets[0].dtype, requires_grad=True)
    losses = losses_of(reference.features(pixels, names), targets, layers, local, style)
    sum(losses.values()).backward()
    return losses, np.float64(pixels.grad.numpy())


def compare_at(runner, references, layers, image, target):
    reference, rounded = references
    names = [layer.target.name for layer in layers]
    features = reference.features(torch.tensor(image, dtype=torch.float64), names)
    targets = [f.detach() for f in reference.features(torch.tensor(target, dtype=torch.float64), names)]
    worst = {}

    def differ(kind, got, want):
        want = want.detach().numpy()
        worst[kind] = max(worst.get(kind, 0), float(np.abs(got - want).max() / max(np.abs(want).max(), 1e-30)))

    for n, feature in enumerate(features):
        got = runner.feature(n, image)
        if got.shape != tuple(feature.shape):
            raise SystemExit(f"layer {n}: {got.shape}, want {tuple(feature.shape)}")
        differ("feature", got, feature)
        differ("gram", runner.gram(n, image), gram(feature))
    local, style = weights_of(targets)
    want, exact = gradient_of(reference, names, image, targets, layers, local, style)
    matched = {n: weight for n, weight in local.items() if f"match.{n}" in want}
    losses, gradient = runner.losses_and_gradient(image, target, local, style, matched)
    for loss, value in want.items():
        worst["loss"] = max(worst.get("loss", 0), abs(float(losses[loss]) / value.item() - 1) if value.item() > 1e-9 else 0)
    _, float32 = gradient_of(rounded, names, image, [t.float() for t in targets], layers, local, style)
    worst["gradient"] = min(distance(gradient, exact), distance(gradient, float32))
    if worst["gradient"] > TOLERANCE:
        jumped = (gradient_of(reference, names, near, targets, layers, local, style)[1] for near in rounded_otherwise(image))
        worst["gradient"] = min(worst["gradient"], *(distance(gradient, other) for other in jumped))
    worst["float32"] = distance(float32, exact)
    return worst


def distance(gradient, exact):
    return float(np.linalg.norm(gradient - exact) / np.linalg.norm(exact))


def rounded_otherwise(image, times=8):
    """The image with changes as small as float32's rounding within a network."""
    random = np.random.default_rng(0)
    return [image * np.float32(1 + 3e-7 * random.standard_normal(image.shape)) for _ in range(times)]


def write_golden(name, model):
    """The exported graph, and PyTorch's losses and gradient of an image against a target."""
    reference = Reference(model)
    with tempfile.TemporaryDirectory() as folder:
        runner, layers = exported(model.SerializeToString(), folder, *sample_networks.to_the_end(model))
        graph = (pathlib.Path(folder) / "exported.onnx").read_bytes()
    image, target = (picture[None] for picture in pictures(1, *GOLDEN_SIZE))
    names = [layer.target.name for layer in layers]
    targets = reference.features(torch.tensor(target, dtype=torch.float64), names)
    local, style = weights_of(targets)
    losses, gradient = gradient_of(reference, names, image, targets, layers, local, style)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / f"{name}.onnx.gz").write_bytes(gzip.compress(graph, 9, mtime=0))
    np.savez_compressed(GOLDEN / "pictures.npz", image=image, target=target)
    np.savez_compressed(GOLDEN / f"{name}.npz", local=np.float32(list(local.values())),
                        style=np.float32(list(style.values())), gradient=np.float32(gradient),
                        **{f"{kind}.losses": np.array([losses.get(f"{kind}.{n}", torch.tensor(0.0)).item() for n in range(len(layers))])
                           for kind in ("content", "style", "match")})


def check(name, model, options):
    """Compares what can be exported; of a random graph that may be less than all."""
    try:
        return report(name, compare(model, options=options))
    except WeightsError as error:
        told, _, last = str(error).partition("; --last ")
        print(f"{name:<28} {told.partition(': ')[2]}", flush=True)
        return name.startswith("random") and (not last or report(f"  to {last.split()[0]}", compare(model, options=["--last", last.split()[0]])))


def report(name, worst):
    """Prints a line; whether all errors are small."""
    good = all(error < TOLERANCE for kind, error in worst.items() if kind != "float32")
    print(f"{name:<28} {'  '.join(f'{kind} {error:.1e}' for kind, error in worst.items())}{'' if good else '  <-- too large'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=20, metavar="NUMBER", help="how many random graphs")
    parser.add_argument("--golden", action="store_true", help="write the golden numbers instead")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", metavar="WORD", help="only samples with this in their name")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.golden:
        for name, model in sample_networks.small().items():
            if arguments.only in name:
                write_golden(name, model)
        return
    good = True
    samples = sample_networks.samples(arguments.random, arguments.seed)
    samples |= {f"state dict of {name}": (make(),) for name, make in torchvision_modules.MODULES.items() if arguments.only in name}
    for name, (model, *options) in samples.items():
        if arguments.only in name:
            good &= check(name, model, options)
    sys.exit(0 if good else f"an error is above {TOLERANCE}")


if __name__ == "__main__":
    main()
