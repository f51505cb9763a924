package main

// switches is the file that is added to a package under change: the switches of its mutants.
// With a trace, the number of each switch that is reached is added to a file once.
const switches = `package %s

import (
	mutantOS "os"
	mutantConv "strconv"
	mutantAtomic "sync/atomic"
)

var (
	mutantNumber  = mutantEnv("SHOTENGAI_MUTANT")
	mutantTrace   = mutantOS.Getenv("SHOTENGAI_MUTANT_TRACE")
	mutantReached [%d]mutantAtomic.Bool
)

func mutantEnv(name string) int {
	n, _ := mutantConv.Atoi(mutantOS.Getenv(name))
	return n
}

func mutantOn(id int) bool {
	if mutantTrace != "" && !mutantReached[id].Swap(true) {
		f, err := mutantOS.OpenFile(mutantTrace, mutantOS.O_WRONLY|mutantOS.O_CREATE|mutantOS.O_APPEND, 0o600)
		if err != nil {
			panic(err)
		}
		_, _ = f.WriteString(mutantConv.Itoa(id) + "\n")
		_ = f.Close()
	}
	return mutantNumber == id
}

func mutantError(id int, err error) error {
	if mutantOn(id) {
		return nil
	}
	return err
}

type mutantNumeric interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

func mutantAdd[T mutantNumeric](id int, a, b T) T {
	if mutantOn(id) {
		return a - b
	}
	return a + b
}

func mutantSub[T mutantNumeric](id int, a, b T) T {
	if mutantOn(id) {
		return a + b
	}
	return a - b
}

func mutantMul[T mutantNumeric](id int, a, b T) T {
	if mutantOn(id) {
		return a / b
	}
	return a * b
}

func mutantQuo[T mutantNumeric](id int, a, b T) T {
	if mutantOn(id) {
		return a * b
	}
	return a / b
}
`
