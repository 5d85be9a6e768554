#!/usr/bin/env python3
"""Exports the graph that finds the nearest of many vectors: models/matching.onnx.

It has three stages, and who runs it cuts out the one he needs (see models/README.md). Vectors are columns, [channels][n], as a
layer's features lie in memory:

    unit                  each column of features minus mean, divided by its length
    projected             projection^T vectors: the same vectors with fewer channels
    halves                half the dot product of each query and each candidate
"""

import argparse
import pathlib

from onnx_graph import Graph, replace, sealed

CONTRACT = "matching 2"
EXPORTER_VERSION = "2"
SHORTEST = 1e-18  # a column shorter than this has no direction: it is divided by this instead of its length
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def unit_stage(g):
    """The columns of features [channels][n] minus mean [channels][1], of length 1."""
    centred = g("Sub", g.input("features", ["C", "n"]), g.input("mean", ["C", 1]))
    length = g("Sqrt", g("ReduceSum", g("Mul", centred, centred), [0], keepdims=1))
    g("Div", centred, g("Max", length, SHORTEST), name="unit")
    g.output("unit", ["C", "n"])


def projection_stage(g):
    """projection^T vectors: [channels][fewer]^T [channels][n] -> [fewer][n]"""
    product(g, g.input("projection", ["C", "P"]), g.input("vectors", ["C", "n"]), "projected")
    g.output("projected", ["P", "n"])


def nearest_stage(g):
    """Half the products of queries [channels][q] and candidates [channels][n]. Who looks for the largest need not double each."""
    half_product(g, g.input("queries", ["C", "q"]), g.input("candidates", ["C", "n"]), "halves")
    g.output("halves", ["q", "n"])


def half_product(g, a, b, name=None):
    """Half of A^T B, which has the same bits for every number of threads and for every choice of columns of A and B.

    That is so because A is transposed, and because alpha is not 1: else a product of a single column adds up in another order.
    """
    return g("Gemm", a, b, transA=1, alpha=0.5, name=name)


def product(g, a, b, name):
    return g("Mul", half_product(g, a, b), 2.0, name=name)


def build():
    g = Graph()
    unit_stage(g)
    projection_stage(g)
    nearest_stage(g)
    return g.model("matching", "zellige export_matching.py", EXPORTER_VERSION,
                   {"zellige.contract": CONTRACT, "zellige.exporter": EXPORTER_VERSION})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, metavar="FILE", default=REPOSITORY / "models/matching.onnx")
    output = parser.parse_args().output
    data = sealed(build())
    replace(output, data)
    print(f"{output}: {len(data)} bytes")


if __name__ == "__main__":
    main()
