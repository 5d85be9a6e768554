// Package machine tells what of the machine a process may use: the memory that is free
// and the processors, under the limits that containers and services set by Linux's
// control groups. Elsewhere the system's own figures count.
package machine
