package makeshoptest

import (
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// AddMember adds a member and returns its memberId. The fields are those of
// MemberInfo in the schema and override the fake's. It panics for others.
func (shop *Shop) AddMember(fields map[string]any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addMember(fields)
}

func (shop *Shop) addMember(fields map[string]any) string {
	s := shop.server
	id := fmt.Sprintf("member%04d", s.newID())
	row := object{
		"memberId": id, "groupId": "1", "groupName": "一般会員", "name": "山田 太郎", "nameKana": "ヤマダ タロウ",
		"email": id + "@mail.example", "tel": "03-0000-0000", "etcphone": "", "hpost": "100-0001",
		"haddress1": "13", "haddressAddr": "東京(23区内)", "haddress2": "千代田区", "haddress": "千代田区千代田1-1",
		"shopPoint": 0, "registrationDate": s.Now().In(shotengai.JST).Format(compact), "etc": []any{"", "", ""},
	}
	s.merge("MemberInfo", row, fields)
	shop.members = append(shop.members, row)
	return textOf(row["memberId"])
}

// WithdrawMember lets a member leave: the member is still found, with every field
// empty but memberId. It panics for an unknown member.
func (shop *Shop) WithdrawMember(memberID string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.withdraw(memberID)
}

func (shop *Shop) withdraw(memberID string) {
	row := shop.member(memberID)
	if row == nil {
		panic("makeshoptest: no member " + memberID)
	}
	for name, v := range row {
		switch v.(type) {
		case string:
			row[name] = ""
		default:
			row[name] = nil
		}
	}
	row["memberId"] = memberID
}

// Members returns the shop's members as the API shows them.
func (shop *Shop) Members() []map[string]any { return shop.copyOf(&shop.members) }

func (shop *Shop) member(id any) object {
	i := slices.IndexFunc(shop.members, func(row object) bool { return row["memberId"] == id })
	if i < 0 {
		return nil
	}
	return shop.members[i]
}

func searchMember(shop *Shop, arguments map[string]any) (any, error) {
	input := inputOf(arguments)
	if err := checkDates(input, "20060102", "joinDateFrom", "joinDateTo"); err != nil {
		return nil, err
	}
	all := filter(shop.members,
		equals("memberId", input["memberId"]),
		equals("email", input["email"]),
		between("registrationDate", input["joinDateFrom"], input["joinDateTo"]))
	return found(shop, "members", all, input, true), nil
}

// updateMemberShopPoint sets the points to what is sent; it does not add.
func updateMemberShopPoint(shop *Shop, arguments map[string]any) (any, error) {
	results := []any{}
	for _, in := range rows(arguments, "shopPoints") {
		var message any
		switch row := shop.member(in["memberId"]); {
		case row == nil || row["shopPoint"] == nil:
			message = "該当する会員が存在しません。"
		case intOf(in["point"]) < 0:
			message = "ポイントは0以上で指定してください。"
		default:
			row["shopPoint"] = intOf(in["point"])
		}
		results = append(results, object{"memberId": in["memberId"], "message": message})
	}
	return object{"results": results}, nil
}
