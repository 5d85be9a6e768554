#!/usr/bin/env python3
"""The preset paint in PyTorch with channels_last, as good plain code would do it: the job that zellige is compared with.

It does what match/, matching.go, scale.go and optimize/ do, as often and as large, but for the drawing out of marks (picture/coherence.go), which it
leaves out; random draws and the smoothing between levels of the pyramid are PyTorch's own, so the pictures are alike and not the same. Pictures and features are
[1][C][H][W], rows [N][C]. The common grid is that of stride 4, of layer 4.
"""

import argparse
import json
import math
import time

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

import network

MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)

COLUMN_LAYERS = (1, 4, 7, 10, 12)  # compared as hypercolumns
REFINED_LAYERS = (1, 3, 4, 6, 7, 9, 10, 12)  # compared each by itself
HALVINGS = {1: 0, 4: 0, 7: 1, 10: 2, 12: 2}  # from the common grid, of stride 4, to the layer's
DETAIL_LAYER = 7
MATCH_WEIGHT, TV_WEIGHT = 100, 10
STRENGTH, CONTRAST, LAST_RESULT = 0.65, 4.5, 0.5

COARSEST, FIRST_SHRINK = 48, 4  # the least shorter side; what the first scale is blurred by
COMPOSED = 3  # scales, the coarsest, at which hypercolumns are matched before each layer is by itself
WEIGHTS = (6, 4)  # of the iterations of matching and of refining
ITERATIONS = 400

DIMENSIONS, PATCH, CANDIDATES, REFINED_CANDIDATES, RENEWAL, BLOCK = 64, 3, 8192, 2048, 10, 512
TILE, SWEEPS = 8, 6  # candidates are drawn in squares; positions look that often what lies beside what their neighbours took
RATE, FINAL_RATE, DAMPING, LEVELS, AVERAGE = 0.0444, 0.002, 0.6, 7, 0.9

# --- pictures --------------------------------------------------------------------------------------------------------


def load(path):
    return Image.open(path).convert("RGB")


def sized(picture, size):
    """The picture normalised, its shorter side size."""
    short = min(picture.size)
    picture = picture.resize([int(size * side / short + 0.5) for side in picture.size], Image.Resampling.LANCZOS)
    values = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
    return (values.float() / 255 - MEAN) / STD


def save(pixels, path):
    values = ((pixels * STD + MEAN).clamp(0, 1)[0].permute(1, 2, 0) * 255 + 0.5).byte()
    Image.fromarray(values.numpy()).save(path)


def bounded(pixels):
    """Pixels that a picture can show."""
    return torch.maximum(torch.minimum(pixels, (1 - MEAN) / STD), -MEAN / STD)


def resized(x, size):
    return functional.interpolate(x, size, mode="bilinear", antialias=True)


def blurred(x, factor):
    height, width = x.shape[2:]
    return resized(resized(x, (math.ceil(height / factor), math.ceil(width / factor))), (height, width))


def power(matrix, exponent):
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=1e-12) ** exponent) @ vectors.t()


def recolored(x, style):
    """x with the style's mean and covariance of colours."""
    here, there = x.flatten(2)[0], style.flatten(2)[0]
    own, wanted = (torch.cov(v) + 1e-3 * torch.eye(3) for v in (here, there))
    root, inverse = power(own, 0.5), power(own, -0.5)
    transport = inverse @ power(root @ wanted @ root, 0.5) @ inverse
    moved = transport @ (here - here.mean(1, keepdim=True)) + there.mean(1, keepdim=True)
    return bounded(moved.reshape(x.shape))


# --- features --------------------------------------------------------------------------------------------------------


def features(cnn, x, layers):
    """{layer: features}"""
    x, found = x.contiguous(memory_format=torch.channels_last), {}
    for layer, module in enumerate(cnn[:max(layers) + 1]):
        x = module(x)
        if layer in layers:
            found[layer] = x
    return found


def averaged(found):
    """The features at their match grids: layer 1 averaged over 2x2 places."""
    return {layer: functional.avg_pool2d(x, 2) if layer == 1 else x for layer, x in found.items()}


def energies(found):
    """{layer: mean squared length of the features}"""
    return {layer: x.pow(2).sum(1).mean() for layer, x in found.items()}


def turned(picture):
    return [torch.rot90(picture, turns, (2, 3)) for turns in range(4)]


def rows(x):
    return x.flatten(2)[0].t()


def halved(x):
    return functional.avg_pool2d(x, 3, 2, ceil_mode=True, count_include_pad=False)


def reduced(x, layer):
    """What lies at the common grid, at the layer's."""
    for _ in range(HALVINGS[layer]):
        x = halved(x)
    return x


def places(count, factor, length):
    """Which two values stand for each place of an enlarged row, and the part of the second."""
    at = ((torch.arange(length) - factor + 1) / factor).clamp(0, count - 1)
    left = at.long()
    return left, (left + 1).clamp(max=count - 1), at - left


def enlarged(x, layer, size):
    """What lies at the layer's grid, at the common one."""
    for axis, length in ((2, size[0]), (3, size[1])):
        left, right, part = places(x.shape[axis], 2 ** HALVINGS[layer], length)
        part = part.reshape((-1, 1) if axis == 2 else (1, -1))
        first, second = x.index_select(axis, left), x.index_select(axis, right)
        x = first + part * (second - first)
    return x


# --- matching --------------------------------------------------------------------------------------------------------


def nearest(queries, candidates):
    """For each row of queries the first row of candidates with the largest product, and the product."""
    best = [(block @ candidates.t()).max(1) for block in queries.split(BLOCK)]
    return torch.cat([b.indices for b in best]), torch.cat([b.values for b in best])


def drawn(count, most, generator):
    if count <= most:
        return torch.arange(count)
    return torch.randperm(count, generator=generator)[:most].sort().values


def units(values, mean):
    return functional.normalize(values - mean, dim=1)


def drawn_tiles(shapes, generator):
    """Positions of pictures of these shapes, numbered one after another, drawn in whole tiles."""
    numbers, first = [], 0
    for height, width in shapes:
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        columns = -(-width // TILE)
        tile = y // TILE * columns + x // TILE
        numbers.append(first + tile.flatten())
        first += -(-height // TILE) * columns
    chosen = drawn(first, CANDIDATES // TILE ** 2, generator)
    return torch.isin(torch.cat(numbers), chosen).nonzero().flatten()


class Spots:
    """Where candidates lie in pictures of these shapes, and which of them lies beside another."""

    def __init__(self, shapes, chosen):
        sizes = torch.tensor([height * width for height, width in shapes])
        first = sizes.cumsum(0) - sizes
        turn = torch.searchsorted(first, chosen, right=True) - 1
        self.first, self.height, self.width = (v[turn] for v in (first, torch.tensor([h for h, _ in shapes]), torch.tensor([w for _, w in shapes])))
        self.y, self.x = (chosen - self.first) // self.width, (chosen - self.first) % self.width
        self.candidate = torch.full((int(sizes.sum()),), -1)
        self.candidate[chosen] = torch.arange(len(chosen))

    def beside(self, candidates, down, right):
        """Candidates so far below and to the right of others, -1 if there are none."""
        known = candidates.clamp(min=0)
        y, x = self.y[known] + down, self.x[known] + right
        inside = (candidates >= 0) & (y >= 0) & (y < self.height[known]) & (x >= 0) & (x < self.width[known])
        number = self.first[known] + y * self.width[known] + x
        return torch.where(inside, self.candidate[torch.where(inside, number, 0)], -1)


def woven(queries, candidates, index, spots, size):
    """Lets positions take what lies beside what their neighbours took, all at once in each sweep. Index and scores."""
    found, steps = index, [(y, x) for y in (0, 1, 2) for x in (0, 1, 2) if (y, x) != (1, 1)]
    for _ in range(SWEEPS):
        padded = functional.pad(index.reshape(size), (1, 1, 1, 1), value=-1)
        proposed = torch.stack([spots.beside(padded[y:y + size[0], x:x + size[1]].flatten(), 1 - y, 1 - x) for y, x in steps])
        wanted = torch.cat([index[None], found[None], proposed])
        scores = torch.stack([(queries * candidates[w.clamp(min=0)]).sum(1) for w in wanted])
        votes = (wanted[:, None] == proposed[None]).sum(1)
        best = torch.where(wanted >= 0, scores + votes, -torch.inf).argmax(0, keepdim=True)
        index, score = wanted.gather(0, best)[0], scores.gather(0, best)[0]
    return index, score


def projections(energy, channels, generator):
    """{layer: random [channels][64], over the root of the layer's energy}"""
    return {layer: torch.randn(channels[layer], DIMENSIONS, generator=generator) / energy[layer].sqrt() for layer in COLUMN_LAYERS}


def projected(found, projection):
    """Hypercolumns with fewer channels: each layer is projected at its own grid, where it is small."""
    size = found[4].shape[2:]
    layers = ((layer, (rows(x) @ projection[layer]).t().reshape(1, DIMENSIONS, *x.shape[2:])) for layer, x in found.items())
    return sum(enlarged(small, layer, size) for layer, small in layers)


def patches(vectors, mean, chosen):
    """Unit vectors of chosen positions and their eight neighbours, [N][9 * 64]."""
    unit = functional.normalize(vectors - mean.reshape(1, -1, 1, 1), dim=1)
    height, width = unit.shape[2:]
    padded = functional.pad(unit, (1, 1, 1, 1), mode="replicate")
    windows = (padded[:, :, y:y + height, x:x + width] for y in range(PATCH) for x in range(PATCH))
    return torch.cat([rows(window)[chosen] for window in windows], 1)


def spread(values):
    """0 below three tenths of all values, 1 above nineteen twentieths."""
    order = values.flatten().sort().values
    low, high = order[len(order) * 3 // 10], order[max(0, len(order) * 19 // 20 - 1)]
    return ((values - low) / (high - low).clamp(min=1e-20)).clamp(0, 1)


def neighbourhood(x):
    return functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def detail_of(x):
    """Where the content has detail, 0 to 1."""
    return spread(neighbourhood((x - neighbourhood(x)).pow(2).sum(1, keepdim=True).sqrt()))


def matched_shares(detail, strange):
    """How much of a target is matched, at the grid of strange; the content's is the rest."""
    detail = functional.interpolate(detail, strange.shape[2:], mode="bilinear")
    part = 1 - STRENGTH
    part += 4 * CONTRAST * part * (1 - part) * ((2 * detail + strange) / 3 - (0.7 - 0.8 * part))
    return 1 - part.clamp(0, 1)


def distance(x, target, energy):
    return (x - target).pow(2).sum() / (target.shape[2] * target.shape[3] * energy)


# --- moving pixels ---------------------------------------------------------------------------------------------------


def pyramid(height, width):
    """Levels of zeros, the finest first: what is added to a picture."""
    sizes = [(height, width)]
    while len(sizes) < LEVELS:
        sizes.append(tuple((side + 1) // 2 for side in sizes[-1]))
    return [torch.zeros(1, 3, *size, requires_grad=True) for size in sizes]


def collapsed(levels):
    x = levels[-1]
    for level in levels[-2::-1]:
        x = level + functional.interpolate(x, level.shape[2:], mode="bilinear")
    return x


def optimizer(levels):
    factors = [DAMPING ** max(0, 2 - i) for i in range(len(levels))]
    return torch.optim.Adam([{"params": [level], "factor": factor} for level, factor in zip(levels, factors)], lr=RATE)


def set_rate(adam, step, steps):
    rate = FINAL_RATE + (RATE - FINAL_RATE) * (1 + math.cos(math.pi * step / steps)) / 2
    for group in adam.param_groups:
        group["lr"] = rate * group["factor"]


def variation(x):
    down, right = (x[:, :, 1:] - x[:, :, :-1]).pow(2).sum(), (x[:, :, :, 1:] - x[:, :, :, :-1]).pow(2).sum()
    return TV_WEIGHT * (down + right) / x.numel()


def descend(pixels, loss, steps, renew=None):
    """Moves pixels by Adam on their pyramid; renew gets them every few steps. Returns their moving average."""
    levels = pyramid(*pixels.shape[2:])
    adam = optimizer(levels)
    for step in range(steps):
        if renew and step % RENEWAL == 0:
            renew((pixels + collapsed(levels)).detach())
        set_rate(adam, step, steps)
        adam.zero_grad()
        x = pixels + collapsed(levels)
        (MATCH_WEIGHT * loss(x) + variation(x)).backward()
        adam.step()
        with torch.no_grad():  # what a picture cannot show is taken from the finest level
            x = pixels + collapsed(levels)
            inside = bounded(x)
            levels[0] += inside - x
            share = (1 - AVERAGE) / (1 - AVERAGE ** (step + 1))
            average = inside if step == 0 else average.lerp_(inside, share)
    return average


# --- the passes ------------------------------------------------------------------------------------------------------


class Scale:
    """The pictures of one size and what is known of them."""

    def __init__(self, cnn, content, style, generator):
        self.cnn, self.generator, self.style = cnn, generator, style
        self.content = recolored(content, style)
        with torch.no_grad():
            self.detail = detail_of(features(cnn, self.content, [DETAIL_LAYER])[DETAIL_LAYER])

    def start(self, last):
        """What the first pass moves, and the picture whose positions look for similar ones."""
        if last is None:
            return blurred(self.content, FIRST_SHRINK), self.content
        moved = resized(last, self.content.shape[2:])
        return moved, self.content + LAST_RESULT * (moved - blurred(self.content, 2))

    @torch.no_grad()
    def column_targets(self, query):
        """{layer: target}, and the energies."""
        styles = [averaged(features(self.cnn, image, COLUMN_LAYERS)) for image in turned(self.style)]
        energy = energies(styles[0])
        projection = projections(energy, {layer: x.shape[1] for layer, x in styles[0].items()}, self.generator)
        shapes = [style[4].shape[2:] for style in styles]
        sizes = [height * width for height, width in shapes]
        chosen = drawn_tiles(shapes, self.generator)
        bank = self.bank([projected(style, projection) for style in styles], sizes, chosen)
        asked = projected(averaged(features(self.cnn, query, COLUMN_LAYERS)), projection)
        queries = patches(asked, rows(asked).mean(0), slice(None))
        index, score = woven(queries, bank, nearest(queries, bank)[0], Spots(shapes, chosen), asked.shape[2:])
        strange = spread(neighbourhood((1 - score / PATCH ** 2).reshape(1, 1, *asked.shape[2:])))
        own = averaged(features(self.cnn, self.content, COLUMN_LAYERS))
        return {layer: self.column_target(layer, x, styles, chosen[index], strange) for layer, x in own.items()}, energy

    def bank(self, vectors, sizes, chosen):
        """The candidates' patches. The mean is theirs."""
        mean = torch.cat([rows(v) for v in vectors])[chosen].mean(0)
        parts, first = [], 0
        for v, size in zip(vectors, sizes):
            inside = chosen[(chosen >= first) & (chosen < first + size)] - first
            parts.append(patches(v, mean, inside))
            first += size
        return torch.cat(parts)

    def column_target(self, layer, own, styles, index, strange):
        size = strange.shape[2:]
        values = torch.cat([rows(enlarged(style[layer], layer, style[4].shape[2:])) for style in styles])[index]
        found = reduced(values.t().reshape(1, -1, *size), layer)
        return torch.lerp(own, found, matched_shares(self.detail, reduced(strange, layer)))

    def match(self, pixels, query, steps):
        targets, energy = self.column_targets(query)

        def loss(x):
            found = averaged(features(self.cnn, x, COLUMN_LAYERS))
            return sum(distance(found[n], targets[n], energy[n]) for n in COLUMN_LAYERS) / len(COLUMN_LAYERS)

        return descend(pixels, loss, steps)

    @torch.no_grad()
    def prepare_refining(self):
        """Two sets of candidates, by turns, of each layer; what is known of the content there."""
        styles = [features(self.cnn, image, REFINED_LAYERS) for image in turned(self.style)]
        self.energy, self.own = energies(styles[0]), features(self.cnn, self.content, REFINED_LAYERS)
        self.banks, self.shares = {}, {}
        for layer in REFINED_LAYERS:
            values = torch.cat([rows(style[layer]) for style in styles])
            sets = [values[drawn(len(values), REFINED_CANDIDATES, self.generator)] for _ in range(2)]
            self.banks[layer] = [(s, units(s, s.mean(0))) for s in sets]
            _, score = self.search(layer, self.own[layer], 0)
            strange = spread(neighbourhood((1 - score).reshape(1, 1, *self.own[layer].shape[2:])))
            self.shares[layer] = matched_shares(self.detail, strange)

    def search(self, layer, x, turn):
        values, unit = self.banks[layer][turn % 2]
        index, score = nearest(units(rows(x), rows(x).mean(0)), unit)
        return values[index], score

    @torch.no_grad()
    def refined_targets(self, pixels, turn):
        targets = {}
        for layer, x in features(self.cnn, pixels, REFINED_LAYERS).items():
            values, _ = self.search(layer, x, turn)
            targets[layer] = torch.lerp(self.own[layer], values.t().reshape(x.shape), self.shares[layer])
        return targets

    def refine(self, pixels, steps):
        self.prepare_refining()
        targets, turn = {}, 0

        def renew(x):
            nonlocal turn
            targets.update(self.refined_targets(x, turn))
            turn += 1

        def loss(x):
            found = features(self.cnn, x, REFINED_LAYERS)
            return sum(distance(found[n], targets[n], self.energy[n]) for n in REFINED_LAYERS) / len(REFINED_LAYERS)

        return descend(pixels, loss, steps, renew)


def sizes_of(size):
    return [size / 2 ** i for i in reversed(range(max(1, 1 + int(math.log2(size / COARSEST)))))]


def steps_of(sizes, iterations):
    """[(steps of matching, of refining)], of every pass one and the others by weight; finer scales do not match."""
    weights = [WEIGHTS if i < COMPOSED else (0, WEIGHTS[1]) for i in range(len(sizes))]
    passes = [weight for scale in weights for weight in scale]
    more, steps = iterations - sum(weight > 0 for weight in passes), []
    for i, weight in enumerate(passes):
        first, end = (more * sum(passes[:n]) // sum(passes) for n in (i, i + 1))
        steps.append(end - first + (weight > 0))
    return list(zip(steps[::2], steps[1::2]))


def paint(cnn, content, style, size, iterations, seed=0):
    generator, pixels, sizes = torch.Generator().manual_seed(seed), None, sizes_of(size)
    for at, (matching, refining) in zip(sizes, steps_of(sizes, iterations)):
        scale = Scale(cnn, sized(content, int(at + 0.5)), sized(style, int(at + 0.5)), generator)
        pixels, query = scale.start(pixels)
        if matching:
            pixels = scale.match(pixels, query, matching)
        pixels = scale.refine(pixels, refining)
    return recolored(pixels, scale.style)


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    cnn = network.frozen(arguments.weights).to(memory_format=torch.channels_last)
    began = time.time()
    pixels = paint(cnn, load(arguments.content), load(arguments.style), arguments.image_size, arguments.iterations)
    seconds = time.time() - began
    if arguments.output:
        save(pixels, arguments.output)
    if arguments.json:
        height, width = pixels.shape[2:]
        print(json.dumps({"height": height, "width": width, "seconds": seconds}))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--content", required=True)
    parser.add_argument("--style", required=True)
    parser.add_argument("--weights", required=True, help="what network.py wrote")
    parser.add_argument("--output", help="file of the result")
    parser.add_argument("--image-size", type=int, default=512)
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print how long painting took, without the start of the process")
    return parser.parse_args()


if __name__ == "__main__":
    main()
