//go:build cgo && !windows

package fused

import (
	"os/exec"
	"strings"
	"testing"
)

// program does not compile unless all that onnxruntime.h names stands where ONNX Runtime's
// own header, which is the binding's, has it.
const program = `
#include <onnxruntime_c_api.h>
#define OrtApi OurApi
#define OrtApiBase OurApiBase
#define OrtCustomOp OurCustomOp
#define OrtStatus OurStatus
#define OrtValue OurValue
#define OrtTensorTypeAndShapeInfo OurTensorTypeAndShapeInfo
#define OrtKernelInfo OurKernelInfo
#define OrtKernelContext OurKernelContext
#define OrtSessionOptions OurSessionOptions
#define OrtCustomOpDomain OurCustomOpDomain
#define ORT_FAIL OUR_FAIL
#include "onnxruntime.h"
#undef OrtApi
#undef OrtApiBase
#undef OrtCustomOp
#undef ORT_FAIL
#define SAME(theirs, ours, field) _Static_assert(offsetof(theirs, field) == offsetof(ours, field), #field)
_Static_assert(INTERFACE <= ORT_API_VERSION && FLOAT_TENSOR == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && OUR_FAIL == ORT_FAIL &&
	DEFAULT_MEMORY == OrtMemTypeDefault && REQUIRED == INPUT_OUTPUT_REQUIRED && OPTIONAL == INPUT_OUTPUT_OPTIONAL &&
	VARIADIC == INPUT_OUTPUT_VARIADIC, "constants");
`

func TestInterfaceIsONNXRuntimes(t *testing.T) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yalue/onnxruntime_go").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := program + strings.Join(append(assertions("OrtApi", "OurApi", apiFields), assertions("OrtCustomOp", "OurCustomOp", operatorFields)...), "\n")
	c := exec.Command("cc", "-fsyntax-only", "-x", "c", "-I", strings.TrimSpace(string(folder)), "-I", ".", "-")
	c.Stdin = strings.NewReader(source)
	if output, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

func assertions(theirs, ours, fields string) (lines []string) {
	for _, field := range strings.Fields(fields) {
		lines = append(lines, "SAME("+theirs+", "+ours+", "+field+");")
	}
	return lines
}

const apiFields = `CreateStatus GetErrorMessage CreateCustomOpDomain CustomOpDomain_Add AddCustomOpDomain GetTensorMutableData
	GetDimensionsCount GetDimensions GetTensorShapeElementCount GetTensorTypeAndShape KernelInfoGetAttribute_int64
	KernelContext_GetInputCount KernelContext_GetOutputCount KernelContext_GetInput KernelContext_GetOutput ReleaseStatus
	ReleaseTensorTypeAndShapeInfo ReleaseCustomOpDomain KernelContext_ParallelFor`

const operatorFields = `version CreateKernel GetName GetExecutionProviderType GetInputType GetInputTypeCount GetOutputType
	GetOutputTypeCount KernelCompute KernelDestroy GetInputCharacteristic GetOutputCharacteristic GetInputMemoryType
	GetVariadicInputMinArity GetVariadicInputHomogeneity GetVariadicOutputMinArity GetVariadicOutputHomogeneity
	CreateKernelV2 KernelComputeV2 InferOutputShapeFn GetStartVersion GetEndVersion`
