// Command shotengai is not written yet.
package main

func main() {}
