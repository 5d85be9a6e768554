#!/usr/bin/env python3
"""Makes the files decode/rare-* of layouts that Pillow does not write, and what Pillow sees in them, golden/rare-*.png;
and refused/*, which zellige does not read.

Also writes what Pillow sees in the files of cases/ that went wrong once, cases/golden/. Needs Pillow (13.0 made the
committed files), numpy, tiffcp of the libtiff tools 4.5 and cjpeg of libjpeg-turbo 2.1.5: python3 make_rare.py
"""
import io
import pathlib
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageFile, ImageOps

import make

HERE = pathlib.Path(__file__).resolve().parent
DECODE, GOLDEN, CASES, REFUSED = HERE / "decode", HERE / "golden", HERE / "cases", HERE / "refused"


def golden(path, name, folder=GOLDEN):
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    image = ImageOps.exif_transpose(Image.open(path))
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    Image.alpha_composite(white, rgba).convert("RGB").save(folder / f"{name}.png")


def tiffs():
    """TIFF by tiffcp: other ways to pack and to lay out the same picture."""
    with tempfile.TemporaryDirectory() as folder:
        plain, fax, deep, ink = (f"{folder}/{name}.tif" for name in ("plain", "fax", "deep", "ink"))
        picture = Image.fromarray(make.scene(61, 43))
        picture.save(plain)
        letters = np.asarray(picture.convert("L")) > 110
        Image.fromarray(letters).save(fax)
        picture.convert("CMYK").save(ink)
        ways = {
            "g3-1d": (fax, "-c g3:1d"), "g3-2d": (fax, "-c g3:2d"), "g3-fill": (fax, "-c g3:1d:fill"), "g4": (fax, "-c g4"),
            "g4-strips": (fax, "-c g4 -r 7"), "g4-lsb": (fax, "-c g4 -f lsb2msb"), "g3-2d-lsb": (fax, "-c g3:2d -f lsb2msb"),
            "packbits-lsb": (fax, "-c packbits -f lsb2msb"), "planar": (plain, "-p separate -r 5"), "planar-lzw": (plain, "-p separate -c lzw:2"),
            "tiled": (plain, "-t -w 16 -l 32 -c zip:2"), "tiled-planar": (plain, "-t -w 32 -l 16 -p separate -c packbits"),
            "lsb": (plain, "-f lsb2msb -c none"), "bigendian": (plain, "-B -c lzw:2"), "big": (plain, "-8 -c zip"),
            "jpeg": (plain, "-c jpeg:r:100 -r 16"), "jpeg-ycbcr": (plain, "-c jpeg:95 -r 16"), "jpeg-tiled": (plain, "-t -w 32 -l 32 -c jpeg:r:100"),
            "cmyk-lzw": (ink, "-c lzw:2 -r 4"), "cmyk-planar": (ink, "-p separate"),
        }
        for name, (source, options) in ways.items():
            target = DECODE / f"rare-{name}.tif"
            subprocess.run(["tiffcp", *options.split(), source, target], check=True)
            golden(target, target.name)
    for name, image, compression in (("huffman", Image.fromarray(letters), "tiff_ccitt"), ("jpeg-cmyk", picture.convert("CMYK"), "jpeg")):
        target = DECODE / f"rare-{name}.tif"
        image.save(target, compression=compression)
        golden(target, target.name)


def webps():
    """An animation whose first frame does not fill its canvas."""
    small = io.BytesIO()
    Image.fromarray(make.scene(20, 12)).save(small, "WEBP", lossless=True)
    frame = small.getvalue()[12:]
    size = b"".join(struct.pack("<I", n)[:3] for n in (40 - 1, 30 - 1))
    where = b"".join(struct.pack("<I", n)[:3] for n in (8 // 2, 6 // 2, 20 - 1, 12 - 1, 100)) + b"\0"
    chunks = [(b"VP8X", b"\x12\0\0\0" + size), (b"ANIM", bytes(6)), (b"ANMF", where + frame)]
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(data)) + data for name, data in chunks)
    target = DECODE / "rare-lossless-frame.webp"
    target.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    golden(target, target.name)


def gifs():
    """A first frame that sticks out of the screen."""
    image = io.BytesIO()
    Image.fromarray(make.scene(30, 20)).quantize(16).save(image, "GIF")
    data = bytearray(image.getvalue())
    data[6:10] = struct.pack("<HH", 10, 9)
    target = DECODE / "rare-beyond.gif"
    target.write_bytes(data)
    golden(target, target.name)


def jpegs():
    """A frame of Motion JPEG, whose Huffman tables everybody knows, coarse RGB, and CMYK without Adobe's mark."""
    image, picture = io.BytesIO(), Image.fromarray(make.scene(40, 30))
    picture.save(image, "JPEG", quality=90, subsampling=1)
    data, at = image.getvalue(), 2
    kept = data[:2]
    while data[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        if data[at + 1] != 0xC4:
            kept += data[at:at + length]
        at += length
    golden(image, "rare-mjpeg.jpg")
    (DECODE / "rare-mjpeg.jpg").write_bytes(kept + data[at:])
    with tempfile.TemporaryDirectory() as folder:
        picture.save(f"{folder}/rgb.ppm")
        command = ["cjpeg", "-rgb", "-sample", "2x2", "-outfile", DECODE / "rare-rgb-coarse.jpg", f"{folder}/rgb.ppm"]
        subprocess.run(command, check=True)
    image = io.BytesIO()
    picture.convert("CMYK").save(image, "JPEG", quality=90)
    (DECODE / "rare-cmyk-unmarked.jpg").write_bytes(image.getvalue().replace(b"\xff\xee\x00\x0eAdobe\0d\0\0\0\0\0", b""))
    for name in ("rare-rgb-coarse.jpg", "rare-cmyk-unmarked.jpg"):
        golden(DECODE / name, name)
    picture.save(REFUSED / "progressive-restart.jpg", progressive=True, restart_marker_blocks=4, quality=60)
    picture.convert("CMYK").save(REFUSED / "cmyk-coarse.jpg", subsampling=2, quality=60)


def bmps():
    """Headers of OS/2, 16 bits, run lengths and masks."""
    w, h = 21, 13
    rgb = make.scene(w, h)[::-1]
    grey = rgb[:, :, 1] >> 4

    def write(name, header, masks, palette, rows):
        pixels = b"".join(row + bytes(-len(row) % 4) for row in rows)
        offset = 14 + len(header) + len(masks) + len(palette)
        data = b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + header + masks + palette + pixels
        (DECODE / f"rare-{name}.bmp").write_bytes(data)
        golden(DECODE / f"rare-{name}.bmp", f"rare-{name}.bmp")

    def info(bits, compression=0, size=0):
        return struct.pack("<IiiHHIIiiII", 40, w, h, 1, bits, compression, size, 2835, 2835, 0, 0)

    levels = [(17 * i, 255 - 17 * i, 40) for i in range(16)]
    write("os2", struct.pack("<IHHHH", 12, w, h, 1, 24), b"", b"", [row[:, ::-1].tobytes() for row in rgb])
    write("os2-palette", struct.pack("<IHHHH", 12, w, h, 1, 4), b"", b"".join(bytes(c) for c in levels),
          [bytes((row[i] << 4) | (row[i + 1] if i + 1 < w else 0) for i in range(0, w, 2)) for row in grey])
    red, green, blue = (rgb[:, :, c].astype(np.uint16) >> 3 for c in range(3))
    write("rgb555", info(16), b"", b"", [row.astype("<u2").tobytes() for row in red << 10 | green << 5 | blue])
    green = rgb[:, :, 1].astype(np.uint16) >> 2
    write("rgb565", info(16, 3), struct.pack("<III", 0xF800, 0x7E0, 0x1F), b"",
          [row.astype("<u2").tobytes() for row in red << 11 | green << 5 | blue])
    packed = b"".join(b"".join(bytes((1, v << 4)) for v in row) + b"\0\0" for row in grey) + b"\0\1"
    write("rle4", info(4, 2, len(packed)), b"", b"".join(bytes(c) + b"\0" for c in levels), [packed])


def main():
    tiffs()
    webps()
    gifs()
    jpegs()
    bmps()
    for path in sorted(p for p in CASES.iterdir() if p.is_file()):
        if path.suffix not in (".svg", ".heic", ".nef", ".md") and "mask" not in path.name:
            golden(path, path.name, CASES / "golden")


if __name__ == "__main__":
    main()
