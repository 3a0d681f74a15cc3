"""Makes what a Python program might hand over: features.npy, features.safetensors, labels.csv, base.safetensors (needs NumPy alone).

    python3 examples/python/make_files.py

A safetensors file is eight bytes of length, a JSON header, and the numbers; the package of that name writes the same in one call:
safetensors.numpy.save_file({"features": x}, path, metadata={"ids": json.dumps(ids)}).
"""
import json
import pathlib
import struct

import numpy as np

here = pathlib.Path(__file__).parent
N, D = 240, 6
categories = ["scratch", "dent"]


def save_safetensors(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


random = np.random.RandomState(0)
features = random.randn(N, D).astype(np.float32)
direction = random.randn(len(categories), D)
shows = features @ direction.T + random.randn(N, len(categories)) > 1
known = random.rand(N, len(categories)) < 0.5
ids = [f"plate-{i:03d}.png" for i in range(N)]
parts = np.where(np.arange(N) % 4 < 2, "train", np.where(np.arange(N) % 4 == 2, "valid", "test"))
known[parts == "test"] = True

np.save(here / "features.npy", features)
save_safetensors(here / "features.safetensors", {"features": features}, {"ids": json.dumps(ids)})

# A head that is not quite right: the true direction, disturbed.
weight = (direction + random.randn(*direction.shape)).astype(np.float32)
save_safetensors(here / "base.safetensors", {"weight": weight, "bias": np.full(len(categories), -1, np.float32)}, {"categories": json.dumps(categories)})

# 1 yes, 0 no, empty unknown.
with open(here / "labels.csv", "w") as file:
    file.write("image,split," + ",".join(categories) + "\n")
    for i in range(N):
        cells = [str(int(shows[i, c])) if known[i, c] else "" for c in range(len(categories))]
        file.write(",".join([ids[i], parts[i], *cells]) + "\n")
