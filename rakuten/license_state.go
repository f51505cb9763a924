package rakuten

// LicenseState is the state of a vendor's product in RMS, in the words that the shop sees
// there. Open set. The API does not return it: ask the shop, or Diagnose.
type LicenseState string

// Values of LicenseState.
const (
	LicenseAwaitingApproval LicenseState = "承認待ち"     // the product asks for access; there is no key yet
	LicenseInUse            LicenseState = "利用中"      // a valid key exists
	LicenseUpdateOffered    LicenseState = "利用中 更新あり" // the product asks for further functions; the key does not change
	LicenseExpired          LicenseState = "有効期限切れ"   // the key's 90 days are over
)

// Actor is who has to act for a licence to work.
type Actor string

// Values of Actor. No API issues keys or grants rights: it is always a person.
const (
	NobodyActs   Actor = "nobody"
	ShopActs     Actor = "shop"     // in RMS
	ProviderActs Actor = "provider" // you: the credentials on your side do not fit
)

// Act returns who has to act in a state, and what they have to do: the shop approves and hands the key over,
// or accepts the update, or issues a new key and hands it over.
func (s LicenseState) Act() (who Actor, what string) {
	switch s {
	case LicenseAwaitingApproval:
		return ShopActs, "approve the product in RMS, get a licence key and hand it over"
	case LicenseInUse:
		return NobodyActs, "near the end of the key, the shop issues a new one and hands it over"
	case LicenseUpdateOffered:
		return ShopActs, "accept the update in RMS; the key stays, and until then the new functions fail as unauthorised"
	case LicenseExpired:
		return ShopActs, "issue a new licence key in RMS and hand it over"
	}
	return ProviderActs, "find out what the state means"
}
