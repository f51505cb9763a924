package rakuten

import (
	"strings"
	"unicode"

	"github.com/shotengai/shotengai-go"
)

// LicenseState is the state of a vendor's product in RMS, in the words that the shop sees
// there. Open set. The API does not return it: ask the shop, or Diagnose. What a person has
// typed or copied becomes one of the values by ParseLicenseState.
type LicenseState string

// Values of LicenseState.
const (
	LicenseAwaitingApproval LicenseState = "承認待ち"     // the product asks for access; there is no key yet
	LicenseInUse            LicenseState = "利用中"      // a valid key exists
	LicenseUpdateOffered    LicenseState = "利用中 更新あり" // the product asks for further functions; the key does not change
	LicenseExpired          LicenseState = "有効期限切れ"   // the key's 90 days are over
)

// ParseLicenseState is the state that a text names. Blanks do not count, as RMS and the
// manuals about it write 利用中 更新あり with a full-width blank, with a half-width one and
// with none. A state that is not known is returned as it is, without the blanks around it.
func ParseLicenseState(text string) LicenseState {
	for _, state := range []LicenseState{LicenseAwaitingApproval, LicenseInUse, LicenseUpdateOffered, LicenseExpired} {
		if withoutBlanks(text) == withoutBlanks(string(state)) {
			return state
		}
	}
	return LicenseState(strings.TrimSpace(text))
}

func withoutBlanks(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// Actor is who has to act for a licence to work.
type Actor string

// Values of Actor. No API issues keys or grants rights: it is always a person.
const (
	NobodyActs   Actor = "nobody"
	ShopActs     Actor = "shop"     // in RMS
	ProviderActs Actor = "provider" // you: the credentials on your side do not fit
)

// Act returns who has to act in a state, and what they have to do: the shop approves and hands the key over,
// or accepts the update, or issues a new key and hands it over. The state is read as by
// ParseLicenseState.
func (s LicenseState) Act(in shotengai.Language) (who Actor, what string) {
	return s.advice().in(in)
}

func (s LicenseState) advice() advice {
	switch ParseLicenseState(string(s)) {
	case LicenseAwaitingApproval:
		return advice{ShopActs, "RMSで製品の利用を承認し、ライセンスキーを取得して渡してください", "approve the product in RMS, get a licence key and hand it over"}
	case LicenseInUse:
		return advice{NobodyActs, "有効期限が近づいたら、店舗が新しいキーを発行して渡します", "near the end of the key, the shop issues a new one and hands it over"}
	case LicenseUpdateOffered:
		return advice{
			ShopActs, "RMSでアップデートを行ってください。キーは変わりません。それまで新しい機能は認証エラーになります",
			"accept the update in RMS; the key stays, and until then the new functions fail as unauthorised",
		}
	case LicenseExpired:
		return advice{ShopActs, "RMSで新しいライセンスキーを発行して渡してください", "issue a new licence key in RMS and hand it over"}
	}
	return advice{ProviderActs, "この状態の意味を確認してください", "find out what the state means"}
}
