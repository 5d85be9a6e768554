"""Finds a network's layers: the maps that everything behind them depends on by them alone.

In a chain these are all maps; of a residual block the sum, of an Inception block the joined channels. Only of such maps can
the gradient be handed on in one piece, and only they are worth a name: the network between two of them is one layer.
"""

import dataclasses

from network_operators import POINT, Convolution, Normalization, Unsupported, operator
from squeezenet_weights import WeightsError

# What may stand behind the last layer without being told: the classifier.
HEAD = {"GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Gemm", "MatMul", "Softmax",
        "LogSoftmax", "ArgMax", "Shape", "Slice", "Gather", "Concat", "Cast", "Add", "Relu", "Sigmoid", "Clip", "Mul", "Div", "Sub",
        "BatchNormalization"}


@dataclasses.dataclass(frozen=True)
class Size:
    """How a side follows from another: (n + 2 pad - kernel) / stride + 1, and how far a place sees, in pixels of the image."""

    kernel: int = 1
    stride: int = 1
    pad: int = 0
    ceil: bool = False

    def then(self, w):
        """This and a window behind it, as one."""
        if w == POINT[0] or w.stride == 1 and w.before + w.after == w.reach:
            return self
        odd = (w.before + w.after) % 2  # of the padding: a place less of the kernel is the same
        if self.ceil or w.ceil and (self.stride > 1 or odd or self != Size() and (w.before or w.kernel < w.stride)):
            raise Unsupported("the size behind it cannot be told by one window")
        return Size(self.kernel + (w.reach - odd) * self.stride, self.stride * w.stride,
                    self.pad + (w.before + w.after) // 2 * self.stride, w.ceil)

    def shortest(self):
        """The same without what is read beyond the place itself, if the size is kept."""
        return Size() if self.stride == 1 and 2 * self.pad == self.kernel - 1 else self

    @property
    def same(self):
        """What decides the size."""
        return 2 * self.pad - self.kernel, self.stride, self.ceil


@dataclasses.dataclass
class Value:
    """What is known of a map: the node that gives it, and for rows and columns its size since the last layer and its field."""

    name: str
    node: object = None
    operator: object = None
    above: object = None  # the nearest map that it depends on by it alone
    depth: int = 0
    channels: int = 3
    stride: int = 1  # in pixels of the image
    field: tuple = (0, 0)  # pixels before and behind its own that one of its features sees
    order: int = 0


class Network:
    """The nodes that have a gradient, and their maps."""

    def __init__(self, source, average):
        self.values = {source.image: Value(source.image)}
        self.obstacles = []  # nodes without a gradient, and why
        self.skipped = []  # those that need what these would have given
        self.image = source.image
        fold_normalizations(source.nodes)
        for node in source.nodes:
            if node.inputs and all(name in self.values for name in node.inputs):
                self.add(node, average)
            else:
                self.skipped.append(node)

    def add(self, node, average):
        inputs = [self.values[name] for name in node.inputs]
        try:
            made = operator(node, [value.channels for value in inputs], average)
            if node.folded is not None:
                made.follow(*node.folded)
            value = Value(node.outputs[0], node, made, channels=made.channels, order=len(self.values))
            value.stride, value.field = see(made, inputs)
            value.above = common(inputs)
        except (Unsupported, WeightsError) as error:
            self.obstacles.append((node, str(error)))
            return
        value.depth = value.above.depth + 1
        self.values[value.name] = value

    def chain(self, last):
        """The maps from the image to last that all paths go through."""
        chain = []
        while last is not None:
            chain.append(last)
            last = last.above
        return chain[::-1]

    def deepest(self):
        return max(self.values.values(), key=lambda value: (value.depth, -value.order))

    def between(self, first, last):
        """The maps that last depends on, behind first, in order of evaluation."""
        needed = {last.name}
        for value in sorted(self.values.values(), key=lambda value: -value.order):
            if value.name in needed and value is not first:
                needed.update(value.node.inputs)
        return [value for value in self.values.values() if value.name in needed and value is not first]


def fold_normalizations(nodes):
    """Makes a normalisation behind a convolution that nothing else reads part of it."""
    makers = {node.outputs[0]: node for node in nodes if len(node.outputs) == 1}
    readers = {}
    for node in nodes:
        node.folded = None
        for name in node.inputs:
            readers[name] = readers.get(name, 0) + 1
    for node in [node for node in nodes if node.op == "BatchNormalization" and len(node.inputs) == 1]:
        before = makers.get(node.inputs[0])
        if before and before.op == "Conv" and before.folded is None and readers[node.inputs[0]] == 1:
            try:
                norm = Normalization(node, [Convolution(before, [before.constant(1).shape[1] * before.attributes.get("group", 1)]).channels])
            except (Unsupported, WeightsError):
                continue  # is told of when its turn comes
            before.folded = norm.scale, norm.shift
            before.outputs = node.outputs
            nodes.remove(node)


def see(made, inputs):
    """The stride and the field of an operator's output."""
    stride = inputs[0].stride
    if any(value.stride != stride for value in inputs):
        raise Unsupported("it joins maps of different strides")
    rows, columns = made.windows
    if rows.stride != columns.stride:
        raise Unsupported("its strides of rows and columns differ")
    before = max(value.field[0] for value in inputs) + max(w.before for w in made.windows) * stride
    behind = max(value.field[1] for value in inputs) + max(w.reach - w.before for w in made.windows) * stride
    return stride * rows.stride, (before, max(0, behind))


def common(values):
    """The nearest map that all of these depend on by it alone, or are."""
    nearest = values[0]
    for value in values[1:]:
        while nearest is not value:
            if nearest.depth >= value.depth:
                nearest = nearest.above
            else:
                value = value.above
    return nearest


@dataclasses.dataclass
class Layer:
    """A layer of the network: the maps up to its own, and what the metadata says of it."""

    values: list
    target: Value
    kind: str
    size: Size
    label: str = ""


def find_layers(network, last=None):
    """The layers down to the one that is called last, or to the deepest if nothing but a classifier stands behind it."""
    layers, obstacle = chain_layers(network, network.chain(network.deepest()))
    name_layers(layers)
    obstacle = obstacle or first_obstacle(network)
    if not layers:
        raise WeightsError(f"no layer can be had: {obstacle or 'the network has no operator that is known'}")
    if last is None:
        if obstacle:
            raise WeightsError(f"{obstacle}; --last {layers[-1].label} exports what stands in front of it")
        return layers
    for index, layer in enumerate(layers):
        if last in (layer.label, str(index), layer.target.name, layer.target.node.name):
            return layers[:index + 1]
    raise WeightsError(f"there is no layer {last}; there are {', '.join(layer.label for layer in layers)}")


def first_obstacle(network):
    """The first node without a gradient, in words, unless it begins a classifier."""
    if all(node.op in HEAD for node in [*(node for node, _ in network.obstacles), *network.skipped]):
        return ""
    if not network.obstacles:
        node = network.skipped[0]
        return f"node {node.name} ({node.op}) reads nothing that depends on the image"
    node, reason = network.obstacles[0]
    return f"node {node.name} ({node.op}): {reason}"


def chain_layers(network, chain):
    """The layers of a chain, each the maps behind the one before; and what stands in the way of more."""
    layers, first = [], chain[0]
    for value in chain[1:]:
        if value.operator.kind is None:
            continue
        values = network.between(first, value)
        try:
            layers.append(Layer(values, value, value.operator.kind, size_of(values, first)))
        except WeightsError as error:
            return layers, str(error)
        first = value
    return layers, ""


def size_of(values, first):
    """How the size of the last of values follows from that of first. All ways to it must agree."""
    sizes = {first.name: (Size(), Size())}
    for value in values:
        ways = [sizes[name] for name in value.node.inputs]
        here = f"node {value.node.name} ({value.node.op})"
        if any(axis.same != other.same for way in ways for axis, other in zip(way, ways[0])):
            raise WeightsError(f"{here} joins maps whose sizes differ for some pictures")
        try:
            sizes[value.name] = tuple(axis.then(window) for axis, window in zip(ways[0], value.operator.windows))
        except Unsupported as error:
            raise WeightsError(f"{here}: {error}") from error
    rows, columns = sizes[values[-1].name]
    if rows.same != columns.same:
        raise WeightsError(f"node {values[-1].node.name}: its rows and columns are counted differently")
    return rows.shortest()


def name_layers(layers):
    """Labels such as relu4_1: the kind, and how often the size was reduced, and which of the kind since."""
    block, stride, counts = 1, 1, {}
    for n, layer in enumerate(layers):
        reduced = layer.target.stride > stride and n > 0
        stride = layer.target.stride
        if layer.kind == "pool" and reduced:
            layer.label = f"pool{block}"
        if reduced:
            block, counts = block + 1, {}
        if not layer.label:
            counts[layer.kind] = counts.get(layer.kind, 0) + 1
            layer.label = f"{layer.kind}{block}_{counts[layer.kind]}"
