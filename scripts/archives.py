"""Archives whose bytes depend only on the files, given by their names, and on the date of the commit."""

import base64
import gzip
import hashlib
import io
import os
import re
import subprocess
import tarfile
import time
import zipfile

from fetch_onnxruntime import REPOSITORY


def mode(name):
    return 0o755 if "bin/" in name or "/scripts/" in name else 0o644


def epoch():
    """Returns the age of all files, in seconds since 1970: what SOURCE_DATE_EPOCH says, or the commit's."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    last = ["git", "log", "-1", "--format=%ct"]
    return int(told or subprocess.run(last, check=True, cwd=REPOSITORY, stdout=subprocess.PIPE).stdout)


def tarred(files):
    plain, age = io.BytesIO(), epoch()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), mode(name), age
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), 6, mtime=0)


def zipped(files):
    packed, age = io.BytesIO(), time.gmtime(epoch())[:6]
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, age)
            entry.create_system, entry.external_attr = 3, (0o100000 | mode(name)) << 16  # as on Unix, also on Windows
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def wheel(version, tag, files):
    """Returns the name and the files of a wheel that pip unpacks into its prefix: it holds no Python."""
    version = wheel_version(version)
    data, info = f"zellige-{version}.data", f"zellige-{version}.dist-info"
    # pip puts the wheel's scripts where the prefix has its programs.
    inside = {f"{data}/data/{name}".replace("data/bin/", "scripts/"): content for name, content in files.items()}
    inside[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: zellige\nVersion: {version}\nLicense: MIT\n"
        "Summary: Repaints a photograph in the style of another picture\n"
    ).encode()
    inside[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: zellige\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n".encode()
    record = f"{info}/RECORD"
    inside[record] = "".join(recorded(name, content) for name, content in sorted(inside.items())).encode() + f"{record},,\n".encode()
    return f"zellige-{version}-py3-none-{tag}.whl", inside


def recorded(name, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"{name},sha256={digest},{len(content)}\n"


def wheel_version(described):
    """Returns what git describe tells in the spelling of Python: v1.2-3-gabc as 1.2.post3+gabc, abc as 0+gabc."""
    tagged = re.fullmatch(r"v?(\d+(?:\.\d+)+)(?:-(\d+)-(g[0-9a-f]+))?(-dirty)?", described)
    if not tagged:
        return "0+" + re.sub("[^a-z0-9]+", ".", "g" + described.lower())
    number, commits, commit, dirty = tagged.groups()
    local = [part for part in (commit, dirty and "dirty") if part]
    return number + (f".post{commits}" if commits else "") + ("+" + ".".join(local) if local else "")
