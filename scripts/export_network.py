#!/usr/bin/env python3
"""Exports a feed-forward network together with its style-transfer losses and their gradient as one ONNX graph.

    export_network.py vgg19.onnx -o vgg19-zellige.onnx
    export_network.py vgg19-dcbb9e9d.pth -o vgg19-zellige.onnx
    zellige transfer photo.jpg painting.jpg --model vgg19-zellige.onnx

NETWORK is an ONNX model that reads an image, or a state dict of torchvision's VGG, AlexNet or SqueezeNet. What is kept are
its layers down to --last, by default all in front of the classifier. docs/networks.md tells more.
"""

import argparse
import pathlib
import sys

import numpy as np

import contract_graph
import network_layers
import network_sources
import squeezenet_weights
from network_operators import Affine
from onnx_graph import Graph, replace, sealed
from squeezenet_operations import Map
from squeezenet_weights import WeightsError

EXPORTER_VERSION = "11"


class Block:
    """A layer: the operators between two layers' maps."""

    def __init__(self, g, index, layer, source):
        self.g, self.layer, self.source = g, layer, source
        for n, value in enumerate(layer.values):
            value.operator.name = f"{index}.{n}"

    def forward(self, x):
        maps = {self.source: x}
        for value in self.layer.values:
            read = [maps[name] for name in value.node.inputs]
            for position, (fit, like) in value.fits.items():
                read[position] = fit.forward(self.g, read[position], read[like])
            maps[value.name] = value.operator.forward(self.g, *read)
        return maps[self.layer.target.name]

    def backward(self, cotangent):
        cotangents = {self.layer.target.name: cotangent}
        for value in reversed(self.layer.values):
            parts = value.operator.backward(self.g, self.total(cotangents.pop(value.name)))
            for position, (name, part) in enumerate(zip(value.node.inputs, parts)):
                fit, _ = value.fits.get(position, (None, None))
                cotangents.setdefault(name, []).append(fit.backward(self.g, part) if fit else part)
        return [self.total(cotangents[self.source])]

    def total(self, parts):
        total, *rest = parts
        for part in rest:
            total = self.g("Add", total, part)
        return total


class FirstBlock(Block):
    """The layer that reads the image, which becomes what the network was trained on before."""

    def __init__(self, g, index, layer, source, preprocessing):
        super().__init__(g, index, layer, source)
        self.preprocessing = preprocessing

    def forward(self, image):
        return super().forward(self.preprocessing.forward(self.g, Map(self.g, 3, [image])))

    def backward(self, cotangent):
        return self.preprocessing.backward(self.g, *super().backward(cotangent))


class Preprocessing(Affine):
    """Makes of the image, normalised as zellige does, what the network reads: (255 value - mean) / std, red or blue first."""

    def __init__(self, arguments):
        self.channels, self.blue_first = 3, arguments.channels == "bgr"
        mean, std = np.array(arguments.mean), np.array(arguments.std)
        self.scale = 255 * squeezenet_weights.STD / std
        self.shift = (255 * squeezenet_weights.MEAN - mean) / std
        if np.allclose(self.scale, 1, atol=1e-6) and np.allclose(self.shift, 0, atol=1e-6):
            self.scale, self.shift = np.ones(3), np.zeros(3)

    def forward(self, g, image):
        y = super().forward(g, image)
        return self.map(g, g("Gather", y.parts[0], [2, 1, 0], axis=1)) if self.blue_first else y

    def backward(self, g, dy):
        if self.blue_first:
            dy = g("Gather", dy, [2, 1, 0], axis=0)
        return self.y.shaped(super().backward(g, dy))[0]


def describe(layers):
    """What the metadata says of the layers."""
    described, stride, windows, sees = [], 1, 1, 0
    for index, layer in enumerate(layers):
        size, value, convolutions = layer.size, layer.target, [v for v in layer.values if v.operator.products]
        windows += (size.kernel - 1) * stride
        seen = described[-1]["receptive_field"] if described else 1
        described.append({
            "index": index, "name": layer.kind, "label": layer.label, "details": value.node.name, "channels": value.channels,
            "stride": value.stride, "receptive_field": max(seen + sum(value.field) - sees, windows),
            "window": {"kernel": size.kernel, "stride": size.stride, "pad": size.pad, "ceil": size.ceil},
            "match_average": max(1, contract_graph.MATCH_STRIDE // value.stride),
            "products": sum(v.operator.products * (value.stride / v.stride) ** 2 for v in convolutions),
            "values": sum(v.channels * (value.stride / v.stride) ** 2 for v in kept(layer.values)),
            "sides": [f"h{index}", f"w{index}"],
        } | ({"up": size.up} if size.up > 1 else {}) | ({"grid": value.grid} if value.grid > value.stride else {}))
        stride, sees = value.stride, sum(value.field)
        while any(reach(described, base) < sight(layers, base, index) for base in bases(described)):
            described[-1]["receptive_field"] += 1
    return described


def bases(described):
    """Where zellige may begin to evaluate the last layer: at the image, or at a pool's features."""
    pools = [layer for layer in described[:-1] if layer["name"] == "pool"]
    return [None, *(pool["index"] for pool in pools if all(layer["stride"] % pool["stride"] == 0 for layer in described[pool["index"]:]))]


def sight(layers, base, index):
    """How far the features of a layer at some places of the base see beyond these."""
    value = layers[index].target
    before, behind, unit = value.field[0], value.field[1], 1
    if base is not None:
        start = layers[base].target
        before, behind, unit = before - start.field[0], behind - start.field[1], start.stride
    return max(-(-before // unit), -(-behind // unit) + 1 - value.stride // unit)


def reach(described, base):
    """How far zellige will reckon that the last layer sees so, from the metadata."""
    first, unit, start = (0, 1, 1) if base is None else (base + 1, *(described[base][key] for key in ("stride", "receptive_field")))
    before, stride, seen = 0, 1, 1
    for layer in described[first:]:
        window, field = (layer["window"]["kernel"] - 1) * stride, -(-(layer["receptive_field"] - start) // unit) + 1
        before += layer["window"]["pad"] * stride + (field - seen - window + 1) // 2
        seen, stride = field, layer["stride"] // unit
    return max(before, seen - stride - before)


def kept(values):
    """The maps that stay in memory for the gradient: a convolution and the ReLU behind it are one."""
    behind = {v.node.inputs[0] for v in values if v.operator.kind == "relu"}
    return [v for v in values if v.operator.kind and not (v.operator.kind == "conv" and v.name in behind)]


def build(source, layers, arguments):
    g, network, before = Graph(), [], source.image
    for index, layer in enumerate(layers):
        made = (FirstBlock(g, index, layer, before, Preprocessing(arguments)) if index == 0 else Block(g, index, layer, before))
        network.append(made)
        before = layer.target.name
    described = contract_graph.assemble(g, network, lambda features: describe(layers))
    return g.model("network", "zellige export_network.py", EXPORTER_VERSION, {
        "zellige.contract": contract_graph.CONTRACT,
        "zellige.exporter": EXPORTER_VERSION,
        "zellige.mean": squeezenet_weights.MEAN.tolist(),
        "zellige.std": squeezenet_weights.STD.tolist(),
        "zellige.channels": arguments.channels,
        "zellige.layers": described,
        "zellige.weights": source.provenance,
    })


# --- command line ----------------------------------------------------------------------------------------------------


def three(text):
    values = [float(part) for part in text.split(",")]
    if len(values) not in (1, 3) or not np.isfinite(values).all():
        raise argparse.ArgumentTypeError(f"{text} is not one number or three")
    return values * (3 // len(values))


def positive_three(text):
    if min(three(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} must be positive")
    return three(text)


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=pathlib.Path, metavar="NETWORK")
    parser.add_argument("-o", "--output", type=pathlib.Path, metavar="FILE", required=True)
    parser.add_argument("--last", metavar="LAYER", help="the deepest layer that is kept: its label, number or node")
    parser.add_argument("--max-pool-to-average", action="store_true", help="take the means of windows instead of their maxima")
    parser.add_argument("--mean", type=three, metavar="R,G,B", default=(255 * squeezenet_weights.MEAN).tolist(),
                        help="what was subtracted from values 0 to 255 when the network was trained (default: ImageNet's)")
    parser.add_argument("--std", type=positive_three, metavar="R,G,B", default=(255 * squeezenet_weights.STD).tolist(),
                        help="what was divided by then (default: ImageNet's)")
    parser.add_argument("--channels", choices=["rgb", "bgr"], default="rgb", help="the order of the channels that the network reads")
    return parser.parse_args(arguments)


def export(arguments):
    source = network_sources.read(arguments.network)
    network = network_layers.Network(source, arguments.max_pool_to_average)
    try:
        layers = network_layers.find_layers(network, arguments.last)
    except WeightsError as error:
        raise WeightsError(f"{arguments.network}: {error}") from error
    return sealed(build(source, layers, arguments)), layers


def main():
    arguments = parse_arguments()
    try:
        data, layers = export(arguments)
        replace(arguments.output, data)
    except (WeightsError, OSError) as error:
        sys.exit(f"export_network: error: {error}")
    print(f"{arguments.output}: {len(data)} bytes, {len(layers)} layers from {layers[0].label} to {layers[-1].label}")


if __name__ == "__main__":
    main()
