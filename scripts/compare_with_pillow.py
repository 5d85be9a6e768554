#!/usr/bin/env python3
"""Compares what zellige and Pillow see in every file of a folder: python3 scripts/compare_with_pillow.py FOLDER...

Prints files whose pixels differ without a warning (and whether ImageMagick sees them as zellige does), and files that
Pillow reads and zellige does not, with what it says.
Both turn pictures upright, show transparency on white and the first frame; Pillow converts colour profiles by Little CMS.
Needs Pillow, numpy, ImageMagick and Go. See docs/reliability.md.
"""

import collections
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
# Levels of 255 by which a picture may differ: JPEG decoders round differently, and so do engines of colour profiles.
EXACT, LOSSY, CONVERTED = 1, 4, 30
FORMATS = {"JPEG", "MPO", "PNG", "GIF", "WEBP", "TIFF", "BMP", "DIB"}


def as_pillow_sees(path):
    """Returns the format and the picture as [height][width][3], or raises what Pillow raises."""
    image = Image.open(path)
    image.load()  # some say what follows the pixels, too
    kind, profile = image.format, image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        deep = np.asarray(ImageOps.exif_transpose(image).convert("I"))
        grey = np.where(deep == image.info.get("transparency", -1), 255, np.rint(deep / 257))
        return kind, np.repeat(grey[:, :, None], 3, axis=2)
    image = ImageOps.exif_transpose(image)
    transparent = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    alpha = image.convert("RGBA").getchannel("A") if transparent else None
    if profile:
        image = convert(image, profile)
    image = image.convert("RGB")
    if alpha is not None:
        white = Image.new("RGB", image.size, "white")
        image = Image.composite(image, white, alpha)
    return kind, np.asarray(image).astype(float)


def convert(image, profile):
    mode = image.mode if image.mode in ("L", "CMYK") else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image


def arbitrated(path, got):
    """Whether ImageMagick sees what zellige sees, but for a hundredth of the values."""
    command = ["convert", f"{path}[0]", "-auto-orient", "-background", "white", "-flatten", "-colorspace", "sRGB", "PNG24:-"]
    run = subprocess.run(command, capture_output=True)
    seen = np.asarray(Image.open(io.BytesIO(run.stdout))).astype(float) if run.stdout else got[:0]
    return seen.shape == got.shape and (np.abs(seen - got) > LOSSY).mean() < 0.01


def compare(ours, path, decoded):
    """Returns a verdict and its details."""
    try:
        kind, want = as_pillow_sees(path)
    except Exception as error:  # whatever a damaged file makes of Pillow
        return ("neither reads", "") if ours["Error"] else ("only zellige reads", f"{error} {ours['Warning']}")
    if ours["Error"]:
        reason = ours["Error"].split(": ", 1)[1]
        damaged = "is damaged" in reason or "is truncated" in reason
        verdict = "refused, another format" if kind not in FORMATS else "called damaged" if damaged else "refused in words"
        return verdict, f"{kind}: {reason}"
    got = np.asarray(Image.open(decoded))[:, :, :3].astype(float)
    if got.shape != want.shape:
        return "another size", f"{kind}: {got.shape[:2]}, not {want.shape[:2]} {ours['Warning']}"
    off = np.abs(got - want)
    allowed = CONVERTED if ours["Profile"] else LOSSY if kind in ("JPEG", "MPO", "WEBP", "TIFF") else EXACT
    if off.max() <= allowed:
        return "the same", ""
    verdict = "differs with a warning" if ours["Warning"] else "differs, as ImageMagick" if arbitrated(path, got) else "differs"
    return verdict, f"{kind}: {off.max():.0f} levels, {off.mean():.2f} in the mean {ours['Warning']}{ours['Profile']}"


def main():
    warnings.simplefilter("ignore")
    paths = sorted(str(p) for folder in sys.argv[1:] for p in pathlib.Path(folder).resolve().rglob("*") if p.is_file())
    with tempfile.TemporaryDirectory() as folder:
        command = ["go", "run", "./scripts/decode", folder]
        run = subprocess.run(command, cwd=REPOSITORY, input="\n".join(paths), capture_output=True, text=True, check=True)
        found = collections.defaultdict(list)
        for i, line in enumerate(run.stdout.splitlines()):
            ours = json.loads(line)
            if ours["Seconds"] > 10:
                print(f"slow: {ours['Path']} took {ours['Seconds']:.0f} s")
            verdict, details = compare(ours, ours["Path"], f"{folder}/{i}.png")
            found[verdict].append((ours["Path"], details))
    print(f"files: {len(paths)}")
    for verdict, files in sorted(found.items()):
        print(f"{verdict}: {len(files)}")
        if verdict not in ("the same", "neither reads"):
            for path, details in files:
                print(f"    {path}  {details}")


if __name__ == "__main__":
    main()
