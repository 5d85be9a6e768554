"""Reads a network from a file that nobody vouches for: an ONNX model, or a state dict of torchvision.

Either way it comes out as a list of nodes in order of evaluation, that reads one picture [1][3][H][W].
"""

import dataclasses
import hashlib
import io
import os

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

import squeezenet_weights
from squeezenet_weights import WeightsError

OLDEST_OPSET, NEWEST_OPSET = 7, 23
LARGEST_FILE = 2 << 30  # what protobuf can hold
MOST_NODES = 20_000
LARGEST_NUMBER = np.finfo(np.float32).max


@dataclasses.dataclass
class Node:
    """One operator. Of its inputs, those that are constants are values, by position; the others are names."""

    op: str
    name: str
    inputs: list
    outputs: list
    attributes: dict = dataclasses.field(default_factory=dict)
    constants: dict = dataclasses.field(default_factory=dict)

    def constant(self, position, optional=False):
        """A constant input, in float64; None if it is optional and not there."""
        if position not in self.constants and not optional:
            raise WeightsError(f"node {self.name} ({self.op}): input {position} is not a constant")
        value = self.constants.get(position)
        if value is None:
            return None
        value = np.asarray(value, np.float64)
        if not (np.abs(value) <= LARGEST_NUMBER).all():
            raise WeightsError(f"node {self.name} ({self.op}): input {position} holds what is no number in float32")
        return value

    def scalar(self, attribute, position, default):
        """A number that is an attribute in old opsets and a constant input in new ones."""
        value = self.constants.get(position, self.attributes.get(attribute, default))
        return float(np.asarray(value).reshape(-1)[0])


@dataclasses.dataclass
class Source:
    """A network as it was read."""

    nodes: list
    image: str  # the name of the input
    provenance: dict


def read(path):
    """The network in a file. WeightsError says in one line why it cannot be read."""
    if path.stat().st_size > LARGEST_FILE:
        raise WeightsError(f"{path}: larger than {LARGEST_FILE >> 30} GiB")
    data = path.read_bytes()
    if squeezenet_weights.is_torch(data):
        nodes, name = torchvision_nodes(squeezenet_weights.load_state(path, data), path)
        image = "image"
    else:
        name = "an ONNX model"
        nodes, image = onnx_nodes(data, path)
    return Source(fold(nodes), image, {"source": name, "file": path.name, "sha256": hashlib.sha256(data).hexdigest(),
                                       "licence": "as of the file"})


# --- ONNX ------------------------------------------------------------------------------------------------------------


def onnx_nodes(data, path):
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception as error:  # protobuf's own class differs from version to version
        raise WeightsError(f"{path}: neither an ONNX model nor a state dict of PyTorch") from error
    check_model(model, path)
    load_external(model, path)
    constants = {tensor.name: array(tensor, path) for tensor in model.graph.initializer}
    image = the_image(model.graph, constants, path)
    nodes = []
    for index, proto in enumerate(model.graph.node):
        nodes += read_node(proto, index, constants, path)
    return nodes, image


def check_model(model, path):
    if any(entry.key == "zellige.contract" for entry in model.metadata_props):
        raise WeightsError(f"{path}: carries its gradient already: give it to zellige by --model")
    if not model.graph.node:
        raise WeightsError(f"{path}: not an ONNX model: it holds no node")
    if len(model.graph.node) > MOST_NODES:
        raise WeightsError(f"{path}: has {len(model.graph.node)} nodes, at most {MOST_NODES} are read")
    versions = [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if not versions or not OLDEST_OPSET <= versions[0] <= NEWEST_OPSET:
        raise WeightsError(f"{path}: opset {versions[0] if versions else 'unknown'}, "
                           f"must be {OLDEST_OPSET} to {NEWEST_OPSET}; convert it with onnx.version_converter")


def the_image(graph, constants, path):
    """The name of the only input, which must be an image."""
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1:
        raise WeightsError(f"{path}: has {len(inputs)} inputs ({', '.join(v.name for v in inputs) or 'none'}), must be one image")
    value, tensor = inputs[0], inputs[0].type.tensor_type
    if tensor.elem_type != TensorProto.FLOAT:
        kind = TensorProto.DataType.Name(tensor.elem_type).lower()
        raise WeightsError(f"{path}: input {value.name} is of type {kind}, must be float; convert the model to float32")
    shape = [dim.dim_value or dim.dim_param or "?" for dim in tensor.shape.dim]
    if len(shape) == 4 and shape[1] != 3 and shape[3] == 3:
        readers = [node for node in graph.node if value.name in node.input]
        if [channels_first(node) for node in readers] == [True]:  # as converters from TensorFlow write it
            graph.node.remove(readers[0])
            return readers[0].output[0]
        raise WeightsError(f"{path}: input {value.name} {shape} has its channels last; export it with channels first")
    if len(shape) != 4 or shape[1] != 3:
        raise WeightsError(f"{path}: input {value.name} {shape} is not an image [1, 3, height, width]")
    return value.name


def channels_first(node):
    return node.op_type == "Transpose" and [list(a.ints) for a in node.attribute] == [[0, 3, 1, 2]]


def load_external(model, path):
    """Reads weights beside the model, of files in the same folder only."""
    folder = path.resolve().parent
    for tensor in model.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            location = next((entry.value for entry in tensor.external_data if entry.key == "location"), "")
            file = folder / location
            if not location or os.path.basename(location) != location or file.is_symlink() or not file.is_file():
                raise WeightsError(f"{path}: its weights are in {location!r}, which must be a file in the same folder and is not")
            if file.stat().st_size > LARGEST_FILE:
                raise WeightsError(f"{path}: its weights in {location!r} are larger than {LARGEST_FILE >> 30} GiB")
            try:
                onnx.external_data_helper.load_external_data_for_tensor(tensor, str(folder))
            except Exception as error:
                raise WeightsError(f"{path}: weights {tensor.name} cannot be read from {location!r}: {error}") from error
            tensor.data_location = TensorProto.DEFAULT


def array(tensor, path):
    """A constant of the model."""
    if tensor.data_type in (TensorProto.FLOAT16, TensorProto.BFLOAT16):
        raise WeightsError(f"{path}: weights {tensor.name} are in half precision; convert the model to float32")
    stored = max(len(tensor.raw_data), len(tensor.SerializeToString()))
    if np.prod([float(dim) for dim in tensor.dims]) > stored or any(dim < 0 for dim in tensor.dims):
        raise WeightsError(f"{path}: weights {tensor.name} {list(tensor.dims)} are more than the file holds")
    try:
        return numpy_helper.to_array(tensor)
    except Exception as error:
        raise WeightsError(f"{path}: weights {tensor.name} cannot be read: {error}") from error


def read_node(proto, index, constants, path):
    """The node, or those that it stands for, or none if it only hands on a value or is a constant."""
    name = proto.name or f"{proto.op_type}.{index}"
    attributes = {}
    for attribute in proto.attribute:
        if attribute.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS):
            raise WeightsError(f"{path}: node {name} is control flow ({proto.op_type}), which has no gradient here")
        if attribute.type == onnx.AttributeProto.TENSOR:
            attributes[attribute.name] = array(attribute.t, path)
        elif attribute.type != onnx.AttributeProto.SPARSE_TENSOR:
            value = onnx.helper.get_attribute_value(attribute)
            attributes[attribute.name] = value.decode(errors="replace") if isinstance(value, bytes) else value
    if proto.op_type == "Constant":
        value = next(iter(attributes.values()), None)
        if value is not None and not isinstance(value, str):
            constants[proto.output[0]] = np.asarray(value)
        return []
    if proto.op_type == "Identity" and proto.input[0] in constants:
        constants[proto.output[0]] = constants[proto.input[0]]
        return []
    outputs = [output for output in proto.output if output]
    known = {position: constants[value] for position, value in enumerate(proto.input) if value in constants}
    inputs = [value for value in proto.input if value and value not in constants]
    op = proto.op_type if proto.domain in ("", "ai.onnx") else f"{proto.domain}.{proto.op_type}"
    if op == "HardSwish":
        gate = f"{outputs[0]}.gate"
        return [Node("HardSigmoid", name, inputs, [gate], {"alpha": 1 / 6, "beta": 0.5}),
                Node("Mul", name, [*inputs, gate], outputs)]
    return [Node(op, name, inputs, outputs, attributes, known)]


# --- simplifying -----------------------------------------------------------------------------------------------------


def fold(nodes):
    """Leaves out what only hands on a value."""
    alias, kept = {}, []
    for node in nodes:
        node.inputs = [alias.get(name, name) for name in node.inputs]
        if node.op in ("Identity", "Dropout") and len(node.inputs) == 1:
            alias[node.outputs[0]] = node.inputs[0]
        else:
            kept.append(node)
    return kept


# --- torchvision -----------------------------------------------------------------------------------------------------


def torchvision_nodes(state, path):
    """The nodes of a network of which only the weights are known, and its name."""
    for recognise in (vgg, alexnet, squeezenet):
        try:
            found = recognise(state)
        except KeyError as error:
            raise WeightsError(f"{path}: the state dict lacks {error.args[0]}") from error
        if found:
            return found
    raise WeightsError(f"{path}: a state dict of none of torchvision's VGG, AlexNet and SqueezeNet; export its network as ONNX")


class Chain:
    """Nodes of which each reads the one before."""

    def __init__(self, state):
        self.state, self.nodes, self.last = state, [], "image"

    def add(self, op, name, *constants, inputs=None, **attributes):
        known = {position: value for position, value in enumerate(constants, start=1)}
        self.nodes.append(Node(op, name, inputs or [self.last], [name], attributes, known))
        self.last = name
        return name

    def convolve(self, name, inputs=None, **attributes):
        """A convolution and its ReLU."""
        self.add("Conv", name, self.state[f"{name}.weight"], self.state[f"{name}.bias"], inputs=inputs, **attributes)
        if f"{name}.norm" in self.state:
            self.add("BatchNormalization", f"{name}.norm", *self.state[f"{name}.norm"])
        return self.add("Relu", f"{name}.relu")

    def pool(self, name, size, ceil=0):
        self.add("MaxPool", name, kernel_shape=[size, size], strides=[2, 2], ceil_mode=ceil)


def shapes(state):
    """The shapes of the convolutions of features, by name."""
    return {name.removesuffix(".weight"): value.shape for name, value in state.items()
            if name.startswith("features.") and name.endswith(".weight") and value.ndim == 4}


def vgg(state):
    """Convolutions 3x3 at the places that the names tell; where one place is missing before the next, there is a pool."""
    kernels = shapes(state)
    places = [int(name.split(".")[1]) for name in kernels if name.count(".") == 1]
    if len(places) != len(kernels) or len(places) < 8 or any(shape[2:] != (3, 3) for shape in kernels.values()):
        return None
    chain, state = Chain(state), dict(state)
    chain.state = state
    for place, following in zip(places, [*places[1:], None]):
        name, norm = f"features.{place}", f"features.{place + 1}"
        normalised = f"{norm}.running_var" in state
        if normalised:
            state[f"{name}.norm"] = [state[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        chain.convolve(name, pads=[1, 1, 1, 1])
        if following is None or following - place > 2 + normalised:
            chain.pool(f"features.{place + 2 + normalised}", 2)
    batch = "_bn" if any(name.endswith("running_var") for name in state) else ""
    return chain.nodes, f"torchvision vgg{len(places) + 3}{batch}"


def alexnet(state):
    sizes = {"features.0": 11, "features.3": 5, "features.6": 3, "features.8": 3, "features.10": 3}
    kernels = shapes(state)
    if {name: shape[2] for name, shape in kernels.items()} != sizes:
        return None
    chain = Chain(state)
    for name, size in sizes.items():
        pad = size // 2 if size < 11 else 2
        chain.convolve(name, pads=[pad] * 4, strides=[4, 4] if size == 11 else [1, 1])
        if name in ("features.0", "features.3", "features.10"):
            chain.pool(f"features.{int(name.split('.')[1]) + 2}", 3)
    return chain.nodes, "torchvision alexnet"


def squeezenet(state):
    kernels = shapes(state)
    first = kernels.get("features.0", (0, 0, 0, 0))[2]
    fires = sorted({int(name.split(".")[1]) for name in kernels if name.endswith(".squeeze")})
    if (first, fires) not in ((7, [3, 4, 5, 7, 8, 9, 10, 12]), (3, [3, 4, 6, 7, 9, 10, 11, 12])):
        return None
    chain = Chain(state)
    chain.convolve("features.0", strides=[2, 2])
    for place in range(2, 13):
        name = f"features.{place}"
        if place not in fires:
            chain.pool(name, 3, ceil=1)
            continue
        squeezed = chain.convolve(f"{name}.squeeze")
        halves = [chain.convolve(f"{name}.expand{size}x{size}", inputs=[squeezed], pads=[size // 2] * 4) for size in (1, 3)]
        chain.add("Concat", name, inputs=halves, axis=1)
    return chain.nodes, f"torchvision squeezenet1_{0 if first == 7 else 1}"
