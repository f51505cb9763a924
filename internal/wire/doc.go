// Package wire holds the small types in which the platforms write their values: one
// for each spelling of a time or date, for numbers that may be strings, for yes and
// no, for fields that can be cleared, and for what must not be shown.
//
// Decoding is strict about the spelling: a value that is not understood is an error
// that shows at most 40 characters of it. Decoding and encoding again gives the same
// value; a time may be respelt as the same instant. Null, "" and "--" are read as the
// zero value wherever a platform may write them for nothing.
package wire
