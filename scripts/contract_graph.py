"""Style transfer's losses on every layer of a network, and their gradient, as one graph that keeps zellige's contract.

The contract is in models/README.md. A network is a list of operations, one for each layer, of which each reads the layer before
it: forward takes a layer's features and gives the next one's, backward takes the cotangent of the latter and gives that of the
former. The graph is all the forwards from the image to the last layer, then all the backwards from there to the image.

An objective uses a few of the losses. Who runs the graph drops every node that needs an input that is not fed; only a
Sum survives the loss of some of its operands. So a Sum, and nothing else, joins what may be missing: the cotangents from
the layers above, of the content loss, of the style loss, of a region's style loss and of the matching loss.
"""

CONTRACT = "1"
MATCH_STRIDE = 4  # of the grid that matching averages finer layers to


# --- losses: what a layer's features are asked for -------------------------------------------------------------------


class Term:
    """weight * sum(difference^2)"""

    def loss(self):
        g = self.graph
        g("Mul", self.weight, self.square(), name=f"{self.name}.loss")
        g.output(f"{self.name}.loss", [])

    def square(self):
        return self.graph("ReduceSumSquare", self.difference, keepdims=0)


class ContentTerm(Term):
    """weight * sum((F - target)^2), part by part: of two maps that would have to be put together, one is taken apart."""

    def __init__(self, graph, layer, feature, shape):
        self.graph, self.name = graph, f"content.{layer}"
        self.weight = graph.input(f"{self.name}.weight", [])
        targets = feature.split(graph.input(f"{self.name}.target", shape))
        self.differences = [graph("Sub", *pair) for pair in zip(feature.flat(), targets)]

    def square(self):
        g = self.graph
        squares = [g("ReduceSumSquare", difference, keepdims=0) for difference in self.differences]
        return g("Add", *squares) if len(squares) == 2 else squares[0]

    def cotangent(self):
        """2 * weight * (F - target), in F's parts."""
        g = self.graph
        factor = g("Mul", self.weight, 2.0)
        return [g("Mul", difference, factor) for difference in self.differences]


class StyleTerm(Term):
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


class MatchTerm(Term):
    """weight * sum((A(F) - target)^2), where A averages squares of size x size places.

    Of a layer whose columns are apart, size is 2: the whole map is not put together.
    """

    def __init__(self, graph, layer, feature, shape, size):
        self.graph, self.name, self.feature, self.size = graph, f"match.{layer}", feature, size
        features, shape = averaged(graph, layer, feature, shape, size)
        self.weight = graph.input(f"{self.name}.weight", [])
        self.difference = graph("Sub", features, graph.input(f"{self.name}.target", shape))

    def cotangent(self):
        """2 * weight * (A(F) - target) / size^2 at each place of a square, in F's parts."""
        g = self.graph
        d = g("Mul", self.difference, g("Mul", self.weight, 2.0 / self.size**2))
        return self.feature.spread(d, self.size) if self.size > 1 else self.feature.split(d)


def averaged(g, layer, feature, shape, size):
    """What a layer's matching loss compares, which is an output too, and its shape."""
    features = f"feature.{layer}"
    if size > 1:  # the names of height and width tell that these are not a pool's
        features, shape = feature.averaged(size), [*shape[:2], *(f"{side}/{size}" for side in shape[2:])]
    g("Identity", features, name=f"match.{layer}.feature")
    g.output(f"match.{layer}.feature", shape)
    return features, shape


def standard_terms(g, layer, feature, shape, average):
    """The losses of a layer's features; matching averages average x average places."""
    return (ContentTerm(g, layer, feature, shape), StyleTerm(g, layer, feature), RegionTerm(g, layer, feature, shape),
            MatchTerm(g, layer, feature, shape, average))


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


# --- the graph -------------------------------------------------------------------------------------------------------


def assemble(g, network, describe, terms=standard_terms):
    """Fills the graph; network are the operations, and describe tells what the metadata says of layers with these features.

    The order of the nodes decides the order in which ONNX Runtime evaluates them, and so its peak of memory. It goes from the
    outputs back to what they need, and takes what stands last first. So the losses stand behind the gradient: then each
    layer's Gram matrix is computed with the layer. And the terms' cotangents stand before the backward operations: then they
    are computed when the cotangent from above is there, not long before.
    """
    features = forward(g, network)
    layers = describe(features)
    shapes = [[1, layer["channels"], *layer.pop("sides")] for layer in layers]
    for layer, feature in enumerate(features):
        g("Identity", feature.whole(), name=f"feature.{layer}")
        g.output(f"feature.{layer}", shapes[layer])

    terms = [terms(g, layer, feature, shapes[layer], layers[layer]["match_average"]) for layer, feature in enumerate(features)]
    g("Identity", backward(g, network, [[term.cotangent() for term in layer] for layer in terms]), name="gradient")
    g.output("gradient", [1, 3, "H", "W"])
    for layer in reversed(terms):
        for term in layer:
            term.loss()
    return layers


def forward(g, network):
    """The layers' outputs."""
    value = g.input("image", [1, 3, "H", "W"])
    features = []
    for operation in network:
        value = operation.forward(value)
        features.append(value)
    return features


def backward(g, network, terms):
    """The gradient in the image; terms are, for each layer, the cotangents of its losses."""
    above = []  # the cotangent from the layers above
    for layer in reversed(range(len(network))):
        cotangents = list(zip(*above, *terms[layer]))
        if getattr(network[layer], "adds", False):  # up, itself
            cotangents, = cotangents
        else:
            cotangents = [g("Sum", *parts, name=f"cotangent.{layer}.{part}") for part, parts in enumerate(cotangents)]
        gradient = network[layer].backward(cotangents)
        above = [gradient]
    return gradient
