#!/usr/bin/env python3
"""What a step cannot be faster than: its convolutions and Gram matrices, as matrix products, and nothing else.

Prints two floors for each size as JSON, both by the faster of PyTorch (torch.mm) and ONNX Runtime (MatMul) on this
machine now: all operations at the best rate of a large square product, which thin matrices never reach; and the time of
each product at its own shape, with its operands laid out beforehand at no cost.
"""

import argparse
import json
import time
from statistics import median
from typing import NamedTuple

import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper

import lab
import network


class Product(NamedTuple):
    """A matrix product [m][k] x [k][n]."""

    m: int
    k: int
    n: int

    @property
    def operations(self):
        """A multiplication and an addition count as two."""
        return 2 * self.m * self.k * self.n


SQUARE = Product(1024, 1024, 1024)  # large enough for a processor's best rate, small enough for its cache


def products(height, width, name, last_layer, style_layers):
    """What one step multiplies: each convolution and each Gram matrix, forward and for the gradient of its input."""
    result = []

    def note(convolution, _, output):
        outputs, taps, places = output.shape[1], convolution.kernel_size[0] ** 2, output.shape[2] * output.shape[3]
        inputs = convolution.in_channels
        result.extend([Product(outputs, inputs * taps, places), Product(inputs * taps, outputs, places)])

    with torch.device("meta"):
        cnn = network.NETWORKS[name]()[:last_layer + 1]
        for module in cnn.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.register_forward_hook(note)
        features = lab.extract_features(torch.empty(1, 3, height, width), cnn)
    for layer in style_layers:
        channels, places = features[layer].shape[1], features[layer].shape[2] * features[layer].shape[3]
        result.extend([Product(channels, places, channels), Product(channels, channels, places)])
    return result


class Times(NamedTuple):
    """Seconds of one product, tried many times."""

    median: float
    minimum: float


def times(multiply, seconds):
    """How long a product takes within so many seconds of trying, after one time that is not counted."""
    multiply()
    taken, end = [], time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        began = time.perf_counter()
        multiply()
        taken.append(time.perf_counter() - began)
    return Times(median(taken), min(taken))


def torch_product(p, _):
    a, b, c = torch.rand(p.m, p.k), torch.rand(p.k, p.n), torch.empty(p.m, p.n)
    return lambda: torch.mm(a, b, out=c)


def onnxruntime_product(p, threads):
    shapes = {"a": [p.m, p.k], "b": [p.k, p.n], "c": [p.m, p.n]}
    a, b, c = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items())
    graph = helper.make_graph([helper.make_node("MatMul", ["a", "b"], ["c"])], "product", [a, b], [c])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feeds = {name: np.random.default_rng(0).random(shapes[name], np.float32) for name in "ab"}
    return lambda: session.run(None, feeds)


LIBRARIES = {"torch.mm": torch_product, "ONNX Runtime MatMul": onnxruntime_product}


def fastest(product, threads, seconds):
    """The shorter times of a product in either library."""
    return Times(*map(min, *(times(library(product, threads), seconds) for library in LIBRARIES.values())))


def step_floor(needed, threads, seconds):
    """The floor of one step by the rate of a square product, and by each product at its own shape."""
    operations = sum(product.operations for product in needed)
    square = fastest(SQUARE, threads, seconds)
    each = {product: fastest(product, threads, seconds / len(needed)) for product in set(needed)}
    return {
        "rate": Times(*(SQUARE.operations / t for t in square))._asdict(),
        "by_rate": Times(*(operations / SQUARE.operations * t for t in square))._asdict(),
        "by_products": Times(*(sum(column) for column in zip(*(each[product] for product in needed))))._asdict(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lab.add_objective(parser)
    parser.add_argument("--last-layer", type=int, help="of losses that multiply nothing; instead of the objective's")
    parser.add_argument("sizes", nargs="+", help="sizes of the picture as HEIGHTxWIDTH")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1, help="how long to look for the shortest times, roughly")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    objective = lab.objective_of(arguments)
    layers = (objective.last_layer(), objective.style_layers) if arguments.last_layer is None else (arguments.last_layer, [])
    print(json.dumps({size: step_floor(products(*map(int, size.split("x")), arguments.network, *layers),
                                       arguments.threads, arguments.seconds) for size in arguments.sizes}))


if __name__ == "__main__":
    main()
