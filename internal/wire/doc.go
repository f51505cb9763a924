// Package wire has what the types of the root package need to read and write the small
// values of the platforms: JSON strings, texts that stand for nothing, and query values.
package wire
