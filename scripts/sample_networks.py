"""Networks with random weights, as ONNX models: one for each operator, those of well-known shapes, and random ones."""

import math

import numpy as np

from onnx_graph import Graph


class Sample(Graph):
    """A network that is built from the image on."""

    def __init__(self, seed=0):
        super().__init__()
        self.random = np.random.default_rng(seed)
        self.channels = {self.input("image", [1, 3, "H", "W"]): 3}

    def node(self, operator, *inputs, channels=None, **attributes):
        name = self(operator, *inputs, **attributes)
        self.channels[name] = channels or self.channels[inputs[0]]
        return name

    def conv(self, x, channels, size=3, stride=1, pad=None, group=1, dilation=1, bias=True):
        rows, columns = (size, size) if isinstance(size, int) else size
        inputs = self.channels[x] // group
        kernel = self.random.normal(0, math.sqrt(2 / (inputs * rows * columns)), (channels, inputs, rows, columns))
        constants = [np.float32(kernel)] + ([np.float32(self.random.normal(0, 0.1, channels))] if bias else [])
        top, left = (dilation * (side // 2) for side in (rows, columns)) if pad is None else (pad, pad)
        return self.node("Conv", x, *constants, channels=channels, strides=[stride, stride], pads=[top, left, top, left],
                         dilations=[dilation, dilation], group=group)

    def norm(self, x):
        channels = self.channels[x]
        gamma, variance = (np.float32(self.random.uniform(0.5, 1.5, channels)) for _ in range(2))
        beta, mean = (np.float32(self.random.normal(0, 0.2, channels)) for _ in range(2))
        return self.node("BatchNormalization", x, gamma, beta, mean, variance)

    def relu(self, x):
        return self.node("Relu", x)

    def relu6(self, x):
        return self.node("Clip", x, 0.0, 6.0)

    def pool(self, x, kind="Max", size=2, stride=2, pad=0, ceil=0, **attributes):
        return self.node(f"{kind}Pool", x, kernel_shape=[size, size], strides=[stride, stride], pads=[pad] * 4,
                         ceil_mode=ceil, **attributes)

    def resize(self, x, scale=2, mode="nearest"):
        """As PyTorch exports its interpolate, but without the arithmetic that is left over where corners are not aligned."""
        how = {"coordinate_transformation_mode": "half_pixel"} if mode == "linear" else {
            "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self.node("Resize", x, "", np.array([1, 1, scale, scale], np.float32), mode=mode, **how)

    def add(self, a, b):
        return self.node("Add", a, b)

    def concat(self, *xs):
        return self.node("Concat", *xs, channels=sum(self.channels[x] for x in xs), axis=1)

    def cbr(self, x, *arguments, **options):
        return self.relu(self.norm(self.conv(x, *arguments, bias=False, **options)))

    def classified(self, x):
        """The model; with a classifier behind x."""
        self("Flatten", self("GlobalAveragePool", x), name="logits")
        self.output("logits", [1, self.channels[x]])
        return self.model("sample", "zellige sample_networks.py", "1", {})


# --- well-known shapes -----------------------------------------------------------------------------------------------


def vgg19(width=4):
    g, x = Sample(1), "image"
    for block, count in enumerate((2, 2, 4, 4, 4)):
        for _ in range(count):
            x = g.relu(g.conv(x, min(8, 2**block) * width))
        x = g.pool(x)
    return g.classified(x)


def resnet18(width=4):
    g = Sample(2)
    x = g.pool(g.cbr("image", width, 7, 2), size=3, pad=1)
    for stage in range(4):
        for block in range(2):
            stride, channels = 2 if stage and not block else 1, width * 2**stage
            y = g.norm(g.conv(g.cbr(x, channels, 3, stride), channels, bias=False))
            skip = g.norm(g.conv(x, channels, 1, stride, bias=False)) if stride == 2 else x
            x = g.relu(g.add(y, skip))
    return g.classified(x)


def googlenet(width=4):
    """torchvision's, with batch normalisation and pools that round up; channels are in units of 16."""
    def inception(x, one, three_in, three, five_in, five, projected):
        return g.concat(g.cbr(x, one * unit, 1), g.cbr(g.cbr(x, three_in * unit, 1), three * unit),
                        g.cbr(g.cbr(x, five_in * unit, 1), five * unit),
                        g.cbr(g.pool(x, size=3, stride=1, pad=1, ceil=1), projected * unit, 1))

    g, unit = Sample(3), max(1, width // 4)
    x = g.pool(g.cbr("image", 4 * unit, 7, 2), size=3, ceil=1)
    x = g.pool(g.cbr(g.cbr(x, 4 * unit, 1), 12 * unit), size=3, ceil=1)
    x = inception(inception(x, 4, 6, 8, 1, 2, 2), 8, 8, 12, 2, 6, 4)
    x = g.pool(x, size=3, ceil=1)
    for row in ((12, 6, 13, 1, 3, 4), (10, 7, 14, 2, 4, 4), (8, 8, 16, 2, 4, 4), (7, 9, 18, 2, 4, 4), (16, 10, 20, 2, 8, 8)):
        x = inception(x, *row)
    x = g.pool(x, ceil=1)
    return g.classified(inception(inception(x, 16, 10, 20, 2, 8, 8), 24, 12, 24, 3, 8, 8))


def mobilenet2(width=8):
    g = Sample(4)
    x = g.relu6(g.norm(g.conv("image", width, 3, 2, bias=False)))
    for expand, channels, count, first in ((1, 4, 1, 1), (6, 6, 2, 2), (6, 8, 3, 2), (6, 16, 4, 2), (6, 24, 3, 1), (6, 40, 3, 2), (6, 80, 1, 1)):
        channels = channels * width // 8
        for block in range(count):
            stride, hidden, y = first if block == 0 else 1, expand * g.channels[x], x
            if expand > 1:
                y = g.relu6(g.norm(g.conv(y, hidden, 1, bias=False)))
            y = g.relu6(g.norm(g.conv(y, hidden, 3, stride, group=hidden, bias=False)))
            y = g.norm(g.conv(y, channels, 1, bias=False))
            x = g.add(x, y) if stride == 1 and g.channels[x] == channels else y
    return g.classified(g.relu6(g.norm(g.conv(x, 16 * width, 1, bias=False))))


def densenet121(width=2):
    g = Sample(5)
    x = g.pool(g.cbr("image", 2 * width, 7, 2), size=3, pad=1)
    for block, count in enumerate((6, 12, 24, 16)):
        features = [x]
        for _ in range(count):
            x = g.concat(*features) if len(features) > 1 else features[0]
            y = g.cbr(g.relu(g.norm(x)), 4 * width, 1)
            features.append(g.conv(y, width, bias=False))
        x = g.relu(g.norm(g.concat(*features)))
        if block < 3:
            x = g.pool(g.conv(x, g.channels[x] // 2, 1, bias=False), "Average")
    return g.classified(x)


def unet(width=4):
    """A segmenter's: what was pooled is enlarged and meets what was there before, on three levels; then smaller features again."""
    g, skips = Sample(8), []
    x = g.cbr("image", width)
    for level in range(3):
        skips.append(x)
        x = g.cbr(g.cbr(g.pool(x), width * 2**(level + 1)), width * 2**(level + 1))
    for level in range(3):
        x = g.cbr(g.concat(skips.pop(), g.conv(g.resize(x, mode=("linear", "nearest")[level % 2]), width)), width * 2**(2 - level))
    return g.classified(g.cbr(g.pool(x), 2 * width))


def pyramid(width=4):
    """A detector's: features of strides 4, 8 and 16 meet at 4, in which each is a sum with what is enlarged; and down again."""
    g, found = Sample(9), []
    x = g.cbr("image", width, 7, 2)
    for level in range(3):
        x = g.cbr(g.cbr(x, width * 2**level, stride=2), width * 2**level)
        found.append(x)
    x = g.conv(found.pop(), 2 * width, 1)
    while found:
        x = g.add(g.conv(found.pop(), 2 * width, 1), g.resize(x))
    return g.classified(g.pool(g.cbr(g.relu(g.conv(x, 2 * width)), width, stride=2), size=3))


def autoencoder(width=4):
    """All is made small and large again, by 8, with pools on both ways."""
    g = Sample(10)
    x = g.pool(g.cbr("image", width))
    x = g.cbr(g.pool(g.cbr(x, 2 * width, 3, 2)), 2 * width)
    x = g.cbr(g.resize(x), 2 * width, 5)
    x = g.cbr(g.resize(x, 4, "linear"), width)
    return g.classified(g.relu(g.conv(g.pool(x), width)))


WELL_KNOWN = {"vgg19": vgg19, "resnet18": resnet18, "googlenet": googlenet, "mobilenet2": mobilenet2, "densenet121": densenet121,
              "unet": unet, "pyramid": pyramid, "autoencoder": autoencoder}


# --- one operator ----------------------------------------------------------------------------------------------------


def operators():
    """What is done to a map of 6 channels, by name."""
    cases = {
        "conv 1x1": lambda g, x: g.conv(x, 5, 1),
        "conv 2x2 without padding": lambda g, x: g.conv(x, 5, 2, pad=0),
        "conv 3x3 dilated": lambda g, x: g.conv(x, 5, dilation=2),
        "conv 3x3 padded by 3": lambda g, x: g.conv(x, 5, pad=3),
        "conv 3x3 stride 2": lambda g, x: g.conv(x, 5, stride=2),
        "conv 5x5 stride 3 dilated": lambda g, x: g.conv(x, 5, 5, stride=3, dilation=2),
        "conv 1x1 stride 2": lambda g, x: g.conv(x, 5, 1, stride=2),
        "conv 1x7 and 7x1": lambda g, x: g.conv(g.conv(x, 5, (1, 7)), 5, (7, 1)),
        "conv groups": lambda g, x: g.conv(x, 9, group=3),
        "conv groups stride 2": lambda g, x: g.conv(x, 4, stride=2, group=2),
        "conv depthwise": lambda g, x: g.conv(x, 6, group=6),
        "conv asymmetric": lambda g, x: g.node("Conv", x, np.float32(g.random.normal(0, 0.3, (6, 6, 3, 3))), strides=[2, 2], pads=[0, 0, 1, 1]),
        "normalisation folded": lambda g, x: g.norm(g.conv(x, 5)),
        "normalisation alone": lambda g, x: g.relu(g.norm(x)),
        "leaky": lambda g, x: g.node("LeakyRelu", x, alpha=0.2),
        "clip": lambda g, x: g.node("Clip", x, -0.5, 0.5),
        "swish": lambda g, x: g.node("Mul", x, g.node("Sigmoid", x)),
        "hard swish": lambda g, x: g.node("Mul", x, g.node("HardSigmoid", x, alpha=1 / 6, beta=0.5)),
        "constants": lambda g, x: g.relu(g.node("Div", g.node("Sub", g.node("Mul", g.node("Add", x, 0.5),
                                         np.float32(g.random.normal(1, 0.5, (6, 1, 1)))), 0.25), 2.0)),
        "add": lambda g, x: g.add(g.conv(x, 6), x),
        "sum of three": lambda g, x: g.relu(g.node("Sum", x, g.conv(x, 6), g.conv(x, 6, 1))),
        "concat": lambda g, x: g.concat(x, g.conv(x, 4), x),
        "pad": lambda g, x: g.conv(g.node("Pad", x, [0, 0, 1, 2, 0, 0, 3, 2], 0.25), 5, pad=0),
    }
    for size, stride, pad, ceil in ((2, 2, 0, 0), (2, 2, 0, 1), (3, 2, 0, 1), (3, 2, 1, 0), (3, 2, 1, 1), (3, 1, 1, 0), (5, 3, 2, 0), (2, 3, 0, 0), (1, 2, 0, 0)):
        name, window = f"{size}x{size} stride {stride} pad {pad} ceil {ceil}", {"size": size, "stride": stride, "pad": pad, "ceil": ceil}
        cases[f"max {name}"] = lambda g, x, w=window: g.pool(x, **w)
        cases[f"mean {name}"] = lambda g, x, w=window: g.pool(x, "Average", **w)
        if pad:
            cases[f"mean {name} counting"] = lambda g, x, w=window: g.pool(x, "Average", count_include_pad=1, **w)
    for mode in ("nearest", "linear"):
        for scale in (2, 3, 4, 1 / 2, 1 / 3, 1 / 4):
            cases[f"resize {mode} by {scale:.3g}"] = lambda g, x, s=scale, m=mode: g.resize(g.conv(x, 5, stride=12), s, m)
        cases[f"resize {mode} beside a map"] = lambda g, x, m=mode: g.add(x, g.resize(g.conv(x, 6, 2, 2, pad=0), 2, m))
    cases["max dilated"] = lambda g, x: g.pool(x, size=3, stride=2, dilations=[2, 2])
    return cases


def of_operator(case):
    g = Sample(6)
    return g.classified(g.conv(case(g, g.conv("image", 6)), 4))


# --- random graphs ---------------------------------------------------------------------------------------------------


def random_network(seed):
    """Some layers, each a random operator or two or three random branches that meet again."""
    g = Sample(seed)
    x = g.conv("image", 6, int(g.random.integers(1, 5)), int(g.random.integers(1, 3)))
    for _ in range(g.random.integers(2, 7)):
        x = random_layer(g, x)
    return g.classified(g.conv(x, 3))


def random_layer(g, x, depth=0):
    pick = g.random.integers(0, 10 if depth < 2 else 5)
    if pick == 0:
        return g.conv(x, 6, 3, int(g.random.integers(1, 3)) if depth == 0 else 1, dilation=int(g.random.integers(1, 3)),
                      group=int(g.random.choice([1, 2, 3])) if g.channels[x] == 6 else 1)
    if pick == 1:
        return g.norm(x)
    if pick == 2:
        return g.node(str(g.random.choice(["Relu", "LeakyRelu", "HardSwish"])), x)
    if pick == 3:
        return g.cbr(x, 6, int(g.random.choice([1, 3, 5])))
    if pick == 4:
        size, stride = (int(g.random.integers(2, 4)), 2) if depth == 0 else (3, 1)
        return g.pool(x, str(g.random.choice(["Max", "Average"])), size, stride, int(g.random.integers(0, 2)) if depth == 0 else 1)
    if pick >= 8:
        return random_resize(g, x, depth, chain=pick == 8 and depth == 0)
    branches = [random_layer(g, random_layer(g, x, depth + 1), depth + 1) for _ in range(g.random.integers(2, 4))]
    if pick == 5 and len({g.channels[branch] for branch in branches}) == 1:
        return g.node("Sum", *branches)
    if pick == 6 and g.channels[branches[0]] == g.channels[x]:
        return g.node("Mul", x, g.node("Sigmoid", branches[0]))
    return g.conv(g.concat(*branches), 6, 1)


def random_resize(g, x, depth, chain):
    """Smaller and larger again, alone or beside what was there before; chains of small ones go on."""
    scale, mode = int(g.random.integers(2, 4)), str(g.random.choice(["nearest", "linear"]))
    y = g.pool(x, size=scale, stride=scale, ceil=int(g.random.integers(0, 2))) if g.random.integers(0, 2) else g.resize(x, 1 / scale, mode)
    y = g.resize(random_layer(g, y, depth + 1), scale, mode)
    if chain:
        return y
    return g.concat(x, y) if g.channels[x] != g.channels[y] or g.random.integers(0, 2) else g.add(x, y)


def every_operator():
    """All operators in one short network."""
    g = Sample(7)
    x = g.node("LeakyRelu", g.conv("image", 6, 4, 2, pad=1), alpha=0.1)
    x = g.pool(g.node("Clip", g.norm(g.conv(x, 6, group=3)), -1.0, 1.0), size=3, ceil=1)
    x = g.concat(g.node("HardSwish", x), g.node("Mul", x, g.node("Sigmoid", g.conv(x, 6, group=6))), g.relu(g.norm(x)))
    x = g.node("Sum", g.conv(x, 4, 1), g.conv(x, 4, dilation=2), g.pool(g.conv(x, 4), "Average", 3, 1, 1))
    x = g.conv(g.node("Pad", g.node("Mul", x, 2.0), [0, 0, 0, 0, 0, 0, 1, 1]), 6, 3, 2, pad=0)
    return g.classified(g.pool(g.relu(x), "Average", 3, 2, 1, count_include_pad=1, ceil=1))


def small():
    """What the golden numbers are about."""
    return {"vgg19": vgg19(1), "resnet18": resnet18(2), "googlenet": googlenet(1), "mobilenet2": mobilenet2(4),
            "densenet121": densenet121(1), "operators": every_operator(),
            "unet": unet(2), "pyramid": pyramid(2), "autoencoder": autoencoder(2)}


def to_the_end(model):
    """What keeps all layers in front of the classifier of one whose way there by the most layers does not lead to it."""
    return "--last", model.graph.node[-2].input[0]


def samples(count, seed=0):
    """name -> model and the exporter's options."""
    found = {name: (of_operator(case),) for name, case in operators().items()}
    found["means for maxima"] = (of_operator(lambda g, x: g.pool(x, size=3, pad=1)), "--max-pool-to-average")
    found["every operator"] = (every_operator(),)
    found |= {name: (make(),) for name, make in WELL_KNOWN.items()}
    found |= {f"{name} to the end": (make(), *to_the_end(make())) for name, make in (("unet", unet), ("pyramid", pyramid))}
    return found | {f"random {seed + n}": (random_network(seed + n),) for n in range(count)}
