"""A small builder of ONNX graphs: values are names, operators are calls."""

import hashlib
import json
import os
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 9  # read by every ONNX Runtime since 1.16


class Graph:
    def __init__(self):
        self.nodes, self.inputs, self.outputs, self.initializers = [], [], [], []
        self.constant_names = {}  # content -> name, so that equal constants are stored once
        self.counts = {}  # operator -> how many, for the names of values nobody named

    def input(self, name, shape):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def output(self, name, shape):
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def constant(self, value, name=None):
        """A constant, float32 unless the value is an integer; stored once however often it is asked for."""
        array = np.ascontiguousarray(value)
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float32)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constant_names:
            self.constant_names[key] = name or f"constant.{len(self.constant_names)}"
            self.initializers.append(numpy_helper.from_array(array, self.constant_names[key]))
        return self.constant_names[key]

    def __call__(self, operator, *inputs, name=None, outputs=1, **attributes):
        """Adds a node; inputs are names or constants' values. Gives the name of its output, or a list of several."""
        self.counts[operator] = self.counts.get(operator, 0) + 1
        name = name or f"{operator}.{self.counts[operator]}"
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        inputs = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        self.nodes.append(helper.make_node(operator, inputs, names, name=name, **attributes))
        return names[0] if outputs == 1 else names

    def model(self, name, producer, version, metadata):
        """The checked model; metadata's values are JSON-encoded unless they are strings."""
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs, self.initializers)
        domains = sorted({node.domain for node in self.nodes} - {""})
        model = helper.make_model(graph, producer_name=producer, producer_version=version, ir_version=IR_VERSION,
                                  opset_imports=[helper.make_opsetid("", OPSET), *(helper.make_opsetid(own, 1) for own in domains)])
        helper.set_model_props(model, {key: value if isinstance(value, str) else json.dumps(value)
                                       for key, value in metadata.items()})
        onnx.checker.check_model(model, full_check=True)
        return model


def sealed(model):
    """The file's bytes; their SHA-256, without this entry, is in the metadata, so that a damaged copy is noticed."""
    digest = hashlib.sha256(model.SerializeToString(deterministic=True)).hexdigest()
    model.metadata_props.add(key="zellige.sha256", value=digest)
    return model.SerializeToString(deterministic=True)


def replace(path, data):
    """Writes a file so that path holds either what it held before or all of data."""
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)
    try:
        with file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(file.name, 0o666 & ~mask)
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        raise
