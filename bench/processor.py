"""The machine: its processor, how wide its vectors are, and what PyTorch's users preload for the sake of its memory."""

import glob
import os
import pathlib
import platform
import re
import subprocess
import sys

import numpy as np

CPUINFO = pathlib.Path("/proc/cpuinfo")
WIDE, NARROW = "wide", "avx2"  # kinds of processor, of which different things are wanted
ALLOCATORS = ("libjemalloc.so.2", "libtcmalloc_minimal.so.4")  # Debian's libjemalloc2, libtcmalloc-minimal4
# Without either the C library does nearly as much: it neither asks the system for each map nor gives it back.
PATIENT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**33), "MALLOC_TOP_PAD_": str(2**26)}


def field(name):
    """A field of the first processor, as far as the system tells."""
    text = CPUINFO.read_text() if CPUINFO.exists() else ""
    found = re.search(rf"^{name}\s*: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def vectors():
    """The widest vectors that programs find, by the name that the processor has for them: NumPy asks it, as they do."""
    has = np._core._multiarray_umath.__cpu_features__
    return next((name for name in ("AVX512F", "AVX2", "AVX") if has.get(name)), "vectors of unknown width")


def kind():
    return WIDE if vectors() == "AVX512F" else NARROW


def narrow(out):
    """Begins this script anew as on a processor without AVX-512."""
    program = out / "narrow"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", program, pathlib.Path(__file__).with_name("narrow.c")], check=True)
    os.execv(program, [program, sys.executable, *sys.argv])


def describe():
    return f"{field('model name') or platform.processor()}, {vectors()}, {os.cpu_count()} cores"


def allocator():
    """(name, environment) of the allocator that PyTorch's users tune it with, of those that are there."""
    for name in ALLOCATORS:
        for path in glob.glob(f"/usr/lib*/{name}") + glob.glob(f"/usr/lib/*/{name}"):
            return name.removeprefix("lib").split(".")[0], {"LD_PRELOAD": path}
    return "malloc", PATIENT
