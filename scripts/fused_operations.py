"""SqueezeNet's operations and the losses on them, each with its gradient, by operators of zellige's own (runtime/fused).

The network is that of squeezenet_operations.py, and the graph keeps the same contract. But what goes back is done by four
operators in C, in a domain of their own, each in one pass over its maps. So maps are whole, and need not be taken apart.
"""

import contract_graph
import squeezenet_operations
from squeezenet_operations import Map

DOMAIN = "zellige"


class FirstConvolution(squeezenet_operations.FirstConvolution):
    def forward(self, image):
        self.image = image
        self.y = Map(self.graph, self.CHANNELS, [self.graph("Conv", image, self.kernel, self.bias, strides=[2, 2])])
        return self.y

    def backward(self, dy):
        return self.graph("ImageGradient", *self.y.shaped(dy), self.kernel, self.image, domain=DOMAIN)


class Relu:
    """The ReLU behind the first convolution."""

    adds = True  # backward adds up cotangents itself

    def __init__(self, graph, _):
        self.graph = graph

    def forward(self, x):
        self.y = Map(self.graph, x.channels, [self.graph("Relu", *x.parts)])
        x.alike, = self.y.parts
        return self.y

    def backward(self, cotangents):
        return [self.graph("Reshape", through_relu(self.graph, self.y.parts[0], *cotangents), [self.y.channels, -1])]


class Fire(squeezenet_operations.Fire):
    adds = True

    def __init__(self, graph, name, convolutions, before_pool):
        super().__init__(graph, name, convolutions, before_pool=False)

    def forward(self, x):
        self.squeezed = self.squeeze.forward(x.parts[0])
        halves = [half.forward(self.squeezed) for half in (self.expand1x1, self.expand3x3)]
        self.y = Map(self.graph, self.channels, [self.graph("Concat", *halves, axis=1)], halves=[halves])
        return self.y

    def backward(self, cotangents):
        g = self.graph
        left, right = through_relu(g, self.y.parts[0], *cotangents, outputs=2)
        dsqueezed = g("Add", self.expand1x1.backward(left), self.expand3x3.backward(right))
        dx = self.squeeze.backward(through_relu(g, self.squeezed, dsqueezed))
        return [g("Reshape", dx, [self.squeeze.inputs, -1])]


class MaxPool:
    """3x3 maxima with stride 2; a window that hangs over the lower or right edge counts (ceil_mode)."""

    def __init__(self, graph):
        self.graph = graph

    def forward(self, x):
        self.x = x
        self.y = Map(self.graph, x.channels, [self.graph("MaxPool", *x.parts, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)])
        return self.y

    def backward(self, dy):
        dx = self.graph("MaxPoolGradient", *self.x.parts, *self.y.parts, *dy, domain=DOMAIN)
        return [self.graph("Reshape", dx, [self.x.channels, -1])]


def through_relu(g, y, *cotangents, outputs=1):
    """The cotangents, added up, where y > 0, else 0; two outputs have half of the channels each."""
    return g("ReluGradient", y, *cotangents, outputs=outputs, domain=DOMAIN)


class Difference:
    """weight * sum((A(F) - target)^2), where A averages squares of size x size places; with its gradient in one pass."""

    def compare(self, graph, name, feature, shape, size=1):
        self.graph, self.name, self.channels = graph, name, feature.channels
        target, weight = graph.input(f"{name}.target", shape), graph.input(f"{name}.weight", [])
        self.gradient, self.weighted = graph("Difference", *feature.parts, target, weight, outputs=2, size=size, domain=DOMAIN)

    def loss(self):
        self.graph("Identity", self.weighted, name=f"{self.name}.loss")
        self.graph.output(f"{self.name}.loss", [])

    def cotangent(self):
        return [self.graph("Reshape", self.gradient, [self.channels, -1])]


class ContentTerm(Difference):
    def __init__(self, graph, layer, feature, shape):
        self.compare(graph, f"content.{layer}", feature, shape)


class MatchTerm(Difference):
    def __init__(self, graph, layer, feature, shape, size):
        _, shape = contract_graph.averaged(graph, layer, feature, shape, size)
        self.compare(graph, f"match.{layer}", feature, shape, size)


def terms(graph, layer, feature, shape, average):
    """As contract_graph.standard_terms."""
    return (ContentTerm(graph, layer, feature, shape), contract_graph.StyleTerm(graph, layer, feature),
            contract_graph.RegionTerm(graph, layer, feature, shape), MatchTerm(graph, layer, feature, shape, average))
