"""torchvision's squeezenet1_1().features in PyTorch, with the weights that zellige's graph carries; vgg19().features with random ones."""

import argparse
import pathlib
import sys

import torch
from torch import nn

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
GRAPH = REPOSITORY / "models/squeezenet1_1.onnx"
sys.path.append(str(REPOSITORY / "scripts"))
import torchvision_modules  # noqa: E402


class Fire(nn.Module):
    """SqueezeNet's module, as torchvision writes it."""

    def __init__(self, channels, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.relu(self.squeeze(x))
        return torch.cat([self.relu(self.expand1x1(x)), self.relu(self.expand3x3(x))], dim=1)


def squeezenet():
    """The 13 modules that the lab counts from 0 to 12."""
    pool = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, stride=2), nn.ReLU(inplace=True),
        nn.MaxPool2d(**pool), Fire(64, 16, 64), Fire(128, 16, 64),
        nn.MaxPool2d(**pool), Fire(128, 32, 128), Fire(256, 32, 128),
        nn.MaxPool2d(**pool), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
    )


def vgg19():
    """The modules of features, with seeded random weights that keep the features' magnitude (He initialisation)."""
    modules = torchvision_modules.MODULES["vgg19"]()
    for module in modules:
        if isinstance(module, nn.ReLU):
            module.inplace = True  # as torchvision has it
    return modules


NETWORKS = {"squeezenet1_1": squeezenet, "vgg19": vgg19}


def frozen(weights, name="squeezenet1_1"):
    """The network with the weights of a file that this program wrote. Only the image will get a gradient."""
    network = NETWORKS[name]()
    state = torch.load(weights)
    network.load_state_dict({key.removeprefix("features."): value for key, value in state.items()})
    return network.requires_grad_(False)


def weights_of_graph(graph):
    """The graph's weights under PyTorch's names: 3.squeeze.kernel is 3.squeeze.weight there."""
    import onnx  # needed once, so the timed job does not pay for it

    arrays = {constant.name: onnx.numpy_helper.to_array(constant) for constant in onnx.load(graph).graph.initializer}
    names = {name: name.replace("weight", "kernel") for name in squeezenet().state_dict()}
    return {name: torch.tensor(arrays[constant]) for name, constant in names.items()}


def main():
    parser = argparse.ArgumentParser(description="Writes weights as PyTorch would store them: those in zellige's graph, or random ones.")
    parser.add_argument("--network", choices=NETWORKS, default="squeezenet1_1")
    parser.add_argument("--graph", type=pathlib.Path, default=GRAPH)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.network == "vgg19":
        state = {f"features.{name}": value for name, value in vgg19().state_dict().items()}
    else:
        state = weights_of_graph(arguments.graph)
    torch.save(state, arguments.output)


if __name__ == "__main__":
    main()
