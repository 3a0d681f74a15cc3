"""Reads what examples/exchange-with-python.ts wrote, and checks it: python3 examples/python/read_files.py FOLDER (needs NumPy alone)."""
import json
import pathlib
import struct
import sys

import numpy as np

here = pathlib.Path(__file__).parent
folder = pathlib.Path(sys.argv[1])


def load_safetensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    body = raw[8 + length :]
    arrays = {name: np.frombuffer(body[slice(*one["data_offsets"])], dtype="<f4").reshape(one["shape"]) for name, one in header.items()}
    return arrays, metadata


head, metadata = load_safetensors(folder / "tuned.safetensors")
features = np.load(here / "features.npy")
scores = np.load(folder / "scores.npy")
expected = features @ head["weight"].T + head["bias"]
print("categories:", ", ".join(json.loads(metadata["categories"])))
print("scores:", scores.dtype, scores.shape)
print("largest difference:", "none" if np.allclose(scores, expected, rtol=1e-5, atol=1e-5) else np.abs(scores - expected).max())
