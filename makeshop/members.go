package makeshop

import (
	"context"
	"errors"
	"iter"
)

// MembersService works with the members of the shop.
type MembersService service

// Member is a member. One who has withdrawn is still there, with every member of this
// struct but the id empty.
type Member struct {
	MemberID         string    `json:"memberId"`
	GroupID          Scalar    `json:"groupId"`
	GroupName        string    `json:"groupName"`
	Name             string    `json:"name"`
	NameKana         string    `json:"nameKana"`
	Email            string    `json:"email"`
	Tel              string    `json:"tel"`
	EtcPhone         string    `json:"etcphone"`
	HPost            string    `json:"hpost"`
	HAddress1        Scalar    `json:"haddress1"`    // the prefecture's number (see Prefecture), not an address
	HAddressAddr     string    `json:"haddressAddr"` // the prefecture as text, such as 東京(23区内)
	HAddress2        string    `json:"haddress2"`    // the city
	HAddress         string    `json:"haddress"`     // the rest, which repeats the ward for Tokyo
	ShopPoint        int64     `json:"shopPoint"`
	RegistrationDate Timestamp `json:"registrationDate"`
	Etc              []string  `json:"etc"` // answers to the shop's own questions
}

// Withdrawn reports whether nothing but the id is left of the member.
func (m *Member) Withdrawn() bool {
	return m.MemberID != "" && m.Name == "" && m.Email == "" && m.RegistrationDate.IsZero()
}

// Prefecture returns the prefecture of the member's address, and false if there is none.
func (m *Member) Prefecture() (Prefecture, bool) {
	n, ok := m.HAddress1.Int64()
	p := Prefecture(n)
	return p, ok && p.Valid()
}

// ListMembersParams selects members.
type ListMembersParams struct {
	MemberID     string `json:"memberId,omitzero"`
	Email        string `json:"email,omitzero"`
	JoinDateFrom Date   `json:"joinDateFrom,omitzero"`
	JoinDateTo   Date   `json:"joinDateTo,omitzero"`
	Page         int    `json:"page,omitzero"`  // from 1
	Limit        int    `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may give fewer

	// Lean asks for the ids, groups, names, addresses of mail and points alone.
	Lean bool `json:"-"`
}

func (p ListMembersParams) validate() error {
	errs := []error{paging(p.Page, p.Limit)}
	if !p.JoinDateFrom.IsZero() && !p.JoinDateTo.IsZero() && p.JoinDateTo.Compare(p.JoinDateFrom) < 0 {
		errs = append(errs, errors.New("joinDate: the end is before the start"))
	}
	return errors.Join(errs...)
}

var (
	searchMember = operation{
		root: "searchMember",
		text: "query searchMember($input: SearchMemberRequest!) { searchMember(input: $input) { members {" +
			" memberId groupId groupName name nameKana email tel etcphone hpost haddress1 haddressAddr haddress2 haddress" +
			" shopPoint registrationDate etc } searchedCount page limit } }",
	}
	searchMemberLean = operation{
		root: "searchMember",
		text: "query searchMember($input: SearchMemberRequest!) { searchMember(input: $input) { members {" +
			" memberId groupId groupName name email shopPoint } searchedCount } }",
	}
)

type searchMemberResponse struct {
	Members       []Member `json:"members"`
	SearchedCount *int64   `json:"searchedCount"`
	Page          *int64   `json:"page"`
	Limit         *int64   `json:"limit"`
}

// List returns one page of members (searchMember).
func (s *MembersService) List(ctx context.Context, params ListMembersParams, opts ...CallOption) (*Page[Member], error) {
	op := searchMember
	if params.Lean {
		op = searchMemberLean
	}
	out, err := get[searchMemberResponse](ctx, s.client, op, params, params.validate(), opts)
	if out == nil {
		return nil, err
	}
	return &Page[Member]{Items: out.Members, SearchedCount: out.SearchedCount, Number: out.Page, Limit: out.Limit}, err
}

// All yields the members that params selects, as [OrdersService.All] does orders.
func (s *MembersService) All(ctx context.Context, params ListMembersParams, opts ...CallOption) iter.Seq2[*Member, error] {
	return walk(ctx, params.Page, func(m *Member) string { return m.MemberID }, func(ctx context.Context, page int) (*Page[Member], error) {
		params.Page = page
		return s.List(ctx, params, opts...)
	})
}

// UpdateMemberShopPoint gives a member other points. Point is taken to be the new total:
// the one client that is known sends that.
type UpdateMemberShopPoint struct {
	MemberID string  `json:"memberId"` // required
	Point    int64   `json:"point"`
	Comment  *string `json:"comment,omitzero"`
}

// UpdateMemberShopPointResult is what became of one row. Message is empty for a success.
type UpdateMemberShopPointResult struct {
	MemberID string `json:"memberId"`
	Message  string `json:"message"`
}

// UpdateShopPointsResult is what became of the rows.
type UpdateShopPointsResult struct {
	Results []UpdateMemberShopPointResult `json:"results"`
}

func (r *UpdateShopPointsResult) failures() []RowFailure {
	return failedRows(r.Results, func(row UpdateMemberShopPointResult) (string, string, bool) {
		return row.MemberID, row.Message, row.Message != ""
	})
}

var updateMemberShopPoint = operation{
	root: "updateMemberShopPoint", mutation: true,
	text: "mutation updateMemberShopPoint($input: UpdateMemberShopPointRequest!) { updateMemberShopPoint(input: $input)" +
		" { results { memberId message } } }",
}

// UpdateShopPoints sets the points of members (updateMemberShopPoint). The result comes
// with an error that matches [ErrRows] if some rows failed. Single source.
func (s *MembersService) UpdateShopPoints(ctx context.Context, points []UpdateMemberShopPoint, opts ...CallOption) (*UpdateShopPointsResult, error) {
	check := eachRow("shopPoints", points, func(p UpdateMemberShopPoint) error {
		if p.Point < 0 {
			return errors.New("point must not be negative: it is the new total")
		}
		return notEmpty("memberId", p.MemberID)
	})
	in := struct {
		Rows []UpdateMemberShopPoint `json:"shopPoints"`
	}{points}
	return mutate[UpdateShopPointsResult](ctx, s.client, updateMemberShopPoint, in, check, opts)
}
