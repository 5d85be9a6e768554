"""Cuts the exported graph down to an objective, by the rules of the contract (see models/README.md).

The program does the same in Go; this is its twin for the Python scripts.
"""

import onnx
from onnx import TensorProto, helper


SUMS = {"Sum": 0, "ReluGradient": 1}  # operators that may lose operands, from this one on


def cut(model, fed, wanted):
    """The part of model that computes the wanted outputs from the fed tensors, which may be tensors inside the graph."""
    known = set(fed) | {constant.name for constant in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if all(name in fed for name in node.output):
            continue
        inputs = [name for name in node.input if name in known]
        first = SUMS.get(node.op_type, len(node.input))
        if list(node.input[:first]) == inputs[:first] and (len(inputs) > first or len(inputs) == len(node.input)):
            kept = onnx.NodeProto()
            kept.CopyFrom(node)
            del kept.input[:]
            kept.input.extend(inputs)
            if node.op_type == "Sum" and len(inputs) == 1:
                kept.op_type = "Identity"
            nodes.append(kept)
            known.update(node.output)
    missing = set(wanted) - known
    if missing:
        raise ValueError(f"{sorted(missing)} cannot be computed from {sorted(fed)}")
    return with_nodes(model, reached(nodes, wanted), fed, wanted)


def reached(nodes, wanted):
    """The nodes that the wanted tensors depend on."""
    needed, kept = set(wanted), []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


def with_nodes(model, nodes, fed, wanted):
    """A copy of model with these nodes, and only the inputs, outputs and constants that they use."""
    used = {name for node in nodes for name in node.input}
    declared = {value.name: value for value in [*model.graph.input, *model.graph.output]}

    def value(name):
        return declared.get(name) or helper.make_tensor_value_info(name, TensorProto.FLOAT, None)

    graph = helper.make_graph(nodes, model.graph.name,
                              [value(name) for name in fed if name in used],
                              [value(name) for name in wanted],
                              [constant for constant in model.graph.initializer if constant.name in used])
    return helper.make_model(graph, ir_version=model.ir_version, opset_imports=model.opset_import)


def objective(content_layers, style_layers, match_layers=()):
    """The inputs to feed and the outputs to ask for, for the losses of some layers and their gradient."""
    fed = ["image"]
    fed += [f"content.{layer}.{part}" for layer in content_layers for part in ("target", "weight")]
    fed += [f"style.{layer}.{part}" for layer in style_layers for part in ("target", "weight", "scale")]
    fed += [f"match.{layer}.{part}" for layer in match_layers for part in ("target", "weight")]
    wanted = [f"content.{layer}.loss" for layer in content_layers]
    wanted += [f"style.{layer}.loss" for layer in style_layers]
    wanted += [f"match.{layer}.loss" for layer in match_layers]
    return fed, [*wanted, "gradient"]
