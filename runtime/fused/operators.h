// The fused operators: each does in one pass over its maps what takes several of ONNX's own.

#ifndef ZELLIGE_FUSED_OPERATORS_H
#define ZELLIGE_FUSED_OPERATORS_H

#include "onnxruntime.h"
#include <stdlib.h>

// One part of an operator's work. Parts are fixed, so what a value is does not depend on the number of threads.
typedef void (*Part)(void *data, size_t part);

// Which vectors there are: the level of x86-64, 3 with AVX2, 4 with AVX-512; 1 and 2 have 16 bytes, 0 is another processor.
extern int vector_level;

// FOR_EACH_WIDTH(f) compiles the part f, and INLINE what it calls, for each width of vectors, and defines f_of_width(), which
// gives the one to run. Widths may round the last digits otherwise.
#define INLINE static inline __attribute__((always_inline))
#ifdef __x86_64__
#define FOR_EACH_WIDTH(f)                                                                                                          \
	__attribute__((target("avx2,fma"))) static void f##_3(void *data, size_t part) { f(data, part); }                              \
	__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))) static void f##_4(void *data, size_t part) { f(data, part); } \
	static Part f##_of_width(void) { return vector_level >= 4 ? f##_4 : vector_level == 3 ? f##_3 : f; }
#else
#define FOR_EACH_WIDTH(f) static Part f##_of_width(void) { return f; }
#endif

// GCC keeps a branch for each comparison, and no vectors, if it must think of who catches floating-point exceptions. No one does.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif

// Each computes an operator of the graph; the comment in its file says which, with shapes. A graph is not trusted: what does
// not fit together is refused.
OrtStatus *relu_gradient(const OrtApi *, OrtKernelContext *, int64_t size);
OrtStatus *difference(const OrtApi *, OrtKernelContext *, int64_t size);
OrtStatus *max_pool_gradient(const OrtApi *, OrtKernelContext *, int64_t size);
OrtStatus *image_gradient(const OrtApi *, OrtKernelContext *, int64_t size);

// A tensor of float32.
typedef struct {
	float *values;
	size_t rank, count;
	int64_t sides[4];
} Tensor;

// Gives input i of at most four dimensions.
OrtStatus *read_input(const OrtApi *, const OrtKernelContext *, size_t i, Tensor *);

// Makes output i.
OrtStatus *make_output(const OrtApi *, OrtKernelContext *, size_t i, size_t rank, const int64_t *sides, float **values);

OrtStatus *refuse(const OrtApi *, const char *why);

#define TRY(call)                        \
	do {                                 \
		OrtStatus *problem = (call);     \
		if (problem != NULL)             \
			return problem;              \
	} while (0)

// How many values one part of a flat loop has, at most.
enum { PART = 16384 };

INLINE size_t parts_of(size_t values) { return (values + PART - 1) / PART; }

#endif
