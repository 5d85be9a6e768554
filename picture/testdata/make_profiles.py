#!/usr/bin/env python3
"""Makes profile/NAME, pictures with ICC profiles in them, and
profile/golden-NAME.png, the same in sRGB as Pillow's ImageCms (Little CMS) sees
them with the perceptual intent.

Needs Pillow (13.0 with Little CMS 2.19 made the committed files) and numpy:

    python3 make_profiles.py

The profiles are computed from the primaries that their standards print, so they
are as free as this program.
"""
import io
import os
import struct

import numpy as np
from PIL import Image, ImageCms

from make import path, scene

D50 = (0.9642, 1.0, 0.8249)
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def fixed(*values):
    return b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def xyz(v):
    return b"XYZ \0\0\0\0" + fixed(*v)


def gamma(g):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(g * 256)) + b"\0\0"


SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
STRAIGHT = b"curv\0\0\0\0\0\0\0\0"


def desc(name):
    text = name.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)


def profile(kind, space, pcs, tags):
    """kind and space are the header's device class and colour space."""
    body, rows, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        rows += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s6H4s", size, b"\0\0\0\0", 0x02400000, kind, space, pcs,
                       2026, 1, 1, 0, 0, 0, b"acsp")
    head += bytes(28) + fixed(*D50) + bytes(48)
    return head + struct.pack(">I", len(tags)) + rows + body


def to_xyz(x, y):
    return np.array([x / y, 1, (1 - x - y) / y])


def rgb_profile(name, primaries, white, curve):
    white = to_xyz(*white)
    m = np.stack([to_xyz(*p) for p in primaries], axis=1)
    m = m * np.linalg.solve(m, white)
    cone = BRADFORD @ np.array(D50) / (BRADFORD @ white)
    m = np.linalg.inv(BRADFORD) @ np.diag(cone) @ BRADFORD @ m
    return profile(b"mntr", b"RGB ", b"XYZ ", [
        (b"desc", desc(name)), (b"wtpt", xyz(D50)),
        (b"rXYZ", xyz(m[:, 0])), (b"gXYZ", xyz(m[:, 1])), (b"bXYZ", xyz(m[:, 2])),
        (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)])


def grey_profile(name, curve):
    return profile(b"mntr", b"GRAY", b"XYZ ", [(b"desc", desc(name)), (b"wtpt", xyz(D50)), (b"kTRC", curve)])


def cmyk_profile(name, n=5):
    """Inks that only darken, in a table of n^4 colours: lut16Type over Lab."""
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, n)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    c, m, y, k = grid.T
    lightness = 100 * (1 - 0.45 * c) * (1 - 0.5 * m) * (1 - 0.1 * y) * (1 - 0.85 * k)
    a = (-35 * c + 70 * m - 5 * y) * (1 - k)
    b = (-45 * c - 5 * m + 90 * y) * (1 - k)
    lab = np.stack([lightness / 100 * 65280, (a + 128) * 256, (b + 128) * 256], axis=-1).round().astype(">u2")
    ramp = np.array([0, 65535], ">u2").tobytes()
    table = (b"mft2\0\0\0\0" + bytes([4, 3, n, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + struct.pack(">HH", 2, 2)
             + 4 * ramp + lab.tobytes() + 3 * ramp)
    return profile(b"prtr", b"CMYK", b"Lab ", [(b"desc", desc(name)), (b"wtpt", xyz(D50)), (b"A2B0", table)])


D65 = (0.3127, 0.3290)
P3 = rgb_profile("P3", [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)], D65, SRGB_CURVE)
ADOBE = rgb_profile("Like Adobe RGB", [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)], D65, gamma(563 / 256))
PROPHOTO = rgb_profile("ProPhoto", [(0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)], (0.3457, 0.3585), gamma(1.8))
LINEAR = rgb_profile("Linear", [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)], D65, STRAIGHT)
SRGB = rgb_profile("Another sRGB", [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)], D65, SRGB_CURVE)
GREY = grey_profile("Grey gamma 1.8", gamma(1.8))
CMYK = cmyk_profile("Inks")


def with_spare(data, size):
    """The profile blown up by a tag of zeros, so that a JPEG must split it."""
    tags = []
    for i in range(struct.unpack(">I", data[128:132])[0]):
        name, at, length = struct.unpack(">4sII", data[132 + 12 * i:144 + 12 * i])
        tags.append((name, data[at:at + length]))
    return profile(data[12:16], data[16:20], data[20:24], tags + [(b"note", bytes(size))])


def main():
    colour = Image.fromarray(scene(32, 24, seed=7))
    wide = Image.fromarray(np.random.default_rng(8).integers(0, 256, (24, 32, 3), np.uint8))
    clear = wide.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    inks = Image.fromarray(np.random.default_rng(9).integers(0, 256, (24, 32, 4), np.uint8), "CMYK")
    grey = colour.convert("L")
    for name, image, icc, options in [
        ("p3.jpg", colour, P3, {"quality": 95, "subsampling": 0}),
        ("p3-split.jpg", colour, with_spare(P3, 150_000), {"quality": 95, "subsampling": 0}),
        ("p3.png", wide, P3, {}),
        ("p3.webp", wide, P3, {"lossless": True}),
        ("p3-palette.png", colour.quantize(32), P3, {}),
        ("adobe.png", wide, ADOBE, {}),
        ("adobe-clear.png", clear, ADOBE, {}),
        ("adobe.tif", wide, ADOBE, {}),
        ("prophoto.png", wide, PROPHOTO, {}),
        ("linear.png", wide, LINEAR, {}),
        ("srgb.png", wide, SRGB, {}),
        ("grey.png", grey, GREY, {}),
        ("grey.jpg", grey, GREY, {"quality": 95}),
        ("inks.jpg", inks, CMYK, {"quality": 95}),
    ]:
        image.save(path("profile", name), icc_profile=icc, **options)
        saved = Image.open(path("profile", name))
        alpha = saved.getchannel("A") if saved.mode == "RGBA" else None
        source = saved if saved.mode in ("L", "CMYK") else saved.convert("RGB")
        result = ImageCms.profileToProfile(source, ImageCms.ImageCmsProfile(io.BytesIO(icc)),
                                           ImageCms.createProfile("sRGB"), renderingIntent=0, outputMode="RGB")
        if alpha:
            result.putalpha(alpha)
            result = Image.alpha_composite(Image.new("RGBA", result.size, "white"), result).convert("RGB")
        result.save(path("profile", f"golden-{name}.png"))


if __name__ == "__main__":
    main()
