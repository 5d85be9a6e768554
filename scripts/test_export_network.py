"""What export_network.py refuses, each with one line that says why, and what it leaves behind. Needs no PyTorch.

    python3 -m unittest discover scripts
"""

import contextlib
import io
import pathlib
import struct
import tempfile
import unittest
import unittest.mock
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import cut_graph
import export_network
from squeezenet_weights import WeightsError

IMAGE = [1, 3, "H", "W"]


def weights(*shape, dtype=np.float32, name="kernel"):
    return numpy_helper.from_array(np.full(shape, 0.1, dtype), name)


def convolution(**attributes):
    return helper.make_node("Conv", ["image", "kernel"], ["y"], name="first", **attributes)


def model(*nodes, shape=IMAGE, kind=TensorProto.FLOAT, constants=None, inputs=(), opset=18, last="y"):
    """A model of these nodes, by default behind a convolution."""
    given = [helper.make_tensor_value_info("image", kind, shape), *(helper.make_tensor_value_info(name, TensorProto.FLOAT, IMAGE) for name in inputs)]
    graph = helper.make_graph([convolution(), *nodes], "test", given, [helper.make_tensor_value_info(last, TensorProto.FLOAT, None)],
                              constants or [weights(4, 3, 3, 3)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def behind(op, *more, **attributes):
    """A model with a node of this operator behind the convolution."""
    return model(helper.make_node(op, ["y", *more], ["z"], name="second", **attributes), last="z")


def resized(scale, **attributes):
    """A model with a Resize by scale, or by four scales, behind the convolution."""
    scales = numpy_helper.from_array(np.float32(scale if isinstance(scale, list) else [1, 1, scale, scale]), "scales")
    return model(helper.make_node("Resize", ["y", "", "scales"], ["z"], name="second", **attributes), last="z", constants=[weights(4, 3, 3, 3), scales])


def with_external(location):
    made = model()
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return made


def of_zellige():
    made = model()
    helper.set_model_props(made, {"zellige.contract": "1"})
    return made


def if_node():
    branch = helper.make_graph([helper.make_node("Relu", ["y"], ["b"])], "branch", [], [helper.make_tensor_value_info("b", TensorProto.FLOAT, None)])
    return model(helper.make_node("If", ["c"], ["z"], name="second", then_branch=branch, else_branch=branch), last="z",
                 constants=[weights(4, 3, 3, 3), numpy_helper.from_array(np.array(True), "c")])


def too_large():
    made = model()
    made.graph.initializer[0].dims[0] = 1 << 40
    return made


def state_dict(shapes, function="torch._utils _rebuild_tensor_v2"):
    """The bytes of a file by torch.save with a tensor of zeros for each name."""
    def text(value):
        return b"X" + struct.pack("<i", len(value)) + value.encode()

    def number(value):
        return b"J" + struct.pack("<i", value)

    def numbers(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    pickled, file = b"\x80\x02}(", io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for key, (name, shape) in enumerate(shapes.items()):
            strides = [int(np.prod(shape[axis + 1:])) for axis in range(len(shape))]
            storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(str(key)) + text("cpu") + number(int(np.prod(shape))) + b"tQ"
            pickled += text(name) + b"c" + function.replace(" ", "\n").encode() + b"\n(" + storage + number(0) + numbers(shape) + numbers(strides) + b"tR"
            archive.writestr(f"archive/data/{key}", bytes(4 * int(np.prod(shape))))
        archive.writestr("archive/data.pkl", pickled + b"u.")
    return file.getvalue()


ALEXNET = {"features.0": (8, 3, 11, 11), "features.3": (8, 8, 5, 5), "features.6": (8, 8, 3, 3), "features.8": (8, 8, 3, 3), "features.10": (8, 8, 3, 3)}


def alexnet(**changed):
    kernels = ALEXNET | {f"features.{place[1:]}": shape for place, shape in changed.items()}
    return {f"{name}.weight": shape for name, shape in kernels.items()} | {f"{name}.bias": shape[:1] for name, shape in kernels.items()}


REFUSED = {
    "control flow": (if_node(), "node second is control flow (If)"),
    "recurrent": (behind("LSTM", "kernel", "kernel", hidden_size=4), "node second (LSTM): the operator is not known; --last conv1_1 exports"),
    "transformer": (behind("LayerNormalization", "kernel"), "node second (LayerNormalization): the operator is not known; --last conv1_1"),
    "resized by a part": (resized(1.5), "node second (Resize): it resizes by 1.5, which is no whole number up to 64, nor one part of such; --last conv1_1"),
    "resized to a size": (behind("Resize", "", "", "kernel"), "node second (Resize): it does not resize rows and columns by the same constant; --last"),
    "resized channels": (resized([1, 2, 2, 2]), "node second (Resize): it does not resize rows and columns by the same constant; --last"),
    "corners aligned": (resized(2, mode="linear", coordinate_transformation_mode="align_corners"), "in a way that is not known: linear, align_corners; --last"),
    "resized by a cubic": (resized(2, mode="cubic"), "in a way that is not known: cubic, half_pixel; --last"),
    "nearest are shifted": (resized(2, coordinate_transformation_mode="asymmetric", nearest_mode="ceil"), "does not fill whole squares; --last"),
    "finer than pixels": (resized(2), "node second (Resize): it would put 2 features where there are 1 pixels; --last"),
    "another domain": (behind("Secret", domain="com.example"), "node second (com.example.Secret): the operator is not known"),
    "padded along an axis": (behind("Pad", "kernel"), "node second (Pad): "),
    "missing external data": (with_external("gone.bin"), "its weights are in 'gone.bin', which must be a file in the same folder and is not"),
    "external data elsewhere": (with_external("../../etc/passwd"), "'../../etc/passwd', which must be a file in the same folder"),
    "an old opset": (model(opset=6), "opset 6, must be 7 to 23"),
    "a new opset": (model(opset=24), "opset 24, must be 7 to 23"),
    "no image": (model(shape=[1, 10]), "input image [1, 10] is not an image [1, 3, height, width]"),
    "channels last": (model(shape=[1, 224, 224, 3]), "has its channels last; export it with channels first"),
    "dynamic channels": (model(shape=["N", "C", "H", "W"]), "input image ['N', 'C', 'H', 'W'] is not an image"),
    "two inputs": (model(inputs=["mask"]), "has 2 inputs (image, mask), must be one image"),
    "an input in half precision": (model(kind=TensorProto.FLOAT16), "is of type float16, must be float; convert the model to float32"),
    "weights in half precision": (model(constants=[weights(4, 3, 3, 3, dtype=np.float16)]), "weights kernel are in half precision"),
    "weights that are no numbers": (model(constants=[numpy_helper.from_array(np.full((4, 3, 3, 3), np.nan, np.float32), "kernel")]), "input 1 holds what is no number in float32"),
    "weights beyond float32": (model(constants=[numpy_helper.from_array(np.full((4, 3, 3, 3), 1e39), "kernel")]), "input 1 holds what is no number in float32"),
    "weights of other channels": (model(constants=[weights(4, 5, 3, 3)]), "[4, 5, 3, 3] in 1 groups does not fit 3 channels"),
    "weights that are not there": (too_large(), "are more than the file holds"),
    "exported already": (of_zellige(), "carries its gradient already: give it to zellige by --model"),
    "no model": (b"this is no model\n", "neither an ONNX model nor a state dict of PyTorch"),
    "nothing": (b"", "not an ONNX model: it holds no node"),
    "a state dict of another network": (state_dict({"conv1.weight": (8, 3, 7, 7)}), "a state dict of none of torchvision's VGG, AlexNet and SqueezeNet"),
    "a state dict of another shape": (state_dict(alexnet(_3=(8, 9, 5, 5))), "does not fit 8 channels"),
    "a state dict without a bias": (state_dict({name: shape for name, shape in alexnet().items() if name != "features.3.bias"}), "lacks features.3.bias"),
    "a state dict that runs code": (state_dict(alexnet(), "os system"), "asks for os.system: refused"),
}

RESIZES = [  # mode, where, which of the nearest, scale, opset
    ("nearest", "asymmetric", "floor", 3, 18), ("nearest", "asymmetric", "round_prefer_floor", 2, 13), ("nearest", "half_pixel", "round_prefer_ceil", 3, 11),
    ("nearest", "pytorch_half_pixel", "round_prefer_floor", 2, 19), ("linear", "asymmetric", None, 2, 13),
    ("linear", "asymmetric", None, 3, 18), ("linear", "half_pixel", None, 4, 11), ("linear", "pytorch_half_pixel", None, 3, 13),
    ("nearest", "asymmetric", "floor", 1 / 2, 18), ("nearest", "half_pixel", "ceil", 1 / 2, 13), ("nearest", "half_pixel", "round_prefer_floor", 1 / 3, 18),
    ("linear", "half_pixel", None, 1 / 4, 11), ("linear", "asymmetric", None, 1 / 2, 18), ("nearest", "asymmetric", "floor", 2, 10), ("linear", "asymmetric", None, 2, 10),
]


def export(data, *options, folder):
    path = pathlib.Path(folder) / "network"
    path.write_bytes(data if isinstance(data, bytes) else data.SerializeToString())
    return export_network.export(export_network.parse_arguments([str(path), "-o", str(path.parent / "out.onnx"), *options]))


def turned():
    """A model that reads its channels last and turns them first at once."""
    made = model(shape=[1, 224, 224, 3])
    made.graph.node[0].input[0] = "turned"
    made.graph.node.insert(0, helper.make_node("Transpose", ["image"], ["turned"], perm=[0, 3, 1, 2]))
    return made


class ExportTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def test_refused(self):
        for name, (data, want) in REFUSED.items():
            with self.subTest(name):
                with self.assertRaises(WeightsError) as caught:
                    export(data, folder=self.folder)
                self.assertIn(want, str(caught.exception))
                self.assertNotIn("\n", str(caught.exception))

    def test_exported(self):
        for name, data in {"a convolution": model(), "the oldest opset": model(opset=7), "channels last": turned(), "AlexNet": state_dict(alexnet())}.items():
            with self.subTest(name):
                self.assertTrue(export(data, folder=self.folder)[1])

    def test_an_earlier_file_stays_as_it_was(self):
        output = pathlib.Path(self.folder) / "out.onnx"
        output.write_bytes(b"earlier")
        network = pathlib.Path(self.folder) / "network"
        network.write_bytes(model().SerializeToString())
        with unittest.mock.patch("sys.argv", ["export_network.py", str(network), "-o", str(output)]), contextlib.redirect_stdout(io.StringIO()):
            with unittest.mock.patch("os.replace", side_effect=OSError("disk full")), self.assertRaisesRegex(SystemExit, "^export_network: error: disk full$"):
                export_network.main()
            self.assertEqual((output.read_bytes(), len(list(output.parent.iterdir()))), (b"earlier", 2))
            export_network.main()
        self.assertEqual(onnx.load(output).metadata_props[0].key, "zellige.contract")
        self.assertEqual(len(list(output.parent.iterdir())), 2)

    def test_automatic_padding_with_a_stride(self):
        random = np.random.default_rng(1)
        image = np.float32(random.normal(size=(1, 3, 12, 18)))
        for automatic in ("SAME_UPPER", "SAME_LOWER"):
            for size in (1, 2, 3, 5):
                with self.subTest(f"{automatic} {size}"):
                    made = model(constants=[numpy_helper.from_array(np.float32(random.normal(size=(4, 3, size, size))), "kernel")])
                    made.graph.node[0].CopyFrom(convolution(auto_pad=automatic, strides=[2, 2]))
                    want, = ReferenceEvaluator(made).run(None, {"image": image})
                    data, _ = export(made, folder=self.folder)
                    cut = cut_graph.cut(onnx.load_from_string(data), ["image"], ["feature.0"])
                    got, = ReferenceEvaluator(cut).run(None, {"image": image})
                    np.testing.assert_allclose(got, want, atol=1e-5)

    def test_resizes(self):
        """As onnx's documents define them, in all the ways that are known, old and new."""
        random = np.random.default_rng(1)
        image = np.float32(random.normal(size=(1, 3, 100, 147)))
        constants = [numpy_helper.from_array(np.float32(random.normal(size=(4, 3, 4, 4))), "kernel")]
        for mode, where, nearest, scale, opset in RESIZES:
            with self.subTest(f"{mode} {where} {nearest} by {scale:.3g} in opset {opset}"):
                how = {"coordinate_transformation_mode": where} | ({"nearest_mode": nearest} if nearest else {})
                scales = numpy_helper.from_array(np.float32([1, 1, scale, scale]), "scales")
                node = helper.make_node("Resize", ["y", "", "scales"], ["z"], mode=mode, **how)
                made = model(node, last="z", constants=[*constants, scales], opset=max(11, opset))
                made.graph.node[0].CopyFrom(convolution(strides=[12, 12]))
                want, = ReferenceEvaluator(made).run(None, {"image": image})
                if opset == 10:  # knows no other way
                    made.graph.node[1].CopyFrom(helper.make_node("Resize", ["y", "scales"], ["z"], mode=mode))
                data, layers = export(made, folder=self.folder)
                cut = cut_graph.cut(onnx.load_from_string(data), ["image"], [f"feature.{len(layers) - 1}"])
                got, = ReferenceEvaluator(cut).run(None, {"image": image})
                np.testing.assert_allclose(got, want, atol=1e-5)


if __name__ == "__main__":
    unittest.main()
