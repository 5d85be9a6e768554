//go:build cgo && linux

package main

/*
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// What the program and its library need on two processors, measured with the smallest
// pictures, and something more. Without, Go or the library ends with a traceback.
enum {
	program_files = 12,   // that it can open: 5 are too few
	program_threads = 12, // that it can begin: 6 are too few
	program_stack = 256,  // KiB of a thread: 64 are too few
};

// Few descriptors may be free also where the limit is high: those that a parent left
// open count.
static void check_files(void) {
	int open_now[program_files], n = 0;
	while (n < program_files && (open_now[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) {
		n++;
	}
	for (int i = 0; i < n; i++) {
		close(open_now[i]);
	}
	if (n < program_files) {
		dprintf(STDERR_FILENO, "zellige: error: only %d files can be opened, at least %d are needed\n"
			"zellige: hint: raise the limit (ulimit -n 1024)\n", n, program_files);
		_exit(1);
	}
}

static pthread_mutex_t all_begun = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_all(void *nothing) {
	pthread_mutex_lock(&all_begun);
	pthread_mutex_unlock(&all_begun);
	return nothing;
}

// Limits of a user and of a control group (pids.max) count what others have begun, so
// only trying tells.
static void check_threads(void) {
	pthread_t threads[program_threads];
	int n = 0, reason = 0;
	pthread_mutex_lock(&all_begun);
	while (n < program_threads && (reason = pthread_create(&threads[n], NULL, wait_for_all, NULL)) == 0) {
		n++;
	}
	pthread_mutex_unlock(&all_begun);
	for (int i = 0; i < n; i++) {
		pthread_join(threads[i], NULL);
	}
	if (n < program_threads) {
		dprintf(STDERR_FILENO, "zellige: error: only %d threads can be begun (%s), at least %d are needed\n"
			"zellige: hint: raise the limit (ulimit -u, or that of the container or service), or end other programs\n",
			n, strerror(reason), program_threads);
		_exit(1);
	}
}

static void check_stack(void) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >> 10 >= program_stack) {
		return;
	}
	dprintf(STDERR_FILENO, "zellige: error: the stack is limited to %llu KiB, at least %d KiB are needed\n"
		"zellige: hint: raise the limit (ulimit -s 8192)\n", (unsigned long long)(limit.rlim_cur >> 10), program_stack);
	_exit(1);
}

// The C library calls this before Go begins, behind check_address_space.
__attribute__((constructor(1001))) static void check_limits(void) {
	check_stack();
	check_files();
	check_threads();
}
*/
import "C"
