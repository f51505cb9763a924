// Package programs runs those programs of examples/snippets/programs that need a database
// or processes of their own.
package programs
