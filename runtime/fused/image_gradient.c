//go:build cgo && !windows

#include "operators.h"

// ImageGradient: the cotangent d [1][c][h][w] of what a 3x3 convolution with stride 2 and without padding made of an image,
// its kernel [c][3][3][3], the image [1][3][H][W] -> the gradient of the image. c is a multiple of 4.

enum { COLOURS = 3, TAPS = 3, TOGETHER = 4 }; // channels that are added up together, while they are in the cache

typedef struct {
	const float *d, *kernel;
	float *gradient;
	size_t channels, height, width, rows, columns; // of d, of the image
	int failed;
} Spread;

// The sums of a row of the image, of each colour: at even columns, at odd ones, and at the even ones one further.
typedef struct {
	float *values;
	size_t length; // of a line
} Lines;

INLINE float *line(const Lines *l, size_t colour, size_t tap) { return l->values + (colour * TAPS + tap) * l->length; }

INLINE void add_channels(float *restrict sum, const float *restrict d, size_t stride, const float *restrict kernel,
	size_t n) {
	const float *d1 = d + stride, *d2 = d1 + stride, *d3 = d2 + stride;
	const size_t next = COLOURS * TAPS * TAPS;
	float k0 = kernel[0], k1 = kernel[next], k2 = kernel[2 * next], k3 = kernel[3 * next];
	for (size_t j = 0; j < n; j++)
		sum[j] += (k0 * d[j] + k1 * d1[j]) + (k2 * d2[j] + k3 * d3[j]);
}

// Adds what a row of d gives by a row of the kernel.
INLINE void add_row(const Spread *s, const Lines *lines, size_t row, size_t kernel_row) {
	size_t stride = s->height * s->width;
	for (size_t c = 0; c < s->channels; c += TOGETHER)
		for (size_t colour = 0; colour < COLOURS; colour++)
			for (size_t tap = 0; tap < TAPS; tap++)
				add_channels(line(lines, colour, tap), s->d + c * stride + row * s->width, stride,
					s->kernel + ((c * COLOURS + colour) * TAPS + kernel_row) * TAPS + tap, s->width);
}

// The columns behind the last window stay 0.
INLINE void put_together(float *restrict out, float *restrict even, const float *restrict odd,
	const float *restrict next, size_t n) {
	for (size_t j = 0; j < n; j++)
		even[j + 1] += next[j];
	for (size_t j = 0; j < n; j++) {
		out[2 * j] = even[j];
		out[2 * j + 1] = odd[j];
	}
	out[2 * n] = even[n];
}

INLINE void write_row(const Spread *s, const Lines *lines, size_t row) {
	for (size_t colour = 0; colour < COLOURS; colour++) {
		float *out = s->gradient + (colour * s->rows + row) * s->columns;
		put_together(out, line(lines, colour, 0), line(lines, colour, 1), line(lines, colour, 2), s->width);
		for (size_t i = 2 * s->width + 1; i < s->columns; i++)
			out[i] = 0;
	}
}

// A part is a row of the image: even ones get the windows' first rows and the third ones of the windows above.
INLINE void spread_row(void *data, size_t row) {
	Spread *s = data;
	Lines lines = {NULL, s->width + 1};
	if ((lines.values = calloc(COLOURS * TAPS * lines.length, sizeof *lines.values)) == NULL) {
		s->failed = 1;
		return;
	}
	size_t window = row / 2;
	if (window < s->height)
		add_row(s, &lines, window, row % 2);
	if (row % 2 == 0 && window > 0 && window - 1 < s->height)
		add_row(s, &lines, window - 1, 2);
	write_row(s, &lines, row);
	free(lines.values);
}

FOR_EACH_WIDTH(spread_row)

static int fits(const Tensor *d, const Tensor *kernel, const Tensor *image) {
	return d->rank == 4 && kernel->rank == 4 && image->rank == 4 && d->sides[0] == 1 && image->sides[0] == 1 &&
		d->sides[1] % TOGETHER == 0 && kernel->sides[0] == d->sides[1] && kernel->sides[1] == COLOURS &&
		kernel->sides[2] == TAPS && kernel->sides[3] == TAPS && image->sides[1] == COLOURS && image->sides[2] >= TAPS &&
		image->sides[3] >= TAPS && d->sides[2] == (image->sides[2] - 1) / 2 && d->sides[3] == (image->sides[3] - 1) / 2;
}

OrtStatus *image_gradient(const OrtApi *api, OrtKernelContext *context, int64_t size) {
	(void)size;
	Tensor d, kernel, image;
	TRY(read_input(api, context, 0, &d));
	TRY(read_input(api, context, 1, &kernel));
	TRY(read_input(api, context, 2, &image));
	if (!fits(&d, &kernel, &image))
		return refuse(api, "ImageGradient reads a cotangent, a kernel and an image, which do not fit together");
	Spread s = {d.values, kernel.values, NULL, (size_t)d.sides[1], (size_t)d.sides[2], (size_t)d.sides[3],
		(size_t)image.sides[2], (size_t)image.sides[3], 0};
	TRY(make_output(api, context, 0, 4, image.sides, &s.gradient));
	TRY(api->KernelContext_ParallelFor(context, spread_row_of_width(), s.rows, 0, &s));
	return s.failed ? refuse(api, "ImageGradient gets no memory") : NULL;
}
