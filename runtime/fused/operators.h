// The fused operators: each does in one pass over its maps what takes several of ONNX's own.

#ifndef ZELLIGE_FUSED_OPERATORS_H
#define ZELLIGE_FUSED_OPERATORS_H

#include "onnxruntime.h"
#include <stdlib.h> // also tells __GLIBC__

// The loops over values are compiled for each kind of x86-64 processor, and the one at hand tells which runs. Kinds may round
// the last digits otherwise. What a value is does not depend on the number of threads, which share fixed parts.
#if defined(__x86_64__) && defined(__GLIBC__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define FOR_EACH_WIDTH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_WIDTH
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

static inline size_t parts_of(size_t values) { return (values + PART - 1) / PART; }

#endif
