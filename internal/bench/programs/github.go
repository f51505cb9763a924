//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/google/go-github/v71/github"
)

func main() {
	client := github.NewClient(nil).WithAuthToken(os.Getenv("TOKEN"))
	out, _, err := client.Issues.Get(context.Background(), "o", "r", 1)
	fmt.Println(out, err)
}
