#!/usr/bin/env python3
"""Makes the pictures in this folder and, in golden/, what Pillow sees in them.

Needs Pillow (13.0 with libjpeg-turbo 3.2.0 made the committed files) and numpy:

    python3 make.py

Everything is computed, so the pictures are as free as this program.
decode/NAME     one file per format and colour model
golden/NAME.png what Pillow decodes, upright and flattened on white
orient/         the same little picture under each EXIF orientation
resize/         source.png, and source.png at WxH by Pillow's BILINEAR
"""
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))


def path(*parts):
    full = os.path.join(HERE, *parts)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def scene(w, h, seed=1):
    """Gradients, a saturated disc, stripes and some noise: [h][w][3] bytes."""
    y, x = np.mgrid[0:h, 0:w]
    noise = np.random.default_rng(seed).integers(-12, 13, (h, w, 3))
    rgb = np.stack([255 * x / max(w - 1, 1), 255 * y / max(h - 1, 1), 128 + 90 * np.sin(x * 1.3)], axis=-1)
    rgb[(x - w / 3) ** 2 + (y - h / 2) ** 2 < (min(w, h) / 3) ** 2] = (230, 20, 40)
    rgb[:, w - w // 5:] = (20, 60, 220)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png16(a, colour_type):
    """a [h][w][channels] uint16; Pillow cannot write 16-bit colour itself."""
    h, w, _ = a.shape
    rows = b"".join(b"\0" + a[y].astype(">u2").tobytes() for y in range(h))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 16, colour_type, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def deep(w, h, channels):
    """The values that picture_test.go computes, too."""
    y, x = np.mgrid[0:h, 0:w]
    planes = [3000 * x + 7, 5000 * y + 11, 65535 - 2000 * x, 65535 - 4000 * y]
    return np.stack(planes, axis=-1)[..., :channels].astype(np.uint16)


def segments(jpeg):
    """Splits a one-scan JPEG into its tables and its entropy-coded data."""
    at, tables = 2, b""
    while True:
        marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        part = jpeg[at:at + 2 + length]
        at += 2 + length
        if marker == 0xDA:
            return tables, jpeg[at:-2]
        if marker in (0xDB, 0xC4):
            tables += part


def jpeg_by_planes(image, horizontal, vertical):
    """A JPEG of any subsampling, each plane a scan of its own; Pillow only offers three."""
    w, h = image.size
    planes = list(image.convert("YCbCr").split())
    small = (-(-w // horizontal), -(-h // vertical))
    planes[1:] = [p.resize(small, Image.BOX) for p in planes[1:]]
    body, tables = b"", b""
    for i, plane in enumerate(planes):
        file = io.BytesIO()
        plane.save(file, "JPEG", quality=90)
        tables, data = segments(file.getvalue())
        body += b"\xff\xda\x00\x08\x01" + bytes([i + 1, 0, 0, 63, 0]) + data
    sampling = [horizontal << 4 | vertical, 0x11, 0x11]
    sof = b"".join(bytes([i + 1, s, 0]) for i, s in enumerate(sampling))
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
    return (b"\xff\xd8" + app0 + tables + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", h, w) + b"\x03" + sof
            + body + b"\xff\xd9")


def decode_files():
    rgb = Image.fromarray(scene(37, 27))
    odd = Image.fromarray(scene(21, 15, seed=2))
    y, x = np.mgrid[0:27, 0:37]
    rgba = rgb.copy()
    rgba.putalpha(Image.fromarray((x * 7 % 256).astype(np.uint8)))

    def save(image, name, **options):
        image.save(path("decode", name), **options)

    def write(data, name):
        with open(path("decode", name), "wb") as f:
            f.write(data)

    save(rgb, "444.jpg", quality=92, subsampling=0)
    save(rgb, "422.jpg", quality=92, subsampling=1)
    save(rgb, "420.jpg", quality=92, subsampling=2)
    save(odd, "420-odd.jpg", quality=92, subsampling=2)
    for w, h in [(1, 1), (2, 2), (3, 3), (4, 5), (5, 1), (1, 7), (16, 16), (17, 33)]:
        save(Image.fromarray(scene(w, h)), f"420-{w}x{h}.jpg", quality=92, subsampling=2)
    save(rgb, "progressive.jpg", quality=92, progressive=True, subsampling=2)
    save(rgb.convert("L"), "grey.jpg", quality=92)
    save(rgb, "rgb.jpg", quality=92, keep_rgb=True)
    save(rgb.convert("CMYK"), "cmyk.jpg", quality=92)
    with open(path("decode", "cmyk.jpg"), "rb") as f:
        cmyk = f.read()
    at = cmyk.index(b"Adobe") + 11
    write(cmyk[:at] + b"\x02" + cmyk[at + 1:], "ycck.jpg")  # the same samples, read as YCCK
    write(jpeg_by_planes(rgb, 1, 2), "440.jpg")
    write(jpeg_by_planes(odd, 1, 2), "440-odd.jpg")
    write(jpeg_by_planes(odd, 2, 1), "422-odd.jpg")
    write(jpeg_by_planes(rgb, 4, 1), "411.jpg")
    write(jpeg_by_planes(rgb, 4, 2), "410.jpg")

    save(rgb, "rgb.png")
    save(rgba, "rgba.png")
    save(rgb.convert("L"), "grey.png")
    save(rgba.convert("LA"), "grey-alpha.png")
    save(rgb.convert("1"), "1bit.png")
    save(rgb.quantize(16), "palette.png")
    save(rgb.quantize(16), "palette-transparent.png", transparency=3)
    save(rgb, "rgb-transparent.png", transparency=(20, 60, 220))
    write(png16(deep(13, 9, 3), 2), "rgb16.png")
    write(png16(deep(13, 9, 4), 6), "rgba16.png")
    write(png16(deep(13, 9, 1), 0), "grey16.png")

    save(rgb.quantize(32), "still.gif")
    save(rgb.quantize(32), "animated.gif", save_all=True, append_images=[odd.quantize(32).resize((37, 27))])
    save(rgb.quantize(16), "transparent.gif", transparency=3)

    save(rgb, "lossy.webp", quality=90)
    save(rgb, "lossless.webp", lossless=True)
    save(rgba, "lossy-alpha.webp", quality=90)
    save(rgba, "lossless-alpha.webp", lossless=True, exact=True)

    save(rgb, "rgb.tif")
    save(rgb, "lzw.tif", compression="tiff_lzw")
    save(rgb, "deflate.tif", compression="tiff_adobe_deflate")
    save(rgba, "rgba.tif")
    save(rgb.convert("L"), "grey.tif")
    save(rgb.quantize(16), "palette.tif")
    save(Image.fromarray(deep(13, 9, 1)[..., 0]), "grey16.tif")
    save(rgb.convert("CMYK"), "cmyk.tif")

    save(rgb, "rgb.bmp")
    save(rgb.convert("L"), "grey.bmp")
    save(rgb.quantize(16), "palette.bmp")


def golden(name):
    image = ImageOps.exif_transpose(Image.open(path("decode", name)))
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA"):
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    image.convert("RGB").save(path("golden", name + ".png"))


def orient_files():
    """Pixels stay as they lie in the file; only the tag differs."""
    picture = Image.fromarray(scene(12, 8, seed=3))
    for o in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = o
        picture.save(path("orient", f"{o}.png"), exif=exif)
        picture.save(path("orient", f"{o}.jpg"), exif=exif, quality=95, subsampling=0)
        picture.save(path("orient", f"{o}.webp"), exif=exif, lossless=True)
        picture.save(path("orient", f"{o}.tif"), exif=exif)
        ImageOps.exif_transpose(Image.open(path("orient", f"{o}.png"))).save(path("orient", f"golden-{o}.png"))


def resize_files():
    # Where only the width grows, Pillow 13 takes the vertical pass first; zellige
    # keeps aspect ratios and never needs that, so no such size is here.
    source = Image.fromarray(scene(61, 43, seed=4))
    source.save(path("resize", "source.png"))
    for size in [(61, 20), (20, 43), (27, 19), (30, 21), (7, 5), (1, 1), (1, 43), (100, 71), (20, 90), (61, 44)]:
        source.resize(size, Image.BILINEAR).save(path("resize", "%dx%d.png" % size))


if __name__ == "__main__":
    decode_files()
    for file in sorted(os.listdir(path("decode", ""))):
        if not file.startswith(("rgb16", "rgba16", "grey16", "cmyk.tif")):
            golden(file)
    orient_files()
    resize_files()
