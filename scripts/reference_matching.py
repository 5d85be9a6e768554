#!/usr/bin/env python3
"""Writes the golden numbers of models/matching.onnx with numpy, by brute force in float64.

    reference_matching.py           writes testdata/golden/matching.npz
    reference_matching.py --check   compares the graph, run by ONNX Runtime, with them

testdata/golden/README.md lists the keys.
"""

import argparse
import sys

import numpy as np

from golden_cases import GOLDEN, REPOSITORY

MODEL = REPOSITORY / "models/matching.onnx"
FILE = GOLDEN / "matching.npz"
CHANNELS, FEWER, QUERIES, CANDIDATES = 19, 7, 37, 301
THREADS = (1, 2, 3, 4, 8)
TOLERANCE = 1e-6

# --- brute force -----------------------------------------------------------------------------------------------------


def unit(features, mean):
    """Columns of features [channels][n] minus mean [channels][1], divided by their lengths; a column of zeros stays so."""
    centred = np.float64(features) - mean
    length = np.sqrt((centred**2).sum(axis=0, keepdims=True))
    return centred / np.where(length == 0, 1, length)


def nearest(queries, candidates):
    """For each query the first candidate of the largest dot product, and the product."""
    index, score = [], []
    for query in np.float64(queries).T:
        products = [query @ candidate for candidate in np.float64(candidates).T]
        best = max(products)
        index.append(products.index(best))
        score.append(best)
    return np.array(index, np.int64), np.float32(score)


# --- golden numbers --------------------------------------------------------------------------------------------------


def ties(random):
    """Queries and candidates of small integers, whose products float32 has exactly: most of the best are several."""
    return (np.float32(random.integers(-1, 2, (4, count))) for count in (QUERIES, CANDIDATES))


def vectors(random):
    """Unit vectors as features give them; the later half of the candidates repeats the earlier one."""
    features = np.float32(random.normal(size=(CHANNELS, CANDIDATES)) ** 2)
    features[:, CANDIDATES // 2:] = features[:, :CANDIDATES - CANDIDATES // 2]
    features[:, 5] = features.mean(axis=1)
    mean = features[:, 5:6].copy()  # so that column 5 has no direction
    queries = np.float32(unit(random.normal(size=(CHANNELS, QUERIES)), 0))
    return features, mean, queries


def write_golden():
    random = np.random.default_rng(0)
    golden = {}
    features, mean, queries = vectors(random)
    projection = np.float32(random.normal(size=(CHANNELS, FEWER)))
    golden |= {"features": features, "mean": mean, "unit": np.float32(unit(features, mean)), "projection": projection}
    golden["projected"] = np.float32(np.float64(projection).T @ golden["unit"])
    store_nearest(golden, "natural", queries, golden["unit"])
    store_nearest(golden, "ties", *ties(random))
    np.savez_compressed(FILE, **golden)


def store_nearest(golden, case, queries, candidates):
    index, score = nearest(queries, candidates)
    golden.update({f"{case}.queries": queries, f"{case}.candidates": candidates, f"{case}.index": index, f"{case}.score": score})


# --- comparison ------------------------------------------------------------------------------------------------------


def run(threads, wanted, **feeds):
    """What a stage of the graph gives on so many threads."""
    import onnx
    import onnxruntime

    import cut_graph

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    data = cut_graph.cut(onnx.load(MODEL), list(feeds), wanted).SerializeToString()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"]).run(wanted, feeds)


def check(golden):
    """Whether every number of threads gives the golden numbers, and all of them the same bits."""
    def stages(threads):
        found = {"unit": run(threads, ["unit"], features=golden["features"], mean=golden["mean"])[0],
                 "projected": run(threads, ["projected"], projection=golden["projection"], vectors=golden["unit"])[0]}
        for case in ("natural", "ties"):
            halves = run(threads, ["halves"], queries=golden[f"{case}.queries"], candidates=golden[f"{case}.candidates"])[0]
            found[f"{case}.index"], found[f"{case}.score"] = halves.argmax(axis=1), 2 * halves.max(axis=1)
        return found

    first, good = stages(1), True
    for name, got in first.items():
        error = np.abs(got - golden[name]).max()
        print(f"{name}: largest error {error:.1e}")
        good &= bool(error <= (0 if got.dtype == np.int64 or name.startswith("ties") else TOLERANCE * np.abs(golden[name]).max()))
    for threads in THREADS[1:]:
        same = all(got.tobytes() == first[name].tobytes() for name, got in stages(threads).items())
        print(f"{threads} threads: {'the same bits' if same else 'other bits'}")
        good &= same
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the graph with the golden numbers")
    if parser.parse_args().check:
        sys.exit(0 if check(np.load(FILE)) else "the graph differs from the golden numbers")
    write_golden()


if __name__ == "__main__":
    main()
