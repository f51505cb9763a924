//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

func main() {
	config := makeshop.Config{Endpoint: os.Getenv("ENDPOINT"), APIKey: shotengai.Secret(os.Getenv("KEY"))}
	client, err := makeshop.NewClient(config, makeshop.PersistentToken(shotengai.Secret(os.Getenv("TOKEN"))))
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.Shop.Get(context.Background())
	fmt.Println(out, err)
}
