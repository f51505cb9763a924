//go:build ignore

package main

import (
	"fmt"
	"os"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

func main() {
	client, err := messaging_api.NewMessagingApiAPI(os.Getenv("TOKEN"))
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.GetProfile("U1")
	fmt.Println(out, err)
}
