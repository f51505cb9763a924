package rakuten_test

import (
	"context"
	"encoding/json"
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
	var at rakuten.Checkpoint
	params := rakuten.AllOrdersParams{Checkpoint: &at}
	params.DateType = rakuten.DateOrdered
	params.StartDatetime, params.EndDatetime = rakuten.At(srv.Now().AddDate(0, 0, -60)), rakuten.At(srv.Now())
	var stored []byte // in one transaction with the order
	taken := 0
	for _, err := range client.Orders.All(context.Background(), params) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if stored, err = json.Marshal(at); err != nil {
			fmt.Println(err)
			return
		}
		if taken++; taken == 3 {
			break // the program ends
		}
	}
	fmt.Println(taken, "taken")

	var resumed rakuten.Checkpoint
	if err := json.Unmarshal(stored, &resumed); err != nil {
		fmt.Println(err)
		return
	}
	params.Checkpoint = &resumed
	for _, err := range client.Orders.All(context.Background(), params) {
		if err != nil {
			fmt.Println(err)
			return
		}
		taken++
	}
	fmt.Println(taken, "taken")
	// Output:
	// 3 taken
	// 5 taken
}

func ExampleClient_Diagnose() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	d := client.Diagnose(context.Background())
	fmt.Println(d.Verdict+";", d.Who)

	srv.Advance(91 * 24 * time.Hour) // nobody issued a new key
	d = client.Diagnose(context.Background())
	fmt.Println(d.Verdict+";", d.Who)
	// Output:
	// works; nobody
	// expired; shop
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
		fmt.Println(d.Verdict+";", d.Who, "has to act:")
		fmt.Println(d.What)
	}
	// Output:
	// function not enabled; shop has to act:
	// enable the function of POST /es/2.0/order/getSubStatusList/ in RMS
}
