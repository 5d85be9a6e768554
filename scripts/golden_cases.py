"""What the golden numbers are about: sizes, objectives, and the names of their files."""

import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
MODEL = REPOSITORY / "models/squeezenet1_1.onnx"
GOLDEN = REPOSITORY / "testdata/golden"

LAYERS = range(13)
SIZES = [(33, 48), (64, 64), (65, 97), (96, 131)]  # height, width

# Each objective: the weights of content layers, the weights of style layers.
REFERENCE = ({3: 7e-2}, {1: 450000, 4: 2000, 5: 20, 7: 4})  # the report's own
REFERENCE_TV = 5e-2
OBJECTIVES = {
    "reference": REFERENCE,
    "deep": ({9: 1e-2}, {8: 10, 10: 10, 12: 10}),
    "all": ({layer: 1e-2 for layer in LAYERS}, {layer: 1000 for layer in LAYERS}),
}


def all_cases():
    """name -> objective: every loss alone with weight 1, then the objectives above."""
    cases = {f"content.{layer}": ({layer: 1}, {}) for layer in LAYERS}
    cases |= {f"style.{layer}": ({}, {layer: 1}) for layer in LAYERS}
    return cases | OBJECTIVES


def match_cases():
    """The same of the matching loss, with the weights of its layers behind the others: alone, and among others of its layers."""
    cases = {f"match.{layer}": ({}, {}, {layer: 1}) for layer in LAYERS}
    return cases | {
        "paint": ({}, {}, {layer: 1 for layer in (1, 4, 7, 10, 12)}),
        "mixed": ({1: 1e-2, 4: 1e-2, 9: 1e-2}, {0: 1000, 1: 1000, 4: 1000, 8: 1000}, {layer: 1e-2 for layer in LAYERS}),
    }


def match_size(layer):
    """The matching loss averages the layer over squares of so many places each way, to the stride of 4."""
    return 2 if layer < 2 else 1


def loss_key(case, loss):
    """The golden key of a loss such as content.3 in a case."""
    return f"{loss}.loss" if case == loss else f"{case}.{loss}.loss"
