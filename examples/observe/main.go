// Command observe is not written yet.
package main

func main() {}
