//go:build cgo && !windows

#include "operators.h"

// MaxPoolGradient: x [1][c][h][w], its maxima y [1][c][h/2][w/2] of 3x3 windows with stride 2 (those that hang over the lower
// or right edge count), the cotangent of y, of as many values -> that of x.
//
// As in the graph of ONNX's own operators, a cotangent is handed to the first of three columns that holds the row's maximum
// in the first of three rows that holds the window's. Columns come apart, even and odd ones: window j is even[j], odd[j],
// even[j+1].

typedef struct {
	const float *x, *y, *dy;
	float *dx;
	size_t height, width, rows, columns; // of x, of y
	int failed;
} Pool;

// What is kept of a row of x; each as long as there are windows in it, even one longer.
typedef struct {
	float *even, *odd, *maxima;
} Row;

// Behind the right edge stands what wins nothing, for x comes out of a ReLU.
INLINE void take_apart(float *restrict even, float *restrict odd, float *restrict maxima,
	const float *restrict x, size_t width, size_t columns) {
	for (size_t j = 0; j < width / 2; j++) {
		even[j] = x[2 * j];
		odd[j] = x[2 * j + 1];
	}
	even[width / 2] = width % 2 == 1 ? x[width - 1] : -1;
	for (size_t j = 0; j < columns; j++) {
		float larger = even[j] > odd[j] ? even[j] : odd[j];
		maxima[j] = larger > even[j + 1] ? larger : even[j + 1];
	}
}

// What the first, the second and the third of three get of a cotangent.
typedef struct {
	float first, second, third;
} Shares;

// Hands d to the first of three that won; the third did if neither of the others.
INLINE Shares hand_out(float d, int first_won, int second_won) {
	float first = first_won ? d : 0, rest = d - first, second = second_won ? rest : 0;
	return (Shares){first, second, rest - second};
}

// Hands the cotangents of a row of windows to the first (which has what came from the windows above), second and third row.
INLINE void hand_to_rows(float *restrict first, float *restrict second, float *restrict third,
	const float *restrict maxima, const float *restrict middle, const float *restrict y, const float *restrict dy, size_t n) {
	for (size_t j = 0; j < n; j++) {
		Shares s = hand_out(dy[j], maxima[j] == y[j], middle[j] == y[j]);
		first[j] += s.first;
		second[j] = s.second;
		third[j] = s.third;
	}
}

// Hands the cotangents d of a row's maxima to its columns.
INLINE void hand_to_columns(float *restrict even, float *restrict odd, float *restrict next,
	const float *restrict d, const float *restrict x_even, const float *restrict x_odd, const float *restrict maxima, size_t n) {
	for (size_t j = 0; j < n; j++) {
		Shares s = hand_out(d[j], x_even[j] == maxima[j], x_odd[j] == maxima[j]);
		even[j] = s.first;
		odd[j] = s.second;
		next[j + 1] = s.third;
	}
}

INLINE void put_together(float *restrict dx, const float *restrict even, const float *restrict odd,
	const float *restrict next, size_t width) {
	for (size_t j = 0; j < width / 2; j++) {
		dx[2 * j] = even[j] + next[j];
		dx[2 * j + 1] = odd[j];
	}
	if (width % 2 == 1)
		dx[width - 1] = even[width / 2] + next[width / 2];
}

// The lines that a channel needs, each of length values.
enum { LINES = 15 };

typedef struct {
	Row row[3];
	float *above, *middle, *below; // the cotangents of the three rows' maxima
	float *even, *odd, *next;
} Scratch;

INLINE Scratch divide(float *lines, size_t length) {
	Scratch s;
	float **all[LINES] = {&s.row[0].even, &s.row[0].odd, &s.row[0].maxima, &s.row[1].even, &s.row[1].odd, &s.row[1].maxima,
		&s.row[2].even, &s.row[2].odd, &s.row[2].maxima, &s.above, &s.middle, &s.below, &s.even, &s.odd, &s.next};
	for (size_t i = 0; i < LINES; i++)
		*all[i] = lines + i * length;
	return s;
}

INLINE void read_row(const Pool *p, Row *row, const float *x) {
	take_apart(row->even, row->odd, row->maxima, x, p->width, p->columns);
}

INLINE void write_row(const Pool *p, const Scratch *s, float *dx, const Row *row, const float *d) {
	hand_to_columns(s->even, s->odd, s->next, d, row->even, row->odd, row->maxima, p->columns);
	s->even[p->columns] = 0;
	s->next[0] = 0;
	put_together(dx, s->even, s->odd, s->next, p->width);
}

// What the third row got waits until it is the first one of the next windows.
INLINE void move_on(Scratch *s) {
	Row row = s->row[0];
	s->row[0] = s->row[2], s->row[2] = row;
	float *d = s->above;
	s->above = s->below, s->below = d;
}

INLINE void hand_out_rows(const Pool *p, Scratch *s, size_t channel) {
	size_t w = p->width;
	const float *x = p->x + channel * p->height * w, *y = p->y + channel * p->rows * p->columns;
	const float *dy = p->dy + channel * p->rows * p->columns;
	float *dx = p->dx + channel * p->height * w;
	read_row(p, &s->row[0], x);
	for (size_t i = 0, row = 0; i < p->rows; i++, row += 2, y += p->columns, dy += p->columns) {
		int third = row + 2 < p->height;
		read_row(p, &s->row[1], x + (row + 1) * w);
		if (third)
			read_row(p, &s->row[2], x + (row + 2) * w);
		hand_to_rows(s->above, s->middle, s->below, s->row[0].maxima, s->row[1].maxima, y, dy, p->columns);
		write_row(p, s, dx + row * w, &s->row[0], s->above);
		write_row(p, s, dx + (row + 1) * w, &s->row[1], s->middle);
		move_on(s);
		if (i + 1 == p->rows && third)
			write_row(p, s, dx + (row + 2) * w, &s->row[0], s->above);
	}
}

INLINE void hand_out_channel(void *data, size_t channel) {
	Pool *p = data;
	size_t length = p->width / 2 + 2;
	float *lines = calloc(LINES * length, sizeof *lines);
	if (lines == NULL) {
		p->failed = 1;
		return;
	}
	Scratch s = divide(lines, length);
	hand_out_rows(p, &s, channel);
	free(lines);
}

FOR_EACH_WIDTH(hand_out_channel)

OrtStatus *max_pool_gradient(const OrtApi *api, OrtKernelContext *context, int64_t size) {
	(void)size;
	Tensor x, y, dy;
	TRY(read_input(api, context, 0, &x));
	TRY(read_input(api, context, 1, &y));
	TRY(read_input(api, context, 2, &dy));
	if (x.rank != 4 || y.rank != 4 || x.sides[0] != 1 || y.sides[0] != 1 || y.sides[1] != x.sides[1] || x.sides[2] < 2 ||
		x.sides[3] < 2 || y.sides[2] != x.sides[2] / 2 || y.sides[3] != x.sides[3] / 2 || dy.count != y.count)
		return refuse(api, "MaxPoolGradient reads a map, its maxima and their cotangent, which do not fit together");
	Pool p = {x.values, y.values, dy.values, NULL, (size_t)x.sides[2], (size_t)x.sides[3], (size_t)y.sides[2], (size_t)y.sides[3], 0};
	TRY(make_output(api, context, 0, 4, x.sides, &p.dx));
	TRY(api->KernelContext_ParallelFor(context, hand_out_channel_of_width(), (size_t)x.sides[1], 0, &p));
	return p.failed ? refuse(api, "MaxPoolGradient gets no memory") : NULL;
}
