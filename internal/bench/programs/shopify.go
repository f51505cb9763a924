//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	goshopify "github.com/bold-commerce/go-shopify/v4"
)

func main() {
	client, err := goshopify.NewClient(goshopify.App{}, "shop", os.Getenv("TOKEN"))
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.Order.Get(context.Background(), 1, nil)
	fmt.Println(out, err)
}
