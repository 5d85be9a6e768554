#ifndef ZELLIGE_FUSED_REGISTER_H
#define ZELLIGE_FUSED_REGISTER_H

// What a session's options were given, until the session is closed.
typedef struct {
	void *library, *domain;
	const void *api;
} Registration;

// Adds the fused operators to session options, an OrtSessionOptions, of the library in the file at path. From then on they
// use the vectors of that level, see operators.h. What is returned says why it cannot, and is the caller's
// to free; NULL if all is well.
char *add_fused_operators(const char *path, void *options, int level, Registration *);

void drop_fused_operators(Registration *);

#endif
