// Command colormeapp is not written yet.
package main

func main() {}
