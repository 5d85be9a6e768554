//go:build cgo && !windows

#include "operators.h"

int vector_level = 0;

OrtStatus *refuse(const OrtApi *api, const char *why) { return api->CreateStatus(ORT_FAIL, why); }

static OrtStatus *read_sides(const OrtApi *api, const OrtTensorTypeAndShapeInfo *shape, Tensor *t) {
	TRY(api->GetDimensionsCount(shape, &t->rank));
	if (t->rank > 4)
		return refuse(api, "it reads a tensor of more than four dimensions");
	TRY(api->GetTensorShapeElementCount(shape, &t->count));
	return api->GetDimensions(shape, t->sides, t->rank);
}

OrtStatus *read_input(const OrtApi *api, const OrtKernelContext *context, size_t i, Tensor *t) {
	const OrtValue *value = NULL;
	TRY(api->KernelContext_GetInput(context, i, &value));
	if (value == NULL)
		return refuse(api, "an input is missing");
	void *data;
	TRY(api->GetTensorMutableData((OrtValue *)value, &data));
	t->values = data;
	OrtTensorTypeAndShapeInfo *shape;
	TRY(api->GetTensorTypeAndShape(value, &shape));
	OrtStatus *problem = read_sides(api, shape, t);
	api->ReleaseTensorTypeAndShapeInfo(shape);
	return problem;
}

OrtStatus *make_output(const OrtApi *api, OrtKernelContext *context, size_t i, size_t rank, const int64_t *sides, float **values) {
	OrtValue *value = NULL;
	TRY(api->KernelContext_GetOutput(context, i, sides, rank, &value));
	void *data;
	TRY(api->GetTensorMutableData(value, &data));
	*values = data;
	return NULL;
}
