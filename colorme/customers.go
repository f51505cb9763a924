package colorme

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// CustomersService works with customers, their points and their membership ranks.
type CustomersService service

type customerEnvelope[T any] struct {
	Customer T    `json:"customer"`
	Meta     meta `json:"meta,omitzero"` // documented for answers to Get. Provisional.
}

func (e *customerEnvelope[T]) value() *T { return &e.Customer }

// ListCustomersParams selects customers.
type ListCustomersParams struct {
	IDs                 IDs      `url:"ids,omitempty"`
	Name                string   `url:"name,omitempty"`
	Furigana            string   `url:"furigana,omitempty"`
	Mail                string   `url:"mail,omitempty"`
	Postal              string   `url:"postal,omitempty"`
	Tel                 string   `url:"tel,omitempty"`
	LineUID             string   `url:"line_uid,omitempty"`
	MembershipID        string   `url:"membership_id,omitempty"`
	Sex                 Sex      `url:"sex,omitempty"`
	Member              *bool    `url:"member,omitempty"`
	ReceiveMailMagazine *bool    `url:"receive_mail_magazine,omitempty"`
	MakeDateMin         DateTime `url:"make_date_min,omitempty"`
	MakeDateMax         DateTime `url:"make_date_max,omitempty"`
	UpdateDateMin       DateTime `url:"update_date_min,omitempty"`
	UpdateDateMax       DateTime `url:"update_date_max,omitempty"`
	Limit               int      `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0; more is clamped. Provisional.
	Offset              int      `url:"offset,omitempty"`
}

// List returns one page of customers. Scope: read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/getCustomers
func (s *CustomersService) List(ctx context.Context, params ListCustomersParams, opts ...shotengai.CallOption) (*shotengai.Page[Customer], error) {
	type reply struct {
		Customers []Customer `json:"customers" rows:"id"`
		Meta      meta       `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/customers", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[Customer] { return newPage(w.Customers, w.Meta) }, opts...)
}

// All yields the customers that params selects, fetching 100 at a time unless params.Limit is
// set. Rows that leave the list meanwhile end it with [shotengai.ErrRowsMoved]. Scope:
// read_sales.
func (s *CustomersService) All(ctx context.Context, params ListCustomersParams, opts ...shotengai.CallOption) iter.Seq2[*Customer, error] {
	params.Limit = cmp.Or(params.Limit, 100)
	return walk(ctx, params.Offset, func(c *Customer) int64 { return c.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Customer], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Get returns one customer. Scope: read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/getCustomer
func (s *CustomersService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*Customer, error) {
	r := api.Request{Operation: "GET /v1/customers/{id}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*customerEnvelope[Customer]).value, opts...)
}

// Create makes a customer, and a member of the shop with AddMember. Scope: write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/postCustomers
func (s *CustomersService) Create(ctx context.Context, customer CreateCustomerRequest, opts ...shotengai.CallOption) (*Customer, error) {
	r := api.Request{
		Operation: "POST /v1/customers", Check: customer.validate(),
		Body: customerEnvelope[CreateCustomerRequest]{Customer: customer},
	}
	return api.Pick(ctx, s.client.engine, r, (*customerEnvelope[Customer]).value, opts...)
}

// CreateCustomerRequest is a customer to be made.
type CreateCustomerRequest struct {
	Name                string         `json:"name"`              // required, at most 50 characters
	Mail                string         `json:"mail"`              // required
	PrefID              Prefecture     `json:"pref_id"`           // required
	Postal              string         `json:"postal"`            // required
	Address1            string         `json:"address1"`          // required
	Address2            *string        `json:"address2,omitzero"` //
	Tel                 string         `json:"tel"`               // required: digits and hyphens
	Furigana            *string        `json:"furigana,omitzero"` // full-width katakana, at most 50 characters
	Fax                 *string        `json:"fax,omitzero"`      // digits and hyphens
	Birthday            shotengai.Date `json:"birthday,omitzero"`
	Hojin               *string        `json:"hojin,omitzero"` // company, at most 100 characters
	Busho               *string        `json:"busho,omitzero"` // department, at most 50 characters
	ReceiveMailMagazine *bool          `json:"receive_mail_magazine,omitzero"`
	AnswerFreeForm1     *string        `json:"answer_free_form1,omitzero"` // at most 255 characters, as the next two
	AnswerFreeForm2     *string        `json:"answer_free_form2,omitzero"`
	AnswerFreeForm3     *string        `json:"answer_free_form3,omitzero"`
	Other               *string        `json:"other,omitzero"`
	AddMember           *bool          `json:"add_member,omitzero"`
	Sex                 *Sex           `json:"sex,omitzero"` // Provisional.
}

// Update changes a customer. The platform always needs Name and Address1, and EMPTIES
// address2 when it is left out, so that Address2 has to be set or cleared. Everything
// else that is left out stays. Provisional. Scope: write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/updateCustomers
func (s *CustomersService) Update(ctx context.Context, id int64, customer UpdateCustomerRequest, opts ...shotengai.CallOption) (*Customer, error) {
	r := api.Request{
		Operation: "PUT /v1/customers/{id}", Path: api.ID(id), Check: customer.validate(),
		Body: customerEnvelope[UpdateCustomerRequest]{Customer: customer},
	}
	return api.Pick(ctx, s.client.engine, r, (*customerEnvelope[Customer]).value, opts...)
}

// UpdateCustomerRequest is what can be changed of a customer. A mobile number
// (tel_mobile) is not part of it: the platform accepts and ignores it. Provisional.
type UpdateCustomerRequest struct {
	Name                string                              `json:"name"`              // required, at most 50 characters
	Address1            string                              `json:"address1"`          // required
	Address2            shotengai.Clearable[string]         `json:"address2,omitzero"` // required: Set or Clear
	Furigana            shotengai.Clearable[string]         `json:"furigana,omitzero"` // full-width katakana, at most 50 characters
	Mail                *string                             `json:"mail,omitzero"`
	PrefID              *Prefecture                         `json:"pref_id,omitzero"`
	Postal              *string                             `json:"postal,omitzero"`
	Tel                 *string                             `json:"tel,omitzero"` // digits and hyphens
	Fax                 shotengai.Clearable[string]         `json:"fax,omitzero"` // digits and hyphens
	Sex                 shotengai.Clearable[Sex]            `json:"sex,omitzero"`
	Birthday            shotengai.Clearable[shotengai.Date] `json:"birthday,omitzero"`
	Hojin               shotengai.Clearable[string]         `json:"hojin,omitzero"`                 // company, at most 100 characters
	Busho               shotengai.Clearable[string]         `json:"busho,omitzero"`                 // department, at most 50 characters
	ReceiveMailMagazine *bool                               `json:"receive_mail_magazine,omitzero"` // null would make it false. Provisional.
	AnswerFreeForm1     shotengai.Clearable[string]         `json:"answer_free_form1,omitzero"`     // at most 255 characters, as the next two
	AnswerFreeForm2     shotengai.Clearable[string]         `json:"answer_free_form2,omitzero"`
	AnswerFreeForm3     shotengai.Clearable[string]         `json:"answer_free_form3,omitzero"`
	Other               shotengai.Clearable[string]         `json:"other,omitzero"`
}

// AddPoints adds shop points to a customer, or takes them with a negative number, and
// returns the new balance. A balance below zero is refused with code 422014
// (Provisional). Repeating it adds them again. Scope: write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/postCustomerPoints
func (s *CustomersService) AddPoints(ctx context.Context, id, points int64, opts ...shotengai.CallOption) (*CustomerPoints, error) {
	r := api.Request{Operation: "POST /v1/customers/{id}/points", Path: api.ID(id), Body: pointsBody{points}}
	return api.Get[CustomerPoints](ctx, s.client.engine, r, opts...)
}

type pointsBody struct {
	Points int64 `json:"points"`
}

// CustomerPoints is a customer's balance of shop points.
type CustomerPoints struct {
	CustomerID int64 `json:"customer_id"`
	Points     int64 `json:"points"`
}

// SetMembership sets the rank of a customer. The shop needs the platform's membership-rank
// app. Scopes: read_sales and write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/updateCustomerMembership
func (s *CustomersService) SetMembership(ctx context.Context, id int64, membershipID string, opts ...shotengai.CallOption) (*CustomerMembershipResult, error) {
	var body membershipBody
	body.Membership.ID = membershipID
	r := api.Request{
		Operation: "PUT /v1/customers/{id}/membership", Path: api.ID(id), Body: body,
		Check: check.NotEmpty("membership_id", membershipID),
	}
	return api.Pick(ctx, s.client.engine, r, (*customerEnvelope[CustomerMembershipResult]).value, opts...)
}

type membershipBody struct {
	Membership struct {
		ID string `json:"membership_id"`
	} `json:"membership"`
}

// CustomerMembershipResult is a customer's rank after a change.
type CustomerMembershipResult struct {
	CustomerID int64              `json:"customer_id"`
	Membership CustomerMembership `json:"membership"`
}

// DeleteMembership removes the rank of a customer. The shop needs the platform's
// membership-rank app. Scopes: read_sales and write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/customer/operation/deleteCustomerGroupMembership
func (s *CustomersService) DeleteMembership(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE /v1/customers/{id}/membership", Path: api.ID(id)}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

func (p ListCustomersParams) validate() error {
	return errors.Join(
		check.OneOf("sex", p.Sex, SexMale, SexFemale, SexNotApplicable),
		ordered("make_date", p.MakeDateMin, p.MakeDateMax),
		ordered("update_date", p.UpdateDateMin, p.UpdateDateMax),
		paging(p.Limit, p.Offset))
}

func (r CreateCustomerRequest) validate() error {
	errs := []error{
		check.NotEmpty("name", r.Name), check.AtMost("name", r.Name, 50), check.NotEmpty("mail", r.Mail), validPrefecture("pref_id", r.PrefID),
		check.NotEmpty("postal", r.Postal), check.NotEmpty("address1", r.Address1), phone("tel", r.Tel),
	}
	errs = append(errs, customerTexts{r.Furigana, r.Fax, r.Hojin, r.Busho, []*string{r.AnswerFreeForm1, r.AnswerFreeForm2, r.AnswerFreeForm3}}.validate())
	if r.Sex != nil {
		errs = append(errs, check.Exactly("sex", *r.Sex, SexMale, SexFemale, SexNotApplicable))
	}
	return errors.Join(errs...)
}

var errAddress2 = errors.New("address2 has to be set or cleared: the platform empties it when it is left out")

func (r UpdateCustomerRequest) validate() error {
	errs := []error{check.NotEmpty("name", r.Name), check.AtMost("name", r.Name, 50), check.NotEmpty("address1", r.Address1), aDay("birthday", r.Birthday)}
	if r.Address2.IsZero() {
		errs = append(errs, errAddress2)
	}
	if r.PrefID != nil {
		errs = append(errs, validPrefecture("pref_id", *r.PrefID))
	}
	if r.Tel != nil {
		errs = append(errs, phone("tel", *r.Tel))
	}
	if sex, ok := r.Sex.Get(); ok {
		errs = append(errs, check.Exactly("sex", sex, SexMale, SexFemale, SexNotApplicable))
	}
	errs = append(errs, customerTexts{
		set(r.Furigana), set(r.Fax), set(r.Hojin), set(r.Busho),
		[]*string{set(r.AnswerFreeForm1), set(r.AnswerFreeForm2), set(r.AnswerFreeForm3)},
	}.validate())
	return errors.Join(errs...)
}

// set is the value that a field sends, nil if it sends none.
func set(c shotengai.Clearable[string]) *string {
	if value, ok := c.Get(); ok {
		return &value
	}
	return nil
}

// customerTexts are the optional texts that creating and updating a customer share.
type customerTexts struct {
	furigana, fax, hojin, busho *string
	answers                     []*string
}

func (t customerTexts) validate() error {
	var errs []error
	apply := func(value *string, rules ...func(string) error) {
		for _, rule := range rules {
			if value != nil {
				errs = append(errs, rule(*value))
			}
		}
	}
	apply(t.furigana, katakana, func(v string) error { return check.AtMost("furigana", v, 50) })
	apply(t.fax, func(v string) error { return phone("fax", v) })
	apply(t.hojin, func(v string) error { return check.AtMost("hojin", v, 100) })
	apply(t.busho, func(v string) error { return check.AtMost("busho", v, 50) })
	for _, answer := range t.answers {
		apply(answer, func(v string) error { return check.AtMost("answer_free_form", v, 255) })
	}
	return errors.Join(errs...)
}
