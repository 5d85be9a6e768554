#!/usr/bin/env python3
"""Installs zellige, or packs releases: an archive for each platform, for Linux a wheel too, and their SHA-256 sums.

make install and make dist run it. What stands at the end of the line is the command that builds for another platform, with
Zig as the C compiler; without one, the program of this machine is packed. The same commit gives the same bytes.
"""

import argparse
import hashlib
import json
import os
import pathlib
import platform as this
import subprocess
import sys
from typing import NamedTuple

import archives
import fetch_onnxruntime
from fetch_onnxruntime import REPOSITORY, FetchError

CACHE = REPOSITORY / ".cache"
DOC = "share/doc/zellige/"  # at the top of an archive


class Platform(NamedTuple):
    name: str  # Go's
    machine: tuple  # Python's name of it
    target: str  # Zig's name of it, with the oldest glibc that will do

    @property
    def library(self):
        return fetch_onnxruntime.LIBRARIES[self.machine]

    @property
    def windows(self):
        return self.name.startswith("windows/")

    def go(self):
        """Returns the environment in which go works for this platform."""
        system, processor = self.name.split("/")
        return {**os.environ, "GOOS": system, "GOARCH": processor, "CGO_ENABLED": "1"}


# glibc 2.28 is what the ONNX Runtime libraries need and the tags of the wheels say.
PLATFORMS = [
    Platform("linux/amd64", ("Linux", "x86_64"), "x86_64-linux-gnu.2.28"),
    Platform("linux/arm64", ("Linux", "aarch64"), "aarch64-linux-gnu.2.28"),
    Platform("windows/amd64", ("Windows", "AMD64"), "x86_64-windows-gnu"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--version", default="unknown", help="the name of the release, as git describe tells it")
    parser.add_argument("--binary", type=pathlib.Path, default=REPOSITORY / "bin/zellige", help="zellige for this machine")
    parser.add_argument("--install", metavar="FOLDER", type=pathlib.Path, help="put it and what it needs here")
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path, default=REPOSITORY / "out/dist")
    parser.add_argument("build", nargs=argparse.REMAINDER, help="such as go build -trimpath")
    o = parser.parse_args()
    try:
        manual = subprocess.run([o.binary, "help", "--man"], check=True, stdout=subprocess.PIPE).stdout
        if o.install:
            install(tree(of_this_machine(), o.binary, manual), o.install)
            return
        o.output.mkdir(parents=True, exist_ok=True)
        packed = {}
        for platform in PLATFORMS if o.build else [of_this_machine()]:
            binary = build(platform, o.build, o.output) if o.build else o.binary
            packed.update(pack(platform, o.version, tree(platform, binary, manual)))
        write(packed, o.output)
    except (FetchError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"dist.py: {error}")


def of_this_machine():
    for platform in PLATFORMS:
        if platform.machine == (this.system(), this.machine()):
            return platform
    raise FetchError(f"nothing is packed for {this.system()} {this.machine()}\nuse bin/zellige where it is")


def build(platform, command, folder):
    binary = folder / platform.name.replace("/", "-") / "zellige"
    cache = str(CACHE / "zig")
    zig = {"CC": f"{in_zig('zig')} cc -target {platform.target}", "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
    print(f"building for {platform.name}", flush=True)
    subprocess.run([*command, "-o", binary, "./cmd/zellige"], check=True, cwd=REPOSITORY, env={**platform.go(), **zig})
    return binary


def in_zig(name):
    """Returns the path of a file of Zig, which make puts into an environment of Python."""
    (path,) = REPOSITORY.glob(f".venv/dist/lib/python*/site-packages/ziglang/{name}")
    return path


def tree(platform, binary, manual):
    """Returns what is installed, the content of each file by its path below the prefix."""
    return {
        "bin/zellige" + (".exe" if platform.windows else ""): binary.read_bytes(),
        "share/man/man1/zellige.1": manual,
        DOC + "README.md": (REPOSITORY / "README.md").read_bytes(),
        DOC + "LICENSE": (REPOSITORY / "LICENSE").read_bytes(),
        DOC + "licences.txt": licences(platform).encode(),
        **onnxruntime(platform),
    }


def onnxruntime(platform):
    folder = REPOSITORY / ".onnxruntime"
    if platform.machine != (this.system(), this.machine()):
        folder = CACHE / f"onnxruntime-{platform.library.tag}"
    fetch_onnxruntime.fetch(platform.library, folder)
    files = {"lib/zellige/" + platform.library.name: (folder / platform.library.name).read_bytes()}
    for notice in fetch_onnxruntime.NOTICES:
        files[f"{DOC}onnxruntime-{notice}"] = (folder / notice).read_bytes()
    return files


def licences(platform):
    """Returns the licences of all that is in the binary but zellige's own."""
    goroot = subprocess.run(["go", "env", "GOROOT"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    files = {"Go": [pathlib.Path(goroot) / "LICENSE"], "SqueezeNet": sorted(REPOSITORY.glob("models/LICENSE.*"))}
    for module, folder in modules(platform).items():
        files[module] = [path for path in sorted(folder.iterdir()) if path.name.upper().startswith(("LICEN", "COPYING"))]
        if not files[module]:
            raise FetchError(f"{module} has no licence in {folder}")
    if platform.windows:
        files["MinGW-w64"] = [in_zig("lib/libc/mingw/COPYING")]
    texts = ((name, path.read_text(errors="replace")) for name, paths in files.items() for path in paths)
    return "\n".join(f"{'=' * 80}\n{name}\n{'=' * 80}\n\n{text}" for name, text in texts)


def modules(platform):
    """Returns the folders of the Go modules in the binary."""
    each = '{{with .Module}}{{if not .Main}}{{printf "[%q, %q]" .Path .Dir}}{{end}}{{end}}'
    command = ["go", "list", "-deps", "-tags", "urfave_cli_no_docs", "-f", each, "./cmd/zellige"]
    listed = subprocess.run(command, check=True, cwd=REPOSITORY, env=platform.go(), stdout=subprocess.PIPE, text=True).stdout
    return {name: pathlib.Path(folder) for name, folder in map(json.loads, sorted(set(listed.splitlines())))}


def install(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")  # nobody can write a program that runs
        temporary.write_bytes(content)
        temporary.chmod(archives.mode(name))
        temporary.replace(path)
        print(path)


def pack(platform, version, files):
    """Returns the archives of a platform by their names."""
    folder = f"zellige-{version}-{platform.name.replace('/', '-')}"
    unpacked = {f"{folder}/{name.replace(DOC, '')}": content for name, content in files.items()}
    if platform.windows:
        return {f"{folder}.zip": archives.zipped(unpacked)}
    wheel, inside = archives.wheel(version, platform.library.tag, files)
    return {f"{folder}.tar.gz": archives.tarred(unpacked), wheel: archives.zipped(inside)}


def write(packed, folder):
    sums = ""
    for name, content in sorted(packed.items()):
        (folder / name).write_bytes(content)
        sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        print(f"{folder / name}: {len(content) / 1e6:.1f} MB")
    (folder / "SHA256SUMS").write_text(sums)


if __name__ == "__main__":
    main()
