//go:build cgo && !windows

#include "operators.h"

// Difference: f [1][c][h][w], target, weight -> the gradient in f of weight * sum((A(f) - target)^2), and that loss. A are the
// means of squares of size (an attribute, 1 or 2) places a side; incomplete ones are left out, and the gradient there is 0.
// The target is [1][c][h/size][w/size].

enum { LANES = 16 }; // sums are made in as many parts, so that vectors of every width add up the same

typedef struct {
	const float *f, *target;
	float *gradient, weight;
	double *sums; // of squares, one for each part
	size_t height, width, count;
} Comparison;

INLINE double total(const float *sums) {
	double total = 0;
	for (int l = 0; l < LANES; l++)
		total += sums[l];
	return total;
}

INLINE double compare(float *restrict gradient, const float *restrict f, const float *restrict target,
	float factor, size_t n) {
	float sums[LANES] = {0};
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		for (int l = 0; l < LANES; l++) {
			float d = f[i + l] - target[i + l];
			gradient[i + l] = d * factor;
			sums[l] += d * d;
		}
	for (; i < n; i++) {
		float d = f[i] - target[i];
		gradient[i] = d * factor;
		sums[i % LANES] += d * d;
	}
	return total(sums);
}

INLINE void compare_part(void *data, size_t part) {
	const Comparison *c = data;
	size_t first = part * PART, n = c->count - first < PART ? c->count - first : PART;
	c->sums[part] = compare(c->gradient + first, c->f + first, c->target + first, 2 * c->weight, n);
}

// Two rows of f, above and below, and one of the target, which is n wide.
INLINE double compare_rows(float *restrict above, float *restrict below, const float *restrict f,
	const float *restrict g, const float *restrict target, float factor, size_t n) {
	float sums[LANES] = {0};
	for (size_t i = 0; i < n; i++) {
		float d = ((f[2 * i] + f[2 * i + 1]) + (g[2 * i] + g[2 * i + 1])) * 0.25f - target[i];
		sums[i % LANES] += d * d;
		above[2 * i] = above[2 * i + 1] = below[2 * i] = below[2 * i + 1] = d * factor;
	}
	return total(sums);
}

INLINE void clear(float *values, size_t n) {
	for (size_t i = 0; i < n; i++)
		values[i] = 0;
}

// A part is a channel.
INLINE void compare_channel(void *data, size_t channel) {
	const Comparison *c = data;
	size_t w = c->width, h = c->height, at = channel * h * w;
	const float *f = c->f + at, *target = c->target + channel * (h / 2) * (w / 2);
	float *gradient = c->gradient + at;
	double sum = 0;
	for (size_t row = 0; row + 1 < h; row += 2, f += 2 * w, gradient += 2 * w, target += w / 2) {
		sum += compare_rows(gradient, gradient + w, f, f + w, target, c->weight / 2, w / 2);
		if (w % 2 == 1)
			gradient[w - 1] = gradient[2 * w - 1] = 0;
	}
	if (h % 2 == 1)
		clear(gradient, w);
	c->sums[channel] = sum;
}

FOR_EACH_WIDTH(compare_part)
FOR_EACH_WIDTH(compare_channel)

static int fits(const Tensor *f, const Tensor *target, const Tensor *weight, int64_t size) {
	return f->rank == 4 && target->rank == 4 && weight->count == 1 && (size == 1 || size == 2) && f->sides[0] == 1 &&
		target->sides[0] == 1 && target->sides[1] == f->sides[1] && target->sides[2] == f->sides[2] / size &&
		target->sides[3] == f->sides[3] / size;
}

OrtStatus *difference(const OrtApi *api, OrtKernelContext *context, int64_t size) {
	Tensor f, target, weight;
	TRY(read_input(api, context, 0, &f));
	TRY(read_input(api, context, 1, &target));
	TRY(read_input(api, context, 2, &weight));
	if (!fits(&f, &target, &weight, size))
		return refuse(api, "Difference reads a map, a target that does not fit it, or a weight that is no number");
	Comparison c = {f.values, target.values, NULL, *weight.values, NULL, (size_t)f.sides[2], (size_t)f.sides[3], f.count};
	float *loss;
	TRY(make_output(api, context, 0, 4, f.sides, &c.gradient));
	TRY(make_output(api, context, 1, 0, NULL, &loss));
	size_t parts = size == 1 ? parts_of(f.count) : (size_t)f.sides[1];
	if ((c.sums = calloc(parts + 1, sizeof *c.sums)) == NULL)
		return refuse(api, "Difference gets no memory");
	OrtStatus *problem = api->KernelContext_ParallelFor(context, size == 1 ? compare_part_of_width() : compare_channel_of_width(), parts, 0, &c);
	double sum = 0;
	for (size_t i = 0; i < parts; i++)
		sum += c.sums[i];
	*loss = c.weight * (float)sum;
	free(c.sums);
	return problem;
}
