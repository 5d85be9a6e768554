// Package file replaces files atomically.
package file
