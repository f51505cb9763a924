//go:build ignore

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/stripe/stripe-go/v84"
)

func main() {
	client := stripe.NewClient(os.Getenv("KEY"))
	out, err := client.V1Customers.Retrieve(context.Background(), "cus_1", nil)
	fmt.Println(out, err)
}
