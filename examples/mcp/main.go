// Command mcp is not written yet.
package main

func main() {}
