"""SqueezeNet's operations in ONNX, each with its gradient: forward, and beside it backward.

Shapes are in comments, channels first. A cotangent, written with a "d" before the name, is the gradient of the sum of all
losses in a value. What backward multiplies a cotangent by is named in forward already, though not needed there: nodes that
stand earlier are evaluated later (see build in export_squeezenet.py), that is not before the cotangent has come.

Even and odd columns
    A map in front of a pooling is never held whole, but as two maps: its even columns and its odd ones. The convolutions
    give them apart for nothing, by twice the stride, and a 3-wide pooling with stride 2 needs no strided access then:
    window j is even[j], odd[j], even[j+1]. If the width is odd there is one odd column less; a column of zeros stands for
    it, so that both maps are equally wide. Zero is harmless: these maps come out of a ReLU, so it wins no maximum that
    matters, adds nothing to a Gram matrix, and ReLU's gradient there is 0.

Flat
    A map seen as a matrix [channels][positions]: Gram matrices are products of such. Cotangents are kept so, too.
"""

import dataclasses

from onnx import TensorProto

END = 2**31 - 1  # of a slice: as far as there is


@dataclasses.dataclass
class Map:
    """A layer's output: whole, or as its even and odd columns."""

    graph: object
    channels: int
    parts: list  # names, each [1][channels][h][w]: the whole, or even and odd columns
    columns: "Columns" = None  # if there are two parts
    halves: list = None  # of a fire: for each part its lower and its upper channels, before they were joined
    alike: str = None  # a map of the same size, whose shape is asked for instead of this one's, which need not be kept then

    def flat(self):
        """The parts as [channels][positions]."""
        return [self.graph("Reshape", part, [self.channels, -1]) for part in self.parts]

    def shaped(self, flat_parts):
        """Flat parts [channels][positions] in the shape of this map's parts."""
        if self.columns:
            shape = self.graph("Concat", [1, self.channels, -1], self.columns.even, axis=0)
        else:
            shape = self.graph("Shape", self.alike or self.parts[0])
        return [self.graph("Reshape", flat, shape) for flat in flat_parts]

    def whole(self):
        """The map [1][channels][h][w]."""
        if not self.columns:
            return self.parts[0]
        stacked = self.graph("Concat", *self.parts, axis=0)
        return self.columns.join(stacked, self.channels, self.graph("Shape", self.parts[0], start=2, end=3))

    def split(self, x, channels=None):
        """The parts, flat, of another value x of this map's height and width, [1][channels][h][w]."""
        channels = channels or self.channels
        if not self.columns:
            return [self.graph("Reshape", x, [channels, -1])]
        return self.columns.split(x, channels)

    def averaged(self, size):
        """The means of squares from the upper left corner; incomplete ones are left out: [1][channels][h/size][w/size]."""
        g = self.graph
        if not self.columns:
            return g("AveragePool", self.parts[0], kernel_shape=[size, size], strides=[size, size])
        columns = g("Add", *self.parts)
        pairs = g("AveragePool", columns, kernel_shape=[2, 1], strides=[2, 1])
        # The last even column may have had no odd one to be added to.
        return g("Mul", g("Slice", pairs, [0], self.columns.odd, [3]), 0.5)

    def spread(self, x, size):
        """Each value of x, [1][channels][h/size][w/size], at its square's places: the parts, flat; 0 where averaged left out."""
        g = self.graph
        if not self.columns:
            return [g("Reshape", fit(g, squares(g, x, size), self.parts[0]), [self.channels, -1])]
        padded = g("Pad", x, g("Concat", [0] * 6, [1], self.columns.missing, axis=0))
        height = g("Shape", self.parts[0], start=2, end=3)
        rows = g("Div", g("Range", 0, g("Squeeze", height), 1), 2)  # 0, 0, 1, 1, ..; the last may be the row of zeros
        part = g("Reshape", g("Gather", padded, rows, axis=2), [self.channels, -1])
        return [part, part]


class Columns:
    """How a width is divided in even and odd columns."""

    def __init__(self, graph, width):
        self.graph = graph
        self.width = width  # [1], of the whole map
        self.odd = graph("Div", width, [2])  # [1], how many odd columns there are
        self.missing = graph("Mod", width, [2])  # [1], 1 if the last even column has no odd one behind it, else 0
        self.even = graph("Add", self.odd, self.missing)  # [1], how many even columns, and how wide both parts are

    def fit(self, even, odd):
        """What convolutions give for even and odd columns, [1][c][h][even] and [1][c][h][1+odd] -> both [1][c][h][even].

        odd begins with a column -1, of no use; it is there because a convolution must give something even if the width
        is 1. It goes, and zeros come for the odd column that may be missing.
        """
        return [even, self.graph("Pad", odd, self.graph("Concat", [0, 0, 0, -1, 0, 0, 0], self.missing, axis=0))]

    def split(self, x, channels):
        """[1][channels][h][width] -> even and odd columns, each [channels][h*even]."""
        g = self.graph
        padded = g("Pad", x, g("Concat", [0] * 7, self.missing, axis=0))
        pairs = g("Transpose", g("Reshape", padded, [-1, 2]), perm=[1, 0])  # [2][channels*h*even]
        return [g("Reshape", part, [channels, -1]) for part in g("Split", pairs, axis=0, num_outputs=2, outputs=2)]

    def join(self, stacked, channels, height):
        """All even columns, then all odd ones, [2*channels][h*even] in any shape -> [1][channels][h][width]."""
        g = self.graph
        pairs = g("Transpose", g("Reshape", stacked, [2, -1]), perm=[1, 0])  # [channels*h*even][2]
        rows = g("Reshape", pairs, g("Concat", [1, channels], height, g("Mul", self.even, [2]), axis=0))
        return g("Slice", rows, [0], self.width, [3])


def squares(g, x, size):
    """Each value of x, [1][channels][h][w], at the places of a square: [1][channels][h*size][w*size]."""
    repeated = g("Expand", g("Unsqueeze", x, [3, 5]), [1, 1, 1, size, 1, size])
    return g("Reshape", repeated, g("Mul", g("Shape", x), [1, 1, size, size]))


def fit(g, x, like, before=(0, 0)):
    """x without its first rows and columns, and cut off or filled up with zeros to the height and width of like."""
    room = g("Sub", g("Shape", like, start=2), g("Sub", g("Shape", x, start=2), list(before)))  # may be negative, which crops
    return g("Pad", x, g("Concat", [0, 0, *(-b for b in before), 0, 0], room, axis=0))


def positive(g, y):
    """1 where y > 0, else 0. HardSigmoid is max(0, min(1, alpha*y + beta)), the fastest such operator by far."""
    return g("HardSigmoid", y, alpha=1e38, beta=0.0)


# --- convolutions ----------------------------------------------------------------------------------------------------


class FirstConvolution:
    """The 3x3 convolution with stride 2 and no padding that reads the image; gives its columns apart."""

    CHANNELS = 64

    def __init__(self, graph, name, kernel, bias):
        self.graph = graph
        self.kernel = graph.constant(kernel, f"{name}.kernel")  # [64][3][3][3]
        self.bias = graph.constant(bias, f"{name}.bias")

    def forward(self, image):
        """Even column j starts at the image's column 4j, odd column j at 4j+2; the latter from j = -1 on (see Columns.fit)."""
        g = self.graph
        self.image = image
        columns = Columns(g, g("Div", g("Sub", g("Shape", image, start=3, end=4), [1]), [2]))
        self.convolved = [g("Conv", image, self.kernel, self.bias, strides=[2, 4], pads=[0, left, 0, 0]) for left in (0, 2)]
        self.y = Map(g, self.CHANNELS, columns.fit(*self.convolved), columns)
        return self.y

    def backward(self, dy):
        """Puts each part's cotangent back where the part was taken from."""
        even, odd = self.y.shaped(dy)
        return self.graph("Add", self.backward_at(0, even), self.backward_at(2, odd))

    def backward_at(self, column, dy):
        """The cotangent in the image of every fourth column from this one on: [1][3][H][W]."""
        g = self.graph
        patch = g("ConvTranspose", dy, self.kernel, strides=[2, 4])
        room = g("Sub", g("Shape", self.image, start=2), g("Shape", patch, start=2))  # may be negative, which crops
        return g("Pad", patch, g("Concat", [0, 0, 0, column, 0, 0], g("Sub", room, [0, column]), axis=0))


class Relu:
    """The ReLU behind the first convolution."""

    def __init__(self, graph, convolution):
        self.graph = graph
        self.convolution = convolution

    def forward(self, x):
        """Takes the columns as the convolution gave them, so that ONNX Runtime makes one operation of both."""
        parts = [self.graph("Relu", part) for part in self.convolution.convolved]
        y = Map(self.graph, x.channels, x.columns.fit(*parts), x.columns)
        self.passes = [positive(self.graph, part) for part in y.flat()]
        return y

    def backward(self, dy):
        return [self.graph("Mul", *pair) for pair in zip(dy, self.passes)]


class Convolution:
    """A 1x1 or 3x3 convolution that keeps height and width, and ReLU.

    Its gradient correlates the cotangent with the kernel turned by 180 degrees, inputs and outputs swapped. (backward takes
    a cotangent that ReLU has let through already.)
    """

    def __init__(self, graph, name, kernel, bias):
        self.graph = graph
        self.inputs = kernel.shape[1]
        self.pad = kernel.shape[2] // 2
        self.kernel = graph.constant(kernel, f"{name}.kernel")  # [outputs][inputs][size][size]
        self.bias = graph.constant(bias, f"{name}.bias")

    def convolve(self, x, kernel, *bias, left=None, right=None, **strides):
        """Convolves without changing the height."""
        left, right = (self.pad if side is None else side for side in (left, right))
        return self.graph("Conv", x, kernel, *bias, pads=[self.pad, left, self.pad, right], **strides)

    def forward(self, x):
        """[1][inputs][h][w] -> [1][outputs][h][w]"""
        return self.graph("Relu", self.convolve(x, self.kernel, self.bias))

    def backward(self, dy):
        """[1][outputs][h][w] -> [1][inputs][h][w]"""
        return self.convolve(dy, self.turned_kernel())

    def turned_kernel(self):
        """[inputs][outputs][size][size]; made in the graph, so the file holds every kernel once, and folded on loading."""
        swapped = self.graph("Transpose", self.kernel, perm=[1, 0, 2, 3])
        return self.graph("Slice", swapped, [-1, -1], [-END, -END], [2, 3], [-1, -1]) if self.pad else swapped

    def forward_columns(self, x):
        """[1][inputs][h][w] -> columns 0, 2, 4.. and columns -1, 1, 3.. (see Columns.fit), each [1][outputs][h][..]"""
        return [self.graph("Relu", self.convolve(x, self.kernel, self.bias, left=self.pad + first, strides=[1, 2]))
                for first in (0, 1)]

    def backward_columns(self, even, odd):
        """Columns [1][outputs][h][even], twice -> [1][even columns' inputs, odd columns' inputs][h][even]

        In the whole map dx[i] is the sum of turned[k] dy[i+k-1] over the taps k. So dx's even column 2j gets turned[1]
        from dy's even column j, and turned[0] and turned[2] from its odd columns j-1 and j; dx's odd column 2j+1 gets
        turned[1] from odd column j, and turned[0] and turned[2] from even columns j and j+1.
        """
        g = self.graph
        turned = self.turned_kernel()
        nothing = g("Mul", turned, 0.0)
        if self.pad == 0:
            from_even, from_odd = (g("Concat", *halves, axis=0) for halves in ((turned, nothing), (nothing, turned)))
            return g("Add", self.convolve(even, from_even), self.convolve(odd, from_odd))
        left, middle, right = g("Split", turned, axis=3, num_outputs=3, outputs=3)
        nothing = g("Mul", middle, 0.0)

        def kernel(to_even, to_odd):  # [even columns' inputs, odd columns' inputs][outputs][3][2]
            return g("Concat", g("Concat", *to_even, axis=3), g("Concat", *to_odd, axis=3), axis=0)

        return g("Add",
                 self.convolve(even, kernel([middle, nothing], [left, right]), left=0),
                 self.convolve(odd, kernel([left, right], [nothing, middle]), right=0))


class Fire:
    """squeeze: 1x1 convolution; expand: 1x1 and 3x3 convolutions of it, joined. In front of a pooling: columns apart."""

    def __init__(self, graph, name, convolutions, before_pool):
        self.graph = graph
        self.before_pool = before_pool
        self.squeeze, self.expand1x1, self.expand3x3 = (
            Convolution(graph, f"{name}.{part}", *convolutions[f"{name}.{part}"])
            for part in ("squeeze", "expand1x1", "expand3x3"))
        self.channels = 2 * convolutions[f"{name}.expand1x1"][0].shape[0]

    def forward(self, x):
        g = self.graph
        self.squeezed = self.squeeze.forward(x.parts[0])
        self.squeezed_passes = positive(g, self.squeezed)
        expand, columns = (self.expand1x1, self.expand3x3), None
        if self.before_pool:
            columns = Columns(g, g("Shape", self.squeezed, start=3))
            halves = zip(*(columns.fit(*half.forward_columns(self.squeezed)) for half in expand))
        else:
            halves = [[half.forward(self.squeezed) for half in expand]]
        halves = list(halves)
        self.y = Map(g, self.channels, [g("Concat", *part, axis=1) for part in halves], columns, halves)
        self.passes = [positive(g, part) for part in self.y.flat()]
        return self.y

    def backward(self, dy):
        g = self.graph
        dy = self.y.shaped([g("Mul", *pair) for pair in zip(dy, self.passes)])
        halves = zip(*(g("Split", part, axis=1, num_outputs=2, outputs=2) for part in dy))
        dsqueezed = self.backward_expand(*halves)
        dx = self.squeeze.backward(g("Mul", dsqueezed, self.squeezed_passes))
        return [g("Reshape", dx, [self.squeeze.inputs, -1])]

    def backward_expand(self, left, right):
        """The parts of each half's cotangent -> [1][squeeze][h][w]"""
        g = self.graph
        if not self.before_pool:
            return g("Add", self.expand1x1.backward(*left), self.expand3x3.backward(*right))
        columns = g("Add", self.expand3x3.backward_columns(*right), self.expand1x1.backward_columns(*left))
        height = g("Shape", self.squeezed, start=2, end=3)
        return self.y.columns.join(columns, self.expand1x1.inputs, height)


# --- pooling ---------------------------------------------------------------------------------------------------------


class MaxPool:
    """3x3 maxima with stride 2; a window that hangs over the lower or right edge counts (ceil_mode).

    Rows of three first, then columns of three, so that the gradient needs no indices: a cotangent is handed to
    whichever of three equals the maximum, twice.
    """

    def __init__(self, graph):
        self.graph = graph

    def forward(self, x):
        g = self.graph
        self.x = x
        even, odd = x.parts
        pairs = g("MaxPool", even, kernel_shape=[1, 2], pads=[0, 0, 0, 1])  # of even[j], even[j+1]
        self.row_maxima = g("Max", pairs, odd)  # [1][channels][h][even]
        self.row_winners = winners(g, self.row_maxima, even, odd)

        maxima = g("MaxPool", self.row_maxima, kernel_shape=[3, 1], strides=[2, 1], ceil_mode=1)
        maxima = g("Slice", maxima, [0], x.columns.odd, [3])  # there are as many windows as odd columns
        ends = g("Mul", g("Shape", maxima, start=2), [2, 1])
        upper, middle = (g("Slice", self.row_maxima, [row, 0], ends, [2, 3], [2, 1]) for row in (0, 1))
        self.winners = winners(g, maxima, upper, middle)
        self.y = Map(g, x.channels, [maxima])
        return self.y

    def backward(self, dy):
        return self.backward_rows(self.backward_columns(*self.y.shaped(dy)))

    def backward_columns(self, dmaxima):
        """Columns of three: [1][channels][h/2][odd] -> [1][channels][h][even]"""
        g = self.graph
        upper, middle, lower = hand_out(g, dmaxima, self.winners)
        # The lower row of window i is the upper row of window i+1: even rows get both, odd rows the middle one.
        above, below = [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0]
        even_rows = g("Add", g("Pad", upper, below), g("Pad", lower, above))
        pairs = g("Concat", *(g("Unsqueeze", rows, [3]) for rows in (even_rows, g("Pad", middle, below))), axis=3)
        rows = g("Reshape", pairs, g("Concat", [1, self.x.channels, -1], self.x.columns.odd, axis=0))
        room = g("Sub", g("Shape", self.row_maxima, start=2), g("Shape", rows, start=2))  # may be negative, which crops
        return g("Pad", rows, g("Concat", [0] * 6, room, axis=0))

    def backward_rows(self, drow_maxima):
        """Rows of three: [1][channels][h][even] -> even and odd columns, each [channels][h*even]"""
        g = self.graph
        even, odd, next_even = hand_out(g, drow_maxima, self.row_winners)
        # Moves a column to the right. Behind the last column there is no even one that could have won, so 0 goes round.
        moved = g("Pad", g("Reshape", next_even, [-1]), [1, -1])
        even = g("Add", g("Reshape", even, [-1]), moved)
        return [g("Reshape", part, [self.x.channels, -1]) for part in (even, odd)]


def winners(g, maximum, first, second):
    """1 where the first of three is their maximum, else 0; the same of the second. (The third wins where neither does.)"""
    return [g("Cast", g("Equal", one, maximum), to=TensorProto.FLOAT) for one in (first, second)]


def hand_out(g, d, first_and_second_won):
    """Hands d to the winner of three, the first if several are equal; gives what the first, second and third get."""
    first_won, second_won = first_and_second_won
    to_first = g("Mul", first_won, d)
    rest = g("Sub", d, to_first)
    to_second = g("Mul", second_won, rest)
    return to_first, to_second, g("Sub", rest, to_second)
