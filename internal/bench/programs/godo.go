//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/digitalocean/godo"
)

func main() {
	client := godo.NewFromToken(os.Getenv("TOKEN"))
	out, _, err := client.Droplets.Get(context.Background(), 1)
	fmt.Println(out, err)
}
