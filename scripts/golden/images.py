"""Golden values for decoding and resizing pictures: what PIL (Pillow) gives, and torchvision's reckoning of sizes around it.

Run:  /usr/bin/python3 scripts/golden/images.py > src/model/images/pil-golden.json
resizes: a made picture (value of byte i: floor((3 i^2 + 7 i) / 16) mod 256, RGB) through Image.resize; the SHA-256 of the bytes and the first 12.
crops: the same through Resize(shorter side) and CenterCrop as torchvision documents them: long side int(side * long / short), corner
int(round((size - crop) / 2)) with Python's rounding of halves to even.
files: small files of every kind that PIL writes, base64, and Image.convert("RGB") of each (after exif_transpose for the turned ones), base64.
Made with Pillow 9.4, NumPy 1.24 (Debian 12).
"""
import base64
import hashlib
import io
import json
import struct
import warnings
import zlib
import numpy as np
from PIL import Image, ImageOps

warnings.filterwarnings("ignore")
FILTERS = dict(nearest=Image.NEAREST, bilinear=Image.BILINEAR, bicubic=Image.BICUBIC, lanczos=Image.LANCZOS)


def made(width, height):
    i = np.arange(width * height * 3, dtype=np.uint64)
    return Image.fromarray(((3 * i * i + 7 * i) // 16 % 256).astype(np.uint8).reshape(height, width, 3))


def digest(image):
    data = image.tobytes()
    return dict(sha256=hashlib.sha256(data).hexdigest(), first=list(data[:12]))


def resizes():
    sizes = [((37, 23), (64, 64)), ((37, 23), (16, 8)), ((37, 23), (37, 50)), ((37, 23), (50, 23)), ((1, 1), (5, 3)), ((2, 300), (32, 32)), ((300, 225), (341, 256)),
             ((300, 225), (256, 300)), ((640, 427), (224, 224)), ((97, 61), (128, 128)), ((1601, 1203), (341, 256)), ((1601, 1203), (31, 17)), ((224, 224), (224, 224))]
    return [dict(size=size, to=to, interpolation=name, **digest(made(*size).resize(to, filter))) for size, to in sizes for name, filter in FILTERS.items()]


def crops():
    found = []
    for size in [(500, 375), (375, 500), (301, 256), (256, 257), (97, 61), (61, 97), (33, 1000), (224, 224), (255, 255), (1203, 803)]:
        for edge, crop in [(256, 224), (342, 299), (64, 64), (73, 64)]:
            short, long = min(size), max(size)
            to = tuple(edge if side == short else int(edge * long / short) for side in size)
            for name in ("bilinear", "bicubic"):
                image = made(*size) if size == to else made(*size).resize(to, FILTERS[name])
                left, top = (int(round((side - crop) / 2.0)) for side in to)
                found.append(dict(size=size, edge=edge, crop=crop, interpolation=name, **digest(image.crop((left, top, left + crop, top + crop)))))
    return found


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def files():
    photo = made(24, 16).resize((6, 4), Image.BOX).resize((24, 16), Image.BICUBIC)
    other = made(16, 24).resize((24, 16), Image.BICUBIC)
    alpha = made(24, 16).convert("L")
    transparent = photo.copy()
    transparent.putalpha(alpha)
    grey_transparent = photo.convert("LA")
    grey_transparent.putalpha(alpha)
    palette = photo.quantize(20)
    written = {}

    def write(name, image, **options):
        buffer = io.BytesIO()
        image.save(buffer, format={"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF", "gif": "GIF"}[name.split(".")[1]], **options)
        written[name] = buffer.getvalue()

    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        write(f"chroma {name}.jpg", photo, quality=85, subsampling=subsampling)
    write("progressive.jpg", photo, progressive=True)
    write("grey.jpg", photo.convert("L"))
    write("cmyk.jpg", photo.convert("CMYK"), quality=95)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        write(f"orientation {orientation}.jpg", photo, exif=exif, quality=90)
    write("rgb.png", photo)
    write("grey.png", photo.convert("L"))
    write("transparent.png", transparent)
    write("grey and transparent.png", grey_transparent)
    write("palette.png", palette)
    write("palette and transparent.png", palette, transparency=bytes(range(0, 200, 10)))
    write("black and white.png", photo.convert("1"))
    deep = np.random.default_rng(2).integers(0, 65536, (16, 24, 3)).astype(">u2")
    header = struct.pack(">IIBBBBB", 24, 16, 16, 2, 0, 0, 0)
    written["16 bit.png"] = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in deep))) + chunk(b"IEND", b"")
    write("lossless.webp", photo, lossless=True)
    write("lossy.webp", photo, quality=80)
    write("animated.webp", photo, save_all=True, append_images=[other], lossless=True)
    write("lzw.tif", photo, compression="tiff_lzw")
    write("grey.tif", photo.convert("L"))
    write("cmyk.tif", photo.convert("CMYK"))
    write("animated.gif", palette, save_all=True, append_images=[other.quantize(20)])
    return [dict(name=name, file=base64.b64encode(content).decode(), **decoded(content)) for name, content in written.items()]


def decoded(content):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    rgb = image.convert("RGB")
    return dict(size=rgb.size, rgb=base64.b64encode(rgb.tobytes()).decode(), grey=hashlib.sha256(rgb.convert("L").tobytes()).hexdigest())


print(json.dumps(dict(made="scripts/golden/images.py", resizes=resizes(), crops=crops(), files=files())))
