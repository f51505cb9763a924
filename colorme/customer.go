package colorme

// Customer is a customer of the shop, as replies show it. Only ID, AccountID, points and
// counts are sure to be there.
type Customer struct {
	ID                  int64                     `json:"id"`
	AccountID           string                    `json:"account_id"`
	Name                *string                   `json:"name"`
	Furigana            *string                   `json:"furigana"`
	Hojin               *string                   `json:"hojin"` // company
	Busho               *string                   `json:"busho"` // department
	Sex                 *Sex                      `json:"sex"`
	Birthday            *string                   `json:"birthday"` // YYYY-MM-DD
	Postal              *string                   `json:"postal"`
	PrefID              *Prefecture               `json:"pref_id"`
	PrefName            *string                   `json:"pref_name"`
	Address1            *string                   `json:"address1"`
	Address2            *string                   `json:"address2"`
	Mail                *string                   `json:"mail"`
	Tel                 *string                   `json:"tel"`
	Fax                 *string                   `json:"fax"`
	TelMobile           *string                   `json:"tel_mobile"`
	Other               *string                   `json:"other"`
	Points              int64                     `json:"points"`
	Member              bool                      `json:"member"`
	SalesCount          int                       `json:"sales_count"`
	ReceiveMailMagazine *bool                     `json:"receive_mail_magazine"`
	AnswerFreeForm1     *string                   `json:"answer_free_form1"`
	AnswerFreeForm2     *string                   `json:"answer_free_form2"`
	AnswerFreeForm3     *string                   `json:"answer_free_form3"`
	MakeDate            Time                      `json:"make_date"`
	UpdateDate          Time                      `json:"update_date"`
	Membership          *CustomerMembership       `json:"membership"`        // nil: no rank; never sent inside an order
	ExternalAccounts    []CustomerExternalAccount `json:"external_accounts"` // often absent altogether, always inside an order. Provisional.
	Memo                *string                   `json:"memo,omitzero"`     // Provisional.
}

// CustomerMembership is a customer's rank.
type CustomerMembership struct {
	MembershipID string              `json:"membership_id"`
	Name         string              `json:"name"`
	Progress     *MembershipProgress `json:"progress,omitzero"` // sent by Customers.Get only. Provisional.
}

// MembershipProgress is how far a customer is from the next rank. Provisional.
type MembershipProgress struct {
	Score             int64             `json:"score"`
	AggregationPeriod AggregationPeriod `json:"aggregation_period"`
	NextMembership    *NextMembership   `json:"next_membership"`
}

// AggregationPeriod is the time in which a score is counted.
type AggregationPeriod struct {
	StartDate Time `json:"start_date"`
	EndDate   Time `json:"end_date"`
}

// NextMembership is the rank above a customer's own.
type NextMembership struct {
	MembershipID   string `json:"membership_id"`
	Name           string `json:"name"`
	RequiredScore  int64  `json:"required_score"`
	RemainingScore int64  `json:"remaining_score"`
}

// CustomerExternalAccount links a customer to an account elsewhere.
type CustomerExternalAccount struct {
	Provider  AccountProvider `json:"provider"`
	UID       string          `json:"uid"`
	CreatedAt Time            `json:"created_at"`
}

// AccountProvider is the service of an external account. Open set.
type AccountProvider int

// ProviderLINE is the only provider known.
const ProviderLINE AccountProvider = 0
