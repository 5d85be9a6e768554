"""Finds a network's layers: the maps that everything behind them depends on by them alone.

In a chain these are all maps; of a residual block the sum, of an Inception block the joined channels. Only of such maps can
the gradient be handed on in one piece, and only they are worth a name: the network between two of them is one layer.
"""

import dataclasses
import math

import numpy as np

from network_operators import Convolution, Fit, Normalization, Unsupported, operator
from squeezenet_weights import WeightsError

# What may stand behind the last layer without being told: the classifier.
HEAD = {"GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Gemm", "MatMul", "Softmax",
        "LogSoftmax", "ArgMax", "Shape", "Slice", "Gather", "Concat", "Cast", "Add", "Relu", "Sigmoid", "Clip", "Mul", "Div", "Sub",
        "BatchNormalization"}

LARGEST_GRID = 4096


@dataclasses.dataclass(frozen=True)
class Size:
    """How a side follows from another: up ((n + 2 pad - kernel) / stride + 1)."""

    kernel: int = 1
    stride: int = 1
    pad: int = 0
    ceil: bool = False
    up: int = 1
    told: bool = True  # else it only follows from a map that this one meets, see Fit

    @property
    def resized(self):
        return self.up > 1 or not self.told

    def then(self, factor, w):
        """This and an operator behind it that repeats factor times and then has this window, as one."""
        keeps = w.stride == 1 and w.before + w.after == w.reach
        if keeps and (factor == 1 or not self.resized):
            return dataclasses.replace(self, up=self.up * factor)
        if self.resized or factor > 1:
            return dataclasses.replace(self, told=False)
        odd = (w.before + w.after) % 2  # of the padding: a place less of the kernel is the same
        if self.ceil or w.ceil and (self.stride > 1 or odd or self != Size() and (w.before or w.kernel < w.stride)):
            raise Unsupported("the size behind it cannot be told by one window")
        return Size(self.kernel + (w.reach - odd) * self.stride, self.stride * w.stride,
                    self.pad + (w.before + w.after) // 2 * self.stride, w.ceil)

    def shortest(self):
        """The same without what is read beyond the place itself, if the size is kept."""
        return dataclasses.replace(self, kernel=1, pad=0, ceil=False) if self.stride == 1 and 2 * self.pad == self.kernel - 1 else self


def count(places, factor, w):
    """How many windows w there are on sides of so many places, each repeated factor times."""
    room = places * factor + w.before + w.after - w.reach - 1
    if not w.ceil:
        return room // w.stride + 1
    windows = -(-room // w.stride) + 1
    return windows - ((windows - 1) * w.stride >= places * factor + w.before)


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
    grid: int = 1  # a multiple of all strides on the way
    fits: dict = dataclasses.field(default_factory=dict)  # inputs, by position, that become as large as another -> Fit, its position
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
            value.grid = math.lcm(value.stride, *(of.grid for of in inputs))
            if value.grid > LARGEST_GRID:
                raise Unsupported(f"it has a stride of more than {LARGEST_GRID} pixels")
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
    if stride % made.factor:
        raise Unsupported(f"it would put {made.factor} features where there are {stride} pixels")
    fine = stride // made.factor
    before = max(value.field[0] for value in inputs) + stride - fine + max(w.before for w in made.windows) * fine
    behind = max(value.field[1] for value in inputs) + max(w.reach - w.before for w in made.windows) * fine
    return fine * rows.stride, (before, max(0, behind))


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
    """The layers down to the one that is called last, or to the one behind the most if only a classifier stands behind it."""
    named = [value for value in network.values.values() if value.node and last in (value.name, value.node.name)]
    layers, obstacle = chain_layers(network, network.chain(named[0] if named else network.deepest()))
    name_layers(layers)
    obstacle = obstacle or first_obstacle(network)
    if not layers:
        raise WeightsError(f"no layer can be had: {obstacle or 'the network has no operator that is known'}")
    if last is None:
        if obstacle:
            raise WeightsError(f"{obstacle}; --last {layers[-1].label} exports what stands in front of it")
        return layers
    for index, layer in enumerate(layers):
        if last in (layer.label, str(index)) or named and layer.target is named[0]:
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
    period = values[-1].grid // first.stride
    sides = {first.name: [(1 << 20) * period + np.arange(period)] * 2}  # one of each kind, larger than any kernel
    sizes = {first.name: (Size(), Size())}
    for value in values:
        here = f"node {value.node.name} ({value.node.op})"
        way = meet(value, sides, sizes, here)
        made = value.operator
        try:
            sizes[value.name] = tuple(axis.then(made.factor, window) for axis, window in zip(sizes[way], made.windows))
        except Unsupported as error:
            raise WeightsError(f"{here}: {error}") from error
        sides[value.name] = [count(side, made.factor, window) for side, window in zip(sides[way], made.windows)]
    (rows, columns), lengths = sizes[values[-1].name], sides[values[-1].name]
    if not np.array_equal(*lengths):
        raise WeightsError(f"node {values[-1].node.name}: its rows and columns are counted differently")
    if not rows.told:
        raise WeightsError(f"{here}: the size behind a Resize cannot be told by one window")
    return rows.shortest()


def meet(value, sides, sizes, here):
    """The input whose size the others have, or are given if they come from a Resize and have it for some pictures."""
    names = value.node.inputs
    like = next((name for name in names if not sizes[name][0].resized), names[0])
    for position, name in enumerate(names):
        same = np.equal(sides[name], sides[like])
        if same.all():
            continue
        if not sizes[name][0].resized or not same.any(axis=1).all():
            raise WeightsError(f"{here} joins maps whose sizes differ for some pictures")
        value.fits[position] = Fit(), names.index(like)
    return like


def name_layers(layers):
    """Labels such as relu4_1: the kind, and how often the stride was changed, and which of the kind since."""
    block, stride, counts = 1, 1, {}
    for n, layer in enumerate(layers):
        changed = layer.target.stride != stride and n > 0
        if layer.kind == "pool" and layer.target.stride > stride and n > 0:
            layer.label = f"pool{block}"
        stride = layer.target.stride
        if changed:
            block, counts = block + 1, {}
        if not layer.label:
            counts[layer.kind] = counts.get(layer.kind, 0) + 1
            layer.label = f"{layer.kind}{block}_{counts[layer.kind]}"
