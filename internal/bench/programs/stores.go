//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/stores"
)

func main() {
	token := &oauth2.Token{AccessToken: os.Getenv("TOKEN")}
	client, err := stores.NewClient(oauth2.StaticTokenSource(token))
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.Store.Get(context.Background())
	fmt.Println(out, err)
}
