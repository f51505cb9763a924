package rakuten_test

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func ExampleNewNotice() {
	now := time.Date(2026, 11, 14, 9, 0, 0, 0, shotengai.JST)
	end := time.Date(2026, 11, 28, 23, 59, 59, 0, shotengai.JST)
	notice := rakuten.NewNotice(rakuten.English, rakuten.LicenseStatus{Shop: "123456", ExpiresAt: end}, now)
	fmt.Println(notice.Subject)
	// Output: Rakuten licence key of shop 123456 ends in 14 days
}

func ExampleAmount_Fixed() {
	for _, amount := range []rakuten.Amount{rakuten.Yen(1200), rakuten.NotFixed()} {
		yen, ok := amount.Fixed()
		fmt.Println(yen, ok)
	}
	// Output:
	// 1200 true
	// 0 false
}

func ExampleLicenseState_Act() {
	who, what := rakuten.LicenseAwaitingApproval.Act()
	fmt.Println(who+":", what)
	// Output: shop: approve the product in RMS, get a licence key and hand it over
}
