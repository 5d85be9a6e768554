#include "textflag.h"

// Four values at a time, by the instructions that every such processor has. They
// round as Go's do, and no multiplication is fused with an addition.

// func adamFours(pixels, gradient, mean, square *float32, n int, f *adamFactors)
TEXT ·adamFours(SB), NOSPLIT, $0-48
	MOVQ pixels+0(FP), DI
	MOVQ gradient+8(FP), SI
	MOVQ mean+16(FP), R8
	MOVQ square+24(FP), R9
	MOVQ n+32(FP), CX
	MOVQ f+40(FP), DX
	MOVSS 0(DX), X8     // 1 - beta1
	SHUFPS $0, X8, X8
	MOVSS 4(DX), X9     // beta2
	SHUFPS $0, X9, X9
	MOVSS 8(DX), X10    // 1 - beta2
	SHUFPS $0, X10, X10
	MOVSS 12(DX), X11   // root
	SHUFPS $0, X11, X11
	MOVSS 16(DX), X12   // epsilon
	SHUFPS $0, X12, X12
	MOVSS 20(DX), X13   // step
	SHUFPS $0, X13, X13
	XORQ AX, AX
adam:
	MOVUPS (SI)(AX*4), X0
	MOVUPS (R8)(AX*4), X1
	MOVUPS (R9)(AX*4), X2
	MOVUPS (DI)(AX*4), X3
	MOVAPS X0, X4
	SUBPS X1, X4
	MULPS X8, X4
	ADDPS X1, X4        // m = mean + (1-beta1)*(g-mean)
	MOVUPS X4, (R8)(AX*4)
	MOVAPS X10, X5
	MULPS X0, X5
	MULPS X0, X5
	MULPS X9, X2
	ADDPS X5, X2        // v = beta2*square + (1-beta2)*g*g
	MOVUPS X2, (R9)(AX*4)
	SQRTPS X2, X2
	MULPS X11, X2
	ADDPS X12, X2
	MULPS X13, X4
	DIVPS X2, X4        // step*m / (sqrt(v)*root + epsilon)
	SUBPS X4, X3
	MOVUPS X3, (DI)(AX*4)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT adam
	RET

// func clampFours(values *float32, n int, low, high float32)
TEXT ·clampFours(SB), NOSPLIT, $0-24
	MOVQ values+0(FP), DI
	MOVQ n+8(FP), CX
	MOVSS low+16(FP), X8
	SHUFPS $0, X8, X8
	MOVSS high+20(FP), X9
	SHUFPS $0, X9, X9
	XORQ AX, AX
clamp:
	MOVUPS (DI)(AX*4), X0
	MOVAPS X8, X1
	MAXPS X0, X1        // the value, not low, where the value is NaN
	MOVAPS X9, X2
	MINPS X1, X2
	MOVUPS X2, (DI)(AX*4)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT clamp
	RET

// func smoothFours(to, values, before, behind *float32, n int, weight float32)
TEXT ·smoothFours(SB), NOSPLIT, $0-44
	MOVQ to+0(FP), DI
	MOVQ values+8(FP), SI
	MOVQ before+16(FP), R8
	MOVQ behind+24(FP), R9
	MOVQ n+32(FP), CX
	MOVSS weight+40(FP), X8
	SHUFPS $0, X8, X8
	XORQ AX, AX
smooth:
	MOVUPS (SI)(AX*4), X0
	MOVUPS (R8)(AX*4), X1
	MOVUPS (R9)(AX*4), X2
	ADDPS X2, X1
	MOVAPS X0, X3
	ADDPS X0, X3
	SUBPS X3, X1        // before + behind - 2*v
	MULPS X8, X1
	ADDPS X0, X1
	MOVUPS X1, (DI)(AX*4)
	ADDQ $4, AX
	CMPQ AX, CX
	JLT smooth
	RET
