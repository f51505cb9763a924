// Package programs holds six short apps, each written from the guides and the reference
// alone. They run against the fakes in the tests beside them and, where a database or
// processes are needed, in internal/e2e/programs.
package programs
