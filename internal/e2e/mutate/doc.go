// Command mutate changes the code of packages in small ways, one at a time, and runs the tests
// that reach the change. A change that no test notices has survived: a promise that nobody
// holds.
//
//	go run ./internal/e2e/mutate                    # a sample of 150
//	go run ./internal/e2e/mutate -n 0               # all
//	go run ./internal/e2e/mutate -n 0 -in ./billing # all of one package
//
// All changes of a package are compiled into one test binary, each behind a switch that the
// environment turns, so that a change costs a run of a few tests and no build. The list
// survivors.txt names the survivors that are known, each with the reason. The command fails
// when another one survives or when too few are killed, and says which of the list are killed
// after all.
package main
