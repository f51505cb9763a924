package makeshop

import (
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
)

// MembersService works with the members of the shop.
type MembersService service

// Member is a member. One who has withdrawn is still there, with every member of this
// struct but the id empty. That, and what the parts of the address hold, is Provisional.
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
	searched

	Members []Member `json:"members" rows:"memberId"`
}

func (r *searchMemberResponse) page() *shotengai.Page[Member] { return pageOf(r.searched, r.Members) }

// List returns one page of members (searchMember).
func (s *MembersService) List(ctx context.Context, params ListMembersParams, opts ...shotengai.CallOption) (*shotengai.Page[Member], error) {
	return list(ctx, s.client, params.operation(), params, params.validate(), (*searchMemberResponse).page, opts)
}

func (p ListMembersParams) operation() operation {
	if p.Lean {
		return searchMemberLean
	}
	return searchMember
}

// All yields the members that params selects, as [OrdersService.All] does orders.
func (s *MembersService) All(ctx context.Context, params ListMembersParams, opts ...shotengai.CallOption) iter.Seq2[*Member, error] {
	return walk(ctx, params.Page, params.Limit, func(m *Member) string { return m.MemberID }, func(ctx context.Context, page, limit int) (*shotengai.Page[Member], error) {
		params.Page, params.Limit = page, limit
		return s.List(ctx, params, opts...)
	}, opts...)
}

// UpdateMemberShopPointRequest sets the points of a member. Point is the new total.
// Provisional.
type UpdateMemberShopPointRequest struct {
	MemberID string  `json:"memberId"` // required
	Point    int64   `json:"point"`
	Comment  *string `json:"comment,omitzero"`
}

func (r UpdateMemberShopPointRequest) validate() error {
	if r.Point < 0 {
		return errors.New("point must not be negative: it is the new total")
	}
	return check.NotEmpty("memberId", r.MemberID)
}

type updateMemberShopPointResponse struct {
	Results []struct {
		MemberID string `json:"memberId"`
		Message  string `json:"message"` // empty for a success
	} `json:"results"`
}

var updateMemberShopPoint = mutation[UpdateMemberShopPointRequest, updateMemberShopPointResponse, string]{
	operation: operation{
		root: "updateMemberShopPoint", mutation: true,
		text: "mutation updateMemberShopPoint($input: UpdateMemberShopPointRequest!) { updateMemberShopPoint(input: $input)" +
			" { results { memberId message } } }",
	},
	field: "shopPoints",
	check: UpdateMemberShopPointRequest.validate,
	keys:  func(r UpdateMemberShopPointRequest) []string { return []string{r.MemberID} },
	read: func(r *updateMemberShopPointResponse) []said[string] {
		var rows []said[string]
		for _, row := range r.Results {
			rows = append(rows, said[string]{key: row.MemberID, failed: row.Message != "", message: row.Message})
		}
		return rows
	},
	same: identical[string],
	all:  true,
}

// UpdateShopPoints sets the points of members (updateMemberShopPoint). The results name
// the members by their ids. Provisional.
func (s *MembersService) UpdateShopPoints(ctx context.Context, points []UpdateMemberShopPointRequest, opts ...shotengai.CallOption) (*shotengai.Results[string], error) {
	return updateMemberShopPoint.run(ctx, s.client, points, opts)
}
