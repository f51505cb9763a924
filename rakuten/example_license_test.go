package rakuten_test

import (
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

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
	who, what := rakuten.LicenseAwaitingApproval.Act(shotengai.English)
	fmt.Println(who+":", what)
	// Output: shop: approve the product in RMS, get a licence key and hand it over
}

func ExampleVerdict_Act() {
	who, what := rakuten.VerdictExpired.Act(shotengai.Japanese)
	fmt.Println(who, rakuten.VerdictExpired.Explain(shotengai.Japanese))
	fmt.Println(what)
	// Output:
	// shop キーの有効期限が切れています
	// RMSで新しいライセンスキーを発行して渡してください
}
