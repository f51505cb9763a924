package licensewatch_test

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func ExampleWatcher_Check() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv.Advance(70 * 24 * time.Hour) // the key was issued ten days before
	watcher, err := licensewatch.New(licensewatch.Config{
		Shops:  func(context.Context) ([]string, error) { return []string{srv.Shop().ID}, nil },
		Client: func(context.Context, string) (*rakuten.Client, error) { return client, nil },
		Store:  &licensewatch.MemoryStore{},
		Now:    srv.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = watcher.Check(context.Background(), func(event licensewatch.Event, err error) error {
		fmt.Println(event.Kind, event.DaysLeft, err)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: ends 10 <nil>
}

func ExampleNewNotice() {
	now := time.Date(2026, 11, 14, 9, 0, 0, 0, shotengai.JST)
	end := time.Date(2026, 11, 28, 23, 59, 59, 0, shotengai.JST)
	notice := licensewatch.NewNotice(licensewatch.Status{Shop: "123456", ExpiresAt: end}, now, licensewatch.English())
	fmt.Println(notice.Subject)
	// Output: Rakuten licence key of shop 123456 ends in 14 days
}

// Several people are told, as one of them may be away.
func ExampleNewNotice_contacts() {
	now := time.Date(2026, 11, 14, 9, 0, 0, 0, shotengai.JST)
	notice := licensewatch.NewNotice(licensewatch.Status{
		Shop: "123456", ExpiresAt: time.Date(2026, 11, 28, 23, 59, 59, 0, shotengai.JST),
		Contacts: []mail.Address{{Name: "楽田 太郎", Address: "taro@example.jp"}, {Name: "市場 花子", Address: "hanako@example.jp"}},
	}, now, licensewatch.Japanese())
	for _, to := range notice.To {
		fmt.Println(to.Address)
	}
	fmt.Println(notice.Body[strings.LastIndex(notice.Body, "\n")+1:])
	// Output:
	// taro@example.jp
	// hanako@example.jp
	// このお知らせは、次の方にお送りしています：楽田 太郎, 市場 花子
}

// A program leads its shops to the screen in its own words.
func ExampleTexts() {
	texts := licensewatch.English()
	texts.Screen = "as our manual shows on page 7"
	texts.Enable = "Please allow the functions {screen}."
	notice := licensewatch.NewNotice(licensewatch.Status{Shop: "123456", Verdict: rakuten.VerdictFunctionNotEnabled}, time.Now(), texts)
	fmt.Println(notice.Body)
	// Output:
	// The Rakuten licence key of shop 123456 lacks functions. What needs them does not work until they are allowed.
	// Please allow the functions as our manual shows on page 7.
}
