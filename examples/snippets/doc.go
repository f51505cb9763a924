// Package snippets holds the code of the README and the guides, so that it is compiled. A
// test demands that every block of Go in them stands here.
package snippets
