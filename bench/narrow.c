// narrow runs a command, and all that it begins, as on a processor without AVX-512: Linux stops a program at each CPUID
// instruction, and narrow answers in the processor's place. A program that uses AVX-512 without asking still has it.
// What the system says of the processor (/proc/cpuinfo) stays as it is.

#define _GNU_SOURCE
#include <asm/prctl.h>
#include <cpuid.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct user_regs_struct Registers;

// The flags of AVX-512 and of AMX, which needs it, in leaf 7 of CPUID.
enum { EBX = 0xdc230000, ECX = 0x5842, EDX = 0x3c0010c, EAX1 = 0x20 };

static void fail(const char *what) {
	fprintf(stderr, "narrow: %s: %s\n", what, strerror(errno));
	exit(2);
}

// Has a thread whose program just began ask that CPUID be trapped. Threads and processes that it begins inherit that.
static void trap(pid_t thread) {
	Registers before, call;
	ptrace(PTRACE_GETREGS, thread, 0, &before);
	long code = ptrace(PTRACE_PEEKTEXT, thread, before.rip, 0);
	call = before;
	call.rax = SYS_arch_prctl, call.rdi = ARCH_SET_CPUID, call.rsi = 0, call.orig_rax = -1;
	ptrace(PTRACE_POKETEXT, thread, before.rip, (code & ~0xffffL) | 0x050f); // SYSCALL
	ptrace(PTRACE_SETREGS, thread, 0, &call);
	ptrace(PTRACE_SINGLESTEP, thread, 0, 0);
	waitpid(thread, NULL, __WALL);
	ptrace(PTRACE_GETREGS, thread, 0, &call);
	if ((errno = -(int)call.rax) != 0)
		fail("this processor or system cannot trap CPUID");
	ptrace(PTRACE_POKETEXT, thread, before.rip, code);
	ptrace(PTRACE_SETREGS, thread, 0, &before);
}

// Answers if the thread was stopped at a CPUID instruction, else returns 0.
static int answer(pid_t thread) {
	Registers r;
	ptrace(PTRACE_GETREGS, thread, 0, &r);
	errno = 0;
	long code = ptrace(PTRACE_PEEKTEXT, thread, r.rip, 0);
	if (errno != 0 || (code & 0xffff) != 0xa20f)
		return 0;
	unsigned leaf = r.rax, part = r.rcx, eax, ebx, ecx, edx;
	__cpuid_count(leaf, part, eax, ebx, ecx, edx);
	if (leaf == 7 && part == 0)
		ebx &= ~EBX, ecx &= ~ECX, edx &= ~EDX;
	if (leaf == 7 && part == 1)
		eax &= ~EAX1;
	r.rax = eax, r.rbx = ebx, r.rcx = ecx, r.rdx = edx, r.rip += 2;
	ptrace(PTRACE_SETREGS, thread, 0, &r);
	return 1;
}

static pid_t begin(char **command) {
	pid_t first = fork();
	if (first == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(command[0], command);
		fail(command[0]);
	}
	waitpid(first, NULL, 0);
	long whom = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL;
	if (first < 0 || ptrace(PTRACE_SETOPTIONS, first, 0, whom) != 0)
		fail(command[0]);
	ptrace(PTRACE_CONT, first, 0, 0);
	return first;
}

// The signal that a stopped thread goes on with.
static int pass_on(pid_t thread, int status) {
	int signal = WSTOPSIG(status), event = status >> 16;
	if (event != 0 || signal == SIGSTOP)
		return 0;
	if (signal == SIGTRAP) { // a program has begun in this process
		trap(thread);
		return 0;
	}
	return signal == SIGSEGV && answer(thread) ? 0 : signal;
}

int main(int count, char **arguments) {
	if (count < 2) {
		fprintf(stderr, "usage: narrow COMMAND [ARGUMENT ...]\n");
		return 2;
	}
	pid_t first = begin(arguments + 1), thread;
	signal(SIGINT, SIG_IGN); // the command gets it, too
	int code = 2, status;
	while ((thread = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, thread, 0, pass_on(thread, status));
		else if (thread == first)
			code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	return code;
}
