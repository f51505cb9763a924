package rakuten_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func ExampleOrdersService_All() {
	srv := rakutentest.NewServer(rakutentest.WithOrders(5), rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	params := rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(srv.Now().AddDate(0, 0, -60)), EndDatetime: rakuten.At(srv.Now()),
	}
	taken := 0
	for order, err := range client.Orders.All(context.Background(), params) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok { // one order: the others go on
			fmt.Println(row)
			continue
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		if yen, ok := order.Total(); ok && yen > 0 {
			taken++
		}
	}
	fmt.Println(taken, "taken")
	// Output: 5 taken
}

func ExampleClient_Diagnose() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client.Diagnose(context.Background()).Verdict)

	srv.Advance(91 * 24 * time.Hour) // nobody issued a new key
	fmt.Println(client.Diagnose(context.Background()).Verdict)
	// Output:
	// works
	// expired
}

func ExampleClient_DiagnoseError() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv.Shop().Disable(rakutentest.LikeAWrongKey, "order")
	_, err = client.Orders.SubStatuses(context.Background())
	if d, ok := client.DiagnoseError(context.Background(), err); ok {
		who, what := d.Act(shotengai.English)
		fmt.Println(d.Verdict+";", who, "has to act:")
		fmt.Println(what)
	}
	// Output:
	// function not enabled; shop has to act:
	// enable the function of POST /es/2.0/order/getSubStatusList/ in RMS
}
