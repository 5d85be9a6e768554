//go:build cgo && !windows

#include "operators.h"

// ReluGradient: y [1][c][h][w], cotangents of y, each of as many values -> their sum where y > 0, else 0: the cotangent of
// what ReLU made y of. With two outputs, of the lower and of the upper half of the channels.

enum { MOST_COTANGENTS = 64, BLOCK = 2048 }; // a block stays in the cache while it is added up

typedef struct {
	const float *y, *cotangents[MOST_COTANGENTS];
	size_t number, values; // of cotangents; of values in an output
	float *outputs[2];
} Sum;

INLINE void pass(float *restrict out, const float *restrict y, const float *restrict d, size_t n) {
	for (size_t i = 0; i < n; i++) {
		float all = d[i];
		out[i] = y[i] > 0 ? all : 0;
	}
}

INLINE void pass_sum(float *restrict out, const float *restrict y, const float *restrict a,
	const float *restrict b, size_t n) {
	for (size_t i = 0; i < n; i++) {
		float all = a[i] + b[i];
		out[i] = y[i] > 0 ? all : 0;
	}
}

INLINE void add(float *restrict out, const float *restrict a, const float *restrict b, size_t n) {
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] + b[i];
}

// From first to last; at is the block's place in y, and it has at most BLOCK values.
INLINE void pass_block(const Sum *s, float *out, size_t at, size_t n) {
	float sum[2][BLOCK];
	const float *total = s->cotangents[0] + at;
	for (size_t i = 1; i + 1 < s->number; i++) {
		add(sum[i % 2], total, s->cotangents[i] + at, n);
		total = sum[i % 2];
	}
	if (s->number == 1)
		pass(out, s->y + at, total, n);
	else
		pass_sum(out, s->y + at, total, s->cotangents[s->number - 1] + at, n);
}

INLINE void pass_part(void *data, size_t part) {
	const Sum *s = data;
	size_t parts = parts_of(s->values), output = part / parts, first = part % parts * PART;
	size_t end = first + PART < s->values ? first + PART : s->values;
	for (; first < end; first += BLOCK)
		pass_block(s, s->outputs[output] + first, output * s->values + first, end - first < BLOCK ? end - first : BLOCK);
}

FOR_EACH_WIDTH(pass_part)

OrtStatus *relu_gradient(const OrtApi *api, OrtKernelContext *context, int64_t size) {
	(void)size;
	Sum s;
	Tensor y, cotangent;
	size_t inputs, outputs;
	TRY(api->KernelContext_GetInputCount(context, &inputs));
	TRY(api->KernelContext_GetOutputCount(context, &outputs));
	TRY(read_input(api, context, 0, &y));
	s.y = y.values, s.number = inputs - 1, s.values = y.count / outputs;
	if (inputs < 2 || s.number > MOST_COTANGENTS || y.rank != 4 || y.sides[0] != 1 || y.sides[1] % (int64_t)outputs != 0)
		return refuse(api, "ReluGradient reads a map, and 1 to 64 cotangents of it");
	for (size_t i = 0; i < s.number; i++) {
		TRY(read_input(api, context, i + 1, &cotangent));
		if (cotangent.count != y.count)
			return refuse(api, "ReluGradient reads a cotangent that has not as many values as the map");
		s.cotangents[i] = cotangent.values;
	}
	y.sides[1] /= (int64_t)outputs;
	for (size_t i = 0; i < outputs; i++)
		TRY(make_output(api, context, i, 4, y.sides, &s.outputs[i]));
	return api->KernelContext_ParallelFor(context, pass_part_of_width(), outputs * parts_of(s.values), 0, &s);
}
