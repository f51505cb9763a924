//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func main() {
	license := rakuten.License{ServiceSecret: shotengai.Secret(os.Getenv("SECRET")), Key: shotengai.Secret(os.Getenv("KEY"))}
	client, err := rakuten.NewClient(rakuten.StaticLicense(license))
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.Items.Get(context.Background(), "sensu")
	fmt.Println(out, err)
}
