"""The features of torchvision's networks, module by module, with its names and random weights."""

from torch import cat, manual_seed, nn


def vgg(*blocks):
    modules, channels = nn.Sequential(), 3
    for block, count in enumerate(blocks):
        for _ in range(count):
            width = min(512, 64 * 2**block)
            modules.extend([nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()])
            channels = width
        modules.append(nn.MaxPool2d(2))
    return modules


def alexnet():
    return nn.Sequential(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
                         nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
                         nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2))


class Fire(nn.Module):
    def __init__(self, channels, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x):
        x = self.squeeze(x).relu()
        return cat([self.expand1x1(x).relu(), self.expand3x3(x).relu()], 1)


def squeezenet(channels, size, pools):
    modules, fires = nn.Sequential(nn.Conv2d(3, channels, size, 2), nn.ReLU()), 0
    while fires < 8:
        if len(modules) in pools:
            modules.append(nn.MaxPool2d(3, 2, ceil_mode=True))
            continue
        step = fires // 2 + 1
        modules.append(Fire(channels, 16 * step, 64 * step))
        channels, fires = 128 * step, fires + 1
    return modules


def seeded(make, *arguments):
    def made():
        manual_seed(0)
        modules = make(*arguments)
        for values in modules.parameters():
            nn.init.kaiming_normal_(values) if values.ndim == 4 else nn.init.normal_(values, 0, 0.1)
        return modules
    return made


MODULES = {
    "vgg16": seeded(vgg, 2, 2, 3, 3, 3), "vgg19": seeded(vgg, 2, 2, 4, 4, 4), "alexnet": seeded(alexnet),
    "squeezenet1_0": seeded(squeezenet, 96, 7, (2, 6, 11)), "squeezenet1_1": seeded(squeezenet, 64, 3, (2, 5, 8)),
}
