// What is used of ONNX Runtime's C interface, which only ever grows at its end: layout_test.go compares the places with
// the whole of it.

#ifndef ZELLIGE_FUSED_ONNXRUNTIME_H
#define ZELLIGE_FUSED_ONNXRUNTIME_H

#include <stddef.h>
#include <stdint.h>

enum { INTERFACE = 22, ORT_FAIL = 1, FLOAT_TENSOR = 1, DEFAULT_MEMORY = 0 };
enum { REQUIRED = 0, OPTIONAL = 1, VARIADIC = 2 }; // what an input or an output is

typedef struct OrtStatus OrtStatus; // NULL if all is well
typedef struct OrtValue OrtValue;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtKernelInfo OrtKernelInfo;
typedef struct OrtKernelContext OrtKernelContext;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtCustomOpDomain OrtCustomOpDomain;
typedef struct OrtCustomOp OrtCustomOp;

typedef struct OrtApi {
	OrtStatus *(*CreateStatus)(int code, const char *message);
	void *unused1[1];
	const char *(*GetErrorMessage)(const OrtStatus *);
	void *unused3[23];
	OrtStatus *(*CreateCustomOpDomain)(const char *name, OrtCustomOpDomain **);
	OrtStatus *(*CustomOpDomain_Add)(OrtCustomOpDomain *, const OrtCustomOp *);
	OrtStatus *(*AddCustomOpDomain)(OrtSessionOptions *, OrtCustomOpDomain *);
	void *unused29[22];
	OrtStatus *(*GetTensorMutableData)(OrtValue *, void **);
	void *unused52[9];
	OrtStatus *(*GetDimensionsCount)(const OrtTensorTypeAndShapeInfo *, size_t *);
	OrtStatus *(*GetDimensions)(const OrtTensorTypeAndShapeInfo *, int64_t *, size_t);
	void *unused63[1];
	OrtStatus *(*GetTensorShapeElementCount)(const OrtTensorTypeAndShapeInfo *, size_t *);
	OrtStatus *(*GetTensorTypeAndShape)(const OrtValue *, OrtTensorTypeAndShapeInfo **);
	void *unused66[20];
	OrtStatus *(*KernelInfoGetAttribute_int64)(const OrtKernelInfo *, const char *name, int64_t *);
	void *unused87[1];
	OrtStatus *(*KernelContext_GetInputCount)(const OrtKernelContext *, size_t *);
	OrtStatus *(*KernelContext_GetOutputCount)(const OrtKernelContext *, size_t *);
	OrtStatus *(*KernelContext_GetInput)(const OrtKernelContext *, size_t, const OrtValue **);
	OrtStatus *(*KernelContext_GetOutput)(OrtKernelContext *, size_t, const int64_t *sides, size_t rank, OrtValue **);
	void *unused92[1];
	void (*ReleaseStatus)(OrtStatus *);
	void *unused94[5];
	void (*ReleaseTensorTypeAndShapeInfo)(OrtTensorTypeAndShapeInfo *);
	void *unused100[1];
	void (*ReleaseCustomOpDomain)(OrtCustomOpDomain *);
	void *unused102[172];
	OrtStatus *(*KernelContext_ParallelFor)(const OrtKernelContext *, void (*part)(void *, size_t), size_t parts,
		size_t batches, void *);
} OrtApi;

typedef struct OrtApiBase {
	const OrtApi *(*GetApi)(uint32_t);
} OrtApiBase;

struct OrtCustomOp {
	uint32_t version;
	void *(*CreateKernel)(const OrtCustomOp *, const OrtApi *, const OrtKernelInfo *);
	const char *(*GetName)(const OrtCustomOp *);
	const char *(*GetExecutionProviderType)(const OrtCustomOp *);
	int (*GetInputType)(const OrtCustomOp *, size_t);
	size_t (*GetInputTypeCount)(const OrtCustomOp *);
	int (*GetOutputType)(const OrtCustomOp *, size_t);
	size_t (*GetOutputTypeCount)(const OrtCustomOp *);
	void (*KernelCompute)(void *, OrtKernelContext *);
	void (*KernelDestroy)(void *);
	int (*GetInputCharacteristic)(const OrtCustomOp *, size_t);
	int (*GetOutputCharacteristic)(const OrtCustomOp *, size_t);
	int (*GetInputMemoryType)(const OrtCustomOp *, size_t);
	int (*GetVariadicInputMinArity)(const OrtCustomOp *);
	int (*GetVariadicInputHomogeneity)(const OrtCustomOp *);
	int (*GetVariadicOutputMinArity)(const OrtCustomOp *);
	int (*GetVariadicOutputHomogeneity)(const OrtCustomOp *);
	OrtStatus *(*CreateKernelV2)(const OrtCustomOp *, const OrtApi *, const OrtKernelInfo *, void **);
	OrtStatus *(*KernelComputeV2)(void *, OrtKernelContext *);
	OrtStatus *(*InferOutputShapeFn)(const OrtCustomOp *, void *);
	int (*GetStartVersion)(const OrtCustomOp *);
	int (*GetEndVersion)(const OrtCustomOp *);
	void *unused[4];
};

#endif
