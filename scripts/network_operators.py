"""The operators that export_network.py knows, each with its gradient: forward, and beside it backward.

An operator is made of a node and the channels of the maps that it reads, and says what it makes of sizes (windows) and how
many multiply-adds a position of its output takes (products). forward takes and gives maps (squeezenet_operations.Map), always whole.
backward takes the cotangent of its output and gives those of its inputs, all flat, [channels][positions].

To add an operator, write such a class and enter it in OPERATORS. A node of it that cannot be done is Unsupported.

What backward multiplies a cotangent by is named in forward already, though not needed there: see contract_graph.assemble.
"""

import dataclasses
import fractions
import math

import numpy as np
from onnx import TensorProto

from squeezenet_operations import END, Map, fit, positive, squares

LOWEST = -3.4e38  # around a map whose maxima are taken


class Unsupported(Exception):
    """A node cannot be exported; the message says why, without the node's name."""


@dataclasses.dataclass(frozen=True)
class Window:
    """What is read along one axis: windows of kernel places, dilation apart, every stride places."""

    kernel: int = 1
    stride: int = 1
    before: int = 0  # how far the first window hangs over the edge
    after: int = 0
    dilation: int = 1
    ceil: bool = False  # the last window may hang over farther

    @property
    def reach(self):
        """From the first place of a window to its last."""
        return (self.kernel - 1) * self.dilation

    @property
    def plain(self):
        return self.before == self.after == 0 and not self.ceil


POINT = (Window(), Window())


class Operator:
    """Common to all: an operator of one value at a time."""

    kind = None  # what a layer that ends with the operator is called; None if no layer does
    factor = 1  # how many places there are, in rows and columns, for each that is read, before windows are
    windows = POINT  # of rows, of columns
    products = 0

    def __init__(self, node, channels):
        self.channels = channels[0]

    def map(self, g, name):
        self.y = Map(g, self.channels, [name])
        return self.y


def whole(x):
    """The map [1][channels][h][w], and the same flat."""
    return x.parts[0], x.flat()[0]


def read_windows(node, kernel):
    """The windows of rows and columns of a node with kernel_shape, strides, pads, dilations, ceil_mode and auto_pad."""
    strides = node.attributes.get("strides", [1, 1])
    dilations = node.attributes.get("dilations", [1, 1])
    pads = node.attributes.get("pads", [0, 0, 0, 0])
    automatic = node.attributes.get("auto_pad", "NOTSET")
    if not len(kernel) == len(strides) == len(dilations) == len(pads) // 2 == 2:
        raise Unsupported("it is not about two dimensions")
    if min(*kernel, *strides, *dilations) < 1 or min(pads) < 0 or max(*kernel, *strides, *dilations, *pads) > 1024:
        raise Unsupported("a kernel, stride, dilation or padding is out of range, 1 to 1024")
    if automatic.startswith("SAME"):  # with a stride: as of pictures whose sides are multiples of it
        over = [max(0, (k - 1) * d + 1 - stride) for k, d, stride in zip(kernel, dilations, strides)]
        small, large = [n // 2 for n in over], [n - n // 2 for n in over]
        pads = [*small, *large] if automatic == "SAME_UPPER" else [*large, *small]
    elif automatic == "VALID":
        pads = [0, 0, 0, 0]
    ceil = bool(node.attributes.get("ceil_mode", 0))
    return tuple(Window(*of) for of in zip(kernel, strides, pads[:2], pads[2:], dilations, [ceil, ceil]))


def attributes_of(windows):
    """The attributes of read_windows again."""
    rows, columns = windows
    return {"strides": [rows.stride, columns.stride], "dilations": [rows.dilation, columns.dilation],
            "pads": [rows.before, columns.before, rows.after, columns.after]}


# --- convolution -----------------------------------------------------------------------------------------------------


class Convolution(Operator):
    """y[o] = sum of kernel[o][i][k] x[i] at the window's places + bias[o]. Groups: only some i go to an o."""

    kind = "conv"

    def __init__(self, node, channels):
        self.kernel, self.bias = node.constant(1), node.constant(2, optional=True)
        self.group = node.attributes.get("group", 1)
        if self.kernel.ndim != 4:
            raise Unsupported("it is not about two dimensions")
        self.channels, inputs = self.kernel.shape[0], self.kernel.shape[1] * self.group
        if self.bias is None:
            self.bias = np.zeros(self.channels)
        if self.group < 1 or self.channels % self.group or inputs != channels[0] or self.bias.shape != (self.channels,):
            raise Unsupported(f"its kernel {list(self.kernel.shape)} in {self.group} groups does not fit {channels[0]} channels")
        self.windows = read_windows(node, list(self.kernel.shape[2:]))
        self.products = self.kernel.size

    def follow(self, scale, shift):
        """Multiplies and adds to each channel of the output: a normalisation behind the convolution."""
        self.kernel = self.kernel * scale.reshape(-1, 1, 1, 1)
        self.bias = self.bias * scale + shift

    def forward(self, g, x):
        self.x = x.parts[0]
        self.weights = g.constant(self.kernel, f"{self.name}.kernel")
        bias = g.constant(self.bias, f"{self.name}.bias")
        return self.map(g, g("Conv", self.x, self.weights, bias, group=self.group, **attributes_of(self.windows)))

    def backward(self, g, dy):
        dy, = self.y.shaped([dy])
        dx = self.turned(g, dy) if self.turns() else self.spread(g, dy)
        return [g("Reshape", dx, [self.kernel.shape[1] * self.group, -1])]

    def turns(self):
        return all(w.stride == 1 and max(w.before, w.after) <= w.reach for w in self.windows)

    def turned(self, g, dy):
        """A convolution with the kernel turned by 180 degrees, inputs and outputs swapped, as fast as that of forward."""
        outputs, inputs, *sides = self.kernel.shape
        kernel = self.weights
        if self.group > 1:
            kernel = g("Reshape", kernel, [self.group, outputs // self.group, inputs, -1])
            kernel = g("Transpose", kernel, perm=[0, 2, 1, 3])
            kernel = g("Reshape", kernel, [self.group * inputs, outputs // self.group, *sides])
        else:
            kernel = g("Transpose", kernel, perm=[1, 0, 2, 3])
        if sides != [1, 1]:
            kernel = g("Slice", kernel, [-1, -1], [-END, -END], [2, 3], [-1, -1])
        windows = [Window(w.kernel, 1, w.reach - w.before, w.reach - w.after, w.dilation) for w in self.windows]
        return g("Conv", dy, kernel, group=self.group, **attributes_of(windows))

    def spread(self, g, dy):
        attributes = attributes_of(self.windows) | {"pads": [0, 0, 0, 0]}
        patch = g("ConvTranspose", dy, self.weights, group=self.group, **attributes)
        return fit(g, patch, self.x, [w.before for w in self.windows])


# --- affine functions of each channel --------------------------------------------------------------------------------


class Affine(Operator):
    """y = scale x + shift, each a number for each channel: a normalisation, or a sum or product with a constant."""

    def __init__(self, node, channels):
        self.channels = channels[0]
        self.scale, self.shift = (self.each(value) for value in self.read(node))

    def each(self, value):
        """value for each channel, [channels]; ONNX gives it as one number or as [channels, 1, 1]."""
        if value.size == 1:
            return np.full(self.channels, value.reshape(-1)[0])
        if value.size != self.channels or (value.ndim > 1 and value.shape[-3:] != (self.channels, 1, 1)):
            raise Unsupported(f"a constant {list(value.shape)} is not one number for each of {self.channels} channels")
        return value.reshape(-1)

    def forward(self, g, x):
        y = x.parts[0]
        if (self.scale != 1).any():
            y = g("Mul", y, self.scale.reshape(-1, 1, 1))
        if (self.shift != 0).any():
            y = g("Add", y, self.shift.reshape(-1, 1, 1))
        return self.map(g, y)

    def backward(self, g, dy):
        return [g("Mul", dy, self.scale.reshape(-1, 1)) if (self.scale != 1).any() else dy]


class Normalization(Affine):
    def read(self, node):
        gamma, beta, mean, variance = (node.constant(i) for i in range(1, 5))
        if node.attributes.get("training_mode", 0):
            raise Unsupported("it is in training mode; export the network in evaluation mode")
        scale = gamma / np.sqrt(variance + node.attributes.get("epsilon", 1e-5))
        return scale, beta - mean * scale


class Constant(Affine):
    """A sum, difference, product or quotient with a constant."""

    def read(self, node):
        (position, value), = node.constants.items()
        if value.ndim == 1 and value.size > 1:
            raise Unsupported("a constant row for each column of the picture")
        zero, one = np.zeros(1), np.ones(1)
        if node.op == "Add":
            return one, value
        if node.op == "Mul":
            return value, zero
        if node.op == "Sub":
            return (one, -value) if position == 1 else (-one, value)
        if position == 0 or not value.all():
            raise Unsupported("a division of a constant, or by zero")
        return 1 / value, zero


# --- functions of one value ------------------------------------------------------------------------------------------


class Sloped(Operator):
    """An operator whose slope at each value forward keeps."""

    def backward(self, g, dy):
        return [g("Mul", dy, self.slope)]


class Relu(Sloped):
    kind = "relu"

    def forward(self, g, x):
        y = self.map(g, g("Relu", x.parts[0]))
        x.alike = y.parts[0]  # so that ONNX Runtime makes one operation of a convolution and this
        self.slope = positive(g, y.flat()[0])
        return y


class LeakyRelu(Sloped):
    kind = "relu"

    def __init__(self, node, channels):
        super().__init__(node, channels)
        self.alpha = node.attributes.get("alpha", 0.01)

    def forward(self, g, x):
        x, flat = whole(x)
        self.slope = g("Add", g("Mul", positive(g, flat), 1 - self.alpha), self.alpha)
        return self.map(g, g("LeakyRelu", x, alpha=self.alpha))


class Clip(Operator):
    """The nearest number of [low, high]; at low and at high its gradient is 0."""

    kind = "relu"

    def __init__(self, node, channels):
        super().__init__(node, channels)
        self.low, self.high = (node.scalar(name, position, default)
                               for position, name, default in ((1, "min", -math.inf), (2, "max", math.inf)))

    def forward(self, g, x):
        x, flat = whole(x)
        self.slopes = []
        if self.low > LOWEST:
            self.slopes.append(positive(g, g("Sub", flat, self.low) if self.low else flat))
        if self.high < -LOWEST:
            self.slopes.append(positive(g, g("Sub", self.high, flat)))
        return self.map(g, g("Clip", x, max(self.low, LOWEST), min(self.high, -LOWEST)))

    def backward(self, g, dy):
        for slope in self.slopes:
            dy = g("Mul", dy, slope)
        return [dy]


class Sigmoid(Sloped):
    def forward(self, g, x):
        y = self.map(g, g("Sigmoid", x.parts[0]))
        flat = y.flat()[0]
        self.slope = g("Mul", flat, g("Sub", 1.0, flat))
        return y


class HardSigmoid(Sloped):
    """max(0, min(1, alpha x + beta))"""

    def __init__(self, node, channels):
        super().__init__(node, channels)
        self.alpha, self.beta = node.attributes.get("alpha", 0.2), node.attributes.get("beta", 0.5)

    def forward(self, g, x):
        y = self.map(g, g("HardSigmoid", x.parts[0], alpha=self.alpha, beta=self.beta))
        flat = y.flat()[0]
        self.slope = g("Mul", g("Mul", positive(g, flat), positive(g, g("Sub", 1.0, flat))), self.alpha)
        return y


# --- where maps meet -------------------------------------------------------------------------------------------------


def same(channels):
    if len(set(channels)) > 1:
        raise Unsupported(f"it joins maps of {channels} channels")
    return channels[0]


class Add(Operator):
    kind = "add"

    def __init__(self, node, channels):
        self.channels, self.count = same(channels), len(channels)

    def forward(self, g, *xs):
        total, *rest = (x.parts[0] for x in xs)
        for x in rest:
            total = g("Add", total, x)
        return self.map(g, total)

    def backward(self, g, dy):
        return [dy] * self.count


class Multiply(Operator):
    """The product of two maps, as in x sigmoid(x)."""

    kind = "mul"

    def __init__(self, node, channels):
        self.channels = same(channels)

    def forward(self, g, a, b):
        self.a, self.b = a.flat()[0], b.flat()[0]
        return self.map(g, g("Mul", a.parts[0], b.parts[0]))

    def backward(self, g, dy):
        return [g("Mul", dy, self.b), g("Mul", dy, self.a)]


class Concat(Operator):
    """The channels of one map behind those of another."""

    kind = "concat"

    def __init__(self, node, channels):
        if node.attributes.get("axis") not in (1, -3):
            raise Unsupported("it does not join channels")
        self.sizes, self.channels = channels, sum(channels)

    def forward(self, g, *xs):
        return self.map(g, g("Concat", *(x.parts[0] for x in xs), axis=1))

    def backward(self, g, dy):
        if len(self.sizes) == 1:
            return [dy]
        return g("Split", dy, self.sizes, axis=0, outputs=len(self.sizes))


class Pad(Operator):
    """A constant around the map."""

    def __init__(self, node, channels):
        super().__init__(node, channels)
        pads = node.attributes.get("pads") or [int(n) for n in node.constant(1).reshape(-1)]
        self.value = node.scalar("value", 2, 0.0)
        if node.attributes.get("mode", "constant") != "constant" or node.constant(3, optional=True) is not None:
            raise Unsupported("it pads with anything but a constant, or only some axes")
        if len(pads) != 8 or any(pads[axis] for axis in (0, 1, 4, 5)) or min(pads) < 0 or max(pads) > 1024:
            raise Unsupported("it does not pad rows and columns, by at most 1024")
        self.windows = Window(1, 1, pads[2], pads[6]), Window(1, 1, pads[3], pads[7])
        self.pads = pads

    def forward(self, g, x):
        return self.map(g, g("Pad", x.parts[0], self.pads, self.value))

    def backward(self, g, dy):
        dx = g("Pad", *self.y.shaped([dy]), [-pad for pad in self.pads])
        return [g("Reshape", dx, [self.channels, -1])]


# --- pooling ---------------------------------------------------------------------------------------------------------


class Axis:
    """The windows along one axis of a map: what stands at one place of each, and the way back."""

    def __init__(self, g, axis, window):
        self.g, self.axis, self.window = g, axis, window

    def side(self, x):
        """[1], the size of x along the axis."""
        return self.g("Shape", x, start=self.axis, end=self.axis + 1)

    def pads(self, before, after):
        """Pad's argument; after may be the name of a [1] in the graph."""
        behind = [0] * (3 - self.axis)
        ends = [after] if isinstance(after, str) else [[after]]
        front = [0] * self.axis + [before] + behind + [0] * self.axis
        return self.g("Concat", front, *ends, *([behind] if behind else []), axis=0)

    def padded(self, x, count, fill):
        """x with room in front and behind for just count windows, which is a [1] in the graph."""
        g, w = self.g, self.window
        last = g("Mul", g("Sub", count, [1]), [w.stride])
        after = g("Add", g("Sub", last, self.side(x)), [w.reach + 1 - w.before])  # may be negative, which crops
        return g("Pad", x, self.pads(w.before, after), fill)

    def taps(self, x, count, fill):
        """For each place of a window, what stands there in all of them."""
        g, w = self.g, self.window
        padded = x if w.plain else self.padded(x, count, fill)
        ends = g("Add", g("Mul", g("Sub", count, [1]), [w.stride]), [1])
        return [g("Slice", padded, [place], g("Add", ends, [place]), [self.axis], [w.stride])
                for place in range(0, w.reach + 1, w.dilation)]

    def spread(self, taps, like):
        """The way back of taps: adds each to where it was taken from, a map of the size of like."""
        g, w = self.g, self.window
        farthest = w.reach // w.stride
        phases = [None] * w.stride  # every stride-th row or column, from each of the first
        for place, tap in zip(range(0, w.reach + 1, w.dilation), taps):
            shift, phase = divmod(place, w.stride)
            moved = g("Pad", tap, self.pads(shift, farthest - shift)) if farthest else tap
            phases[phase] = g("Add", phases[phase], moved) if phases[phase] else moved
        nothing = None if all(phases) else g("Mul", next(filter(None, phases)), 0.0)
        lines = self.interleaved([phase or nothing for phase in phases])
        room = g("Add", g("Sub", self.side(like), self.side(lines)), [w.before])
        return g("Pad", lines, self.pads(-w.before, room))

    def interleaved(self, phases):
        """The first line of each phase, then the second of each, and so on."""
        g = self.g
        if len(phases) == 1:
            return phases[0]
        lines = g("Concat", *(g("Unsqueeze", phase, [self.axis + 1]) for phase in phases), axis=self.axis + 1)
        if self.axis == 3:
            return g("Reshape", lines, [0, 0, 0, -1])
        return g("Reshape", lines, g("Concat", [0, 0, -1], g("Shape", phases[0], start=3), axis=0))


def pool_attributes(windows):
    rows, columns = windows
    attributes = attributes_of(windows) | {"kernel_shape": [rows.kernel, columns.kernel]}
    return attributes | ({"ceil_mode": 1} if rows.ceil else {})


class MaxPool(Operator):
    """Maxima of rows, then of columns of these, so that the gradient needs no indices.

    Each hands the cotangent to the first of its places that equals the maximum: what it takes is subtracted from what is left,
    and the last place gets the rest. So the shares of a window add up to one, also of equals.
    """

    kind = "pool"

    def __init__(self, node, channels):
        super().__init__(node, channels)
        if len(node.outputs) > 1:
            raise Unsupported("its indices are used")
        self.windows = read_windows(node, node.attributes.get("kernel_shape", []))

    def forward(self, g, x):
        rows, columns = self.windows
        self.steps = []
        y = x.parts[0]
        for axis, windows in ((3, (Window(ceil=columns.ceil), columns)), (2, (rows, Window(ceil=rows.ceil)))):
            if windows[axis - 2].kernel > 1 or windows[axis - 2].stride > 1 or not windows[axis - 2].plain:
                y = self.reduce(g, y, Axis(g, axis, windows[axis - 2]), windows)
        return self.map(g, y)

    def reduce(self, g, x, axis, windows):
        maxima = g("MaxPool", x, **pool_attributes(windows))
        *first, _ = axis.taps(x, axis.side(maxima), LOWEST)
        won = [g("Cast", g("Equal", tap, maxima), to=TensorProto.FLOAT) for tap in first]
        self.steps.append((axis, x, won))
        return maxima

    def backward(self, g, dy):
        d, = self.y.shaped([dy])
        for axis, x, won in reversed(self.steps):
            shares = []
            for winner in won:
                shares.append(g("Mul", winner, d))
                d = g("Sub", d, shares[-1])
            d = axis.spread([*shares, d], x)
        return [g("Reshape", d, [self.channels, -1])]


class AveragePool(Operator):
    """Means. Places outside of the map are zeros that count (count_include_pad) or are not there."""

    kind = "pool"

    def __init__(self, node, channels):
        super().__init__(node, channels)
        self.windows = read_windows(node, node.attributes.get("kernel_shape", []))
        self.outside = bool(node.attributes.get("count_include_pad", 0))
        if any(w.dilation > 1 for w in self.windows):
            raise Unsupported("its windows are dilated")

    def forward(self, g, x):
        self.x = x.parts[0]
        self.axes = [Axis(g, axis, window) for axis, window in zip((2, 3), self.windows)]
        padded, self.shares = self.x, []
        for axis in self.axes:
            if not axis.window.plain:
                count = self.count(g, axis)
                self.shares.append(self.share(g, axis, count))
                padded = axis.padded(padded, count, 0.0)
        rows, columns = self.windows
        y = g("AveragePool", padded, kernel_shape=[rows.kernel, columns.kernel], strides=[rows.stride, columns.stride])
        return self.map(g, self.shared(g, y))

    def shared(self, g, y):
        for share in self.shares:
            y = g("Mul", y, share)
        return y

    def count(self, g, axis):
        """[1], how many windows there are; the last one must not begin behind the map."""
        w, side = axis.window, axis.side(self.x)
        room = g("Add", side, [w.before + w.after - w.kernel + (w.stride - 1 if w.ceil else 0)])
        count = g("Add", g("Div", room, [w.stride]), [1])
        if not w.ceil:
            return count
        behind = g("GreaterOrEqual", g("Mul", g("Sub", count, [1]), [w.stride]), g("Add", side, [w.before]))
        return g("Sub", count, g("Cast", behind, to=TensorProto.INT64))

    def share(self, g, axis, count):
        """How many times more each window's mean is than the mean of all its places with zeros outside, [count] and axes behind."""
        w, side = axis.window, axis.side(self.x)
        first = g("Sub", g("Mul", g("Range", 0, g("Squeeze", count), 1), [w.stride]), [w.before])
        end = g("Min", g("Add", first, [w.kernel]), g("Add", side, [w.after]) if self.outside else side)
        places = g("Sub", end, first if self.outside else g("Max", first, [0]))
        share = g("Div", float(w.kernel), g("Cast", places, to=TensorProto.FLOAT))
        return g("Unsqueeze", share, [1]) if axis.axis == 2 else share

    def backward(self, g, dy):
        d = self.shared(g, *self.y.shaped([dy]))
        d = g("Mul", d, 1 / (self.windows[0].kernel * self.windows[1].kernel))
        for axis in self.axes:
            d = axis.spread([d] * axis.window.kernel, self.x)
        return [g("Reshape", d, [self.channels, -1])]


def max_as_average(node, channels):
    """The means of the windows whose maxima are meant."""
    MaxPool(node, channels)
    node.attributes.setdefault("count_include_pad", 0)
    return AveragePool(node, channels)


# --- resizing ---------------------------------------------------------------------------------------------------------

HALF = fractions.Fraction(1, 2)
PLACES = {  # where on the map lies what stands at place n of the other, whose places are step apart there
    "asymmetric": lambda n, step: n * step,
    "half_pixel": lambda n, step: (n + HALF) * step - HALF,
    "pytorch_half_pixel": lambda n, step: (n + HALF) * step - HALF,
}
NEAREST = {
    "floor": math.floor, "round_prefer_floor": lambda place: math.ceil(place - HALF),
    "ceil": math.ceil, "round_prefer_ceil": lambda place: math.floor(place + HALF),
}


class Repeat(Operator):
    """Each value at the places of a square."""

    kind = "resize"

    def __init__(self, node, channels, factor):
        super().__init__(node, channels)
        self.factor = factor

    def forward(self, g, x):
        return self.map(g, squares(g, x.parts[0], self.factor))

    def backward(self, g, dy):
        means = g("AveragePool", *self.y.shaped([dy]), kernel_shape=[self.factor] * 2, strides=[self.factor] * 2)
        return [g("Reshape", g("Mul", means, float(self.factor**2)), [self.channels, -1])]


class Interpolate(Repeat):
    """Straight lines between values: the means of factor neighbours of what Repeat makes; if they are to be centred and factor
    is even, of these the means of two."""

    def __init__(self, node, channels, factor, centred):
        super().__init__(node, channels, factor)
        pads = [(0, factor - 1)]
        if centred:
            pads = [(factor // 2, (factor - 1) // 2)] + [(0, 1)] * (factor % 2 == 0)
        self.means = [AveragePool(dataclasses.replace(node, attributes=self.means_of(*pad)), channels) for pad in pads]
        before, after = (sum(side) for side in zip(*pads))
        self.windows = (Window(before + after + 1, 1, before, after),) * 2

    @staticmethod
    def means_of(before, after):
        return {"kernel_shape": [before + after + 1] * 2, "pads": [before, before, after, after]}

    def forward(self, g, x):
        y = super().forward(g, x)
        for means in self.means:
            y = means.forward(g, y)
        return y

    def backward(self, g, dy):
        for means in reversed(self.means):
            dy, = means.backward(g, dy)
        return super().backward(g, dy)


def resize(node, channels):
    """The operator of a Resize or Upsample by a whole factor, or by one part of a whole."""
    scale, legacy = read_scale(node)
    mode, factor = node.attributes.get("mode", "nearest"), max(1, round(max(scale, 1 / scale)))
    where = node.attributes.get("coordinate_transformation_mode", "asymmetric" if legacy else "half_pixel")
    nearest = NEAREST.get(node.attributes.get("nearest_mode", "floor" if legacy else "round_prefer_floor"))
    if abs(max(scale, 1 / scale) - factor) > 1e-5 or factor > 64:
        raise Unsupported(f"it resizes by {scale:g}, which is no whole number up to 64, nor one part of such")
    if where not in PLACES or nearest is None or mode not in ("nearest", "linear"):
        raise Unsupported(f"it resizes in a way that is not known: {mode}, {where}")
    if scale < 1:
        return shrink(node, channels, factor, PLACES[where](0, factor), nearest if mode == "nearest" else None)
    if mode == "linear":
        return Interpolate(node, channels, factor, where != "asymmetric")
    if any(nearest(PLACES[where](n, fractions.Fraction(1, factor))) != 1 for n in range(factor, 2 * factor)):
        raise Unsupported(f"what it takes for the nearest ({where}) does not fill whole squares")
    return Repeat(node, channels, factor)


def read_scale(node):
    """What rows and columns are multiplied by; and whether opset 10 or older is meant, where scales are an attribute or stand second."""
    legacy = node.op == "Upsample" or max(node.constants, default=0) == 1
    scales = node.attributes.get("scales", node.constants.get(1 if legacy else 2))
    scales = [] if scales is None else np.asarray(scales, np.float64).reshape(-1).tolist()
    if node.attributes.get("axes") in ([2, 3], [-2, -1]):
        scales = [1.0, 1.0, *scales]
    if len(scales) != 4 or scales[:2] != [1, 1] or scales[2] != scales[3] or not 0 < scales[2] < math.inf:
        raise Unsupported("it does not resize rows and columns by the same constant")
    return scales[2], legacy


def shrink(node, channels, factor, place, nearest):
    """One place of each square of factor places, or the mean of the two on either side of it, as a convolution."""
    if node.attributes.get("antialias", 0):
        raise Unsupported("it smooths what it shrinks")
    places = [nearest(place)] * 2 if nearest else [math.floor(place), math.ceil(place)]
    line = np.bincount([min(n, factor - 1) for n in places], minlength=factor) / 2
    kernel = np.tile(np.outer(line, line), (channels[0], 1, 1, 1))
    made = Convolution(dataclasses.replace(node, constants={1: kernel}, attributes={"group": channels[0], "strides": [factor] * 2}), channels)
    made.kind = "resize"
    return made


class Fit:
    """A map, cut off or filled up with zeros to the size of another that it meets: behind a Resize, sizes differ unless the
    picture's are multiples of the stride."""

    def forward(self, g, x, like):
        self.x, self.like = x, like
        return Map(g, x.channels, [fit(g, x.parts[0], like.parts[0])])

    def backward(self, g, dy):
        shape = g("Concat", [1, self.x.channels], g("Shape", self.like.parts[0], start=2), axis=0)
        return g("Reshape", fit(g, g("Reshape", dy, shape), self.x.parts[0]), [self.x.channels, -1])


# --- which node is what ----------------------------------------------------------------------------------------------

OPERATORS = {
    "Conv": Convolution, "BatchNormalization": Normalization, "Relu": Relu, "LeakyRelu": LeakyRelu, "Clip": Clip,
    "Sigmoid": Sigmoid, "HardSigmoid": HardSigmoid, "MaxPool": MaxPool, "AveragePool": AveragePool, "Sum": Add, "Concat": Concat,
    "Pad": Pad, "Resize": resize, "Upsample": resize,
}
ARITHMETIC = {"Add": Add, "Mul": Multiply}  # of two maps


def operator(node, channels, average=False):
    """The operator of a node that reads maps of so many channels; average takes means instead of maxima."""
    if node.op == "MaxPool" and average:
        return max_as_average(node, channels)
    if node.op in ("Add", "Sub", "Mul", "Div") and node.constants:
        return Constant(node, channels)
    kind = ARITHMETIC.get(node.op) or OPERATORS.get(node.op)
    if kind is None:
        raise Unsupported("the operator is not known")
    return kind(node, channels)
