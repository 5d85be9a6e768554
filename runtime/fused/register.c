//go:build cgo && !windows

#include "register.h"
#include "operators.h"

#include <dlfcn.h>
#include <string.h>

// Operator is what ONNX Runtime sees of an operator, and behind it what is asked about it.
typedef struct {
	OrtCustomOp seen;
	const char *name;
	size_t inputs, outputs;
	int variadic; // the last input may come several times
	OrtStatus *(*compute)(const OrtApi *, OrtKernelContext *, int64_t size);
} Operator;

// Kernel is an operator at one place of a graph.
typedef struct {
	const OrtApi *api;
	const Operator *of;
	int64_t size; // the attribute, 1 if there is none
} Kernel;

static const Operator *operator_of(const OrtCustomOp *op) { return (const Operator *)op; }

static OrtStatus *create(const OrtCustomOp *op, const OrtApi *api, const OrtKernelInfo *info, void **kernel) {
	Kernel *k = malloc(sizeof *k);
	if (k == NULL)
		return refuse(api, "a fused operator gets no memory");
	k->api = api, k->of = operator_of(op), k->size = 1;
	OrtStatus *absent = api->KernelInfoGetAttribute_int64(info, "size", &k->size);
	if (absent != NULL)
		api->ReleaseStatus(absent);
	*kernel = k;
	return NULL;
}

static OrtStatus *compute(void *kernel, OrtKernelContext *context) {
	const Kernel *k = kernel;
	return k->of->compute(k->api, context, k->size);
}

static const char *name(const OrtCustomOp *op) { return operator_of(op)->name; }
static const char *on_processor(const OrtCustomOp *op) { return (void)op, NULL; }
static size_t inputs(const OrtCustomOp *op) { return operator_of(op)->inputs; }
static size_t outputs(const OrtCustomOp *op) { return operator_of(op)->outputs; }
static int type(const OrtCustomOp *op, size_t i) { return (void)op, (void)i, FLOAT_TENSOR; }
static int memory(const OrtCustomOp *op, size_t i) { return (void)op, (void)i, DEFAULT_MEMORY; }
static int one(const OrtCustomOp *op) { return (void)op, 1; }
static int input(const OrtCustomOp *op, size_t i) {
	return operator_of(op)->variadic && i + 1 == operator_of(op)->inputs ? VARIADIC : REQUIRED;
}
static int output(const OrtCustomOp *op, size_t i) { return (void)op, i == 0 ? REQUIRED : OPTIONAL; }

#define OPERATOR(NAME, INPUTS, VARIADIC_LAST, OUTPUTS, COMPUTE)                                                            \
	{                                                                                                                      \
		{.version = INTERFACE, .CreateKernelV2 = create, .KernelComputeV2 = compute, .KernelDestroy = free,                \
			.GetName = name, .GetExecutionProviderType = on_processor, .GetInputTypeCount = inputs,                        \
			.GetOutputTypeCount = outputs, .GetInputType = type, .GetOutputType = type, .GetInputMemoryType = memory,      \
			.GetInputCharacteristic = input, .GetOutputCharacteristic = output, .GetVariadicInputMinArity = one,           \
			.GetVariadicInputHomogeneity = one, .GetVariadicOutputMinArity = one, .GetVariadicOutputHomogeneity = one,     \
			.GetStartVersion = one, .GetEndVersion = one},                                                                 \
			NAME, INPUTS, OUTPUTS, VARIADIC_LAST, COMPUTE                                                                  \
	}

static const Operator operators[] = {
	OPERATOR("ReluGradient", 2, 1, 2, relu_gradient),
	OPERATOR("Difference", 3, 0, 2, difference),
	OPERATOR("MaxPoolGradient", 3, 0, 1, max_pool_gradient),
	OPERATOR("ImageGradient", 3, 0, 1, image_gradient),
};

static OrtStatus *add(const OrtApi *api, OrtSessionOptions *options, Registration *r) {
	OrtCustomOpDomain *domain;
	TRY(api->CreateCustomOpDomain("zellige", &domain));
	r->domain = domain;
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		TRY(api->CustomOpDomain_Add(domain, &operators[i].seen));
	return api->AddCustomOpDomain(options, domain);
}

// The library is there already: opened once more, it is the same one.
static const OrtApi *open_library(const char *path, Registration *r) {
	if ((r->library = dlopen(path, RTLD_LAZY)) == NULL)
		return NULL;
	const OrtApiBase *(*base)(void);
	*(void **)&base = dlsym(r->library, "OrtGetApiBase");
	return base == NULL ? NULL : base()->GetApi(INTERFACE);
}

char *add_fused_operators(const char *path, void *options, int level, Registration *r) {
	vector_level = level;
	const OrtApi *api = open_library(path, r);
	if (api == NULL)
		return strdup("the library does not let itself be opened again");
	r->api = api;
	OrtStatus *problem = add(api, options, r);
	if (problem == NULL)
		return NULL;
	char *text = strdup(api->GetErrorMessage(problem));
	api->ReleaseStatus(problem);
	return text;
}

void drop_fused_operators(Registration *r) {
	if (r->domain != NULL)
		((const OrtApi *)r->api)->ReleaseCustomOpDomain(r->domain);
	if (r->library != NULL)
		dlclose(r->library);
	memset(r, 0, sizeof *r);
}
