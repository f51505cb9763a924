// Command first prints the orders of a Color Me shop of the last month. It is the first program
// of the README.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
)

func main() {
	token := &oauth2.Token{AccessToken: os.Getenv("COLORME_TOKEN")}
	client, err := colorme.NewClient(oauth2.StaticTokenSource(token))
	if err != nil {
		log.Fatal(err)
	}
	since := colorme.At(time.Now().AddDate(0, -1, 0))
	for sale, err := range client.Sales.All(context.Background(), colorme.ListSalesParams{MakeDateMin: since}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(sale.ID, sale.MakeDate.Format(time.DateOnly), sale.TotalPrice)
	}
}
