#!/usr/bin/env python3
"""What a step cannot be faster than: its convolutions and Gram matrices at the rate this machine multiplies matrices.

Prints as JSON the floating-point operations of a step at each size asked for, and the rates, in operations a second,
that PyTorch (torch.mm) and ONNX Runtime (MatMul) reach.
"""

import argparse
import json
import time

import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper

import lab
import network


def step_operations(height, width):
    """Of one step: each convolution and each Gram matrix forward, and as much again for their gradients.

    A multiplication and an addition count as two. The gradient of a convolution in its input takes as many as the
    convolution; that of a Gram matrix, D F with D [C][C], takes as many as F F^T.
    """
    operations = []

    def count(convolution, inputs, output):
        per_value = 2 * convolution.weight[0].numel()
        operations.append(per_value * output.numel())

    with torch.device("meta"):
        cnn = network.squeezenet()[:lab.LAST_LAYER + 1]
        for module in cnn.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.register_forward_hook(count)
        features = lab.extract_features(torch.empty(1, 3, height, width), cnn)
    grams = [2 * features[layer].shape[1] * features[layer].numel() for layer in lab.STYLE_LAYERS]
    return 2 * (sum(operations) + sum(grams))


def rate(multiply, n, seconds):
    """The best rate of multiply, a product of n x n matrices, within a time."""
    multiply()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - began)
    return 2 * n**3 / best


def torch_multiply(n):
    a, b, c = (torch.rand(n, n) for _ in range(3))
    return lambda: torch.mm(a, b, out=c)


def onnxruntime_multiply(n, threads):
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [n, n]) for name in "abc"]
    graph = helper.make_graph([helper.make_node("MatMul", ["a", "b"], ["c"])], "product", shapes[:2], shapes[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feeds = {name: np.random.default_rng(0).random((n, n), np.float32) for name in "ab"}
    return lambda: session.run(None, feeds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", help="sizes of the picture as HEIGHTxWIDTH")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1, help="how long to look for the best rate of each")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    n = 1024
    print(json.dumps({
        "operations": {size: step_operations(*map(int, size.split("x"))) for size in arguments.sizes},
        "rates": {
            "torch.mm": rate(torch_multiply(n), n, arguments.seconds),
            "ONNX Runtime MatMul": rate(onnxruntime_multiply(n, arguments.threads), n, arguments.seconds),
        },
    }))


if __name__ == "__main__":
    main()
