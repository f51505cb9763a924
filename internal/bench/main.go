// Command bench measures the library beside its peers.
package main

func main() {}
