// Package lenient reads the answers that the strict decoders of the standard library
// refuse: numbers written as text, whole numbers with a decimal point, empty text for
// nothing, booleans as 0 and 1, texts with broken bytes, and lists in which one row is odd.
// It is slower than they are, and meant to be asked only when they have failed.
//
// What is truly another value is never guessed: 100.5 is no whole number and is not rounded.
package lenient
