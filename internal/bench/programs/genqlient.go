//go:build ignore

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/Khan/genqlient/graphql"
)

func main() {
	var out struct{ GetShop struct{ Shop map[string]any } }
	client := graphql.NewClient(os.Getenv("ENDPOINT"), http.DefaultClient)
	err := client.MakeRequest(context.Background(), &graphql.Request{Query: "query { getShop { shop { shopId } } }"}, &graphql.Response{Data: &out})
	fmt.Println(out, err)
}
