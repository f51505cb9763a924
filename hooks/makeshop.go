package hooks

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/shotengai/shotengai-go"
)

// MakeShopInstall is the event of an app that was added to a shop.
type MakeShopInstall struct {
	AppID   int64
	PlanID  int64
	AppName string
	// ShopID identifies the shop, also after it has installed the app again.
	ShopID string
	// Token is the persistent token of the API. It is delivered this once, has no
	// documented end but the uninstall, and is a different one after a re-install.
	Token shotengai.Secret
	// ClientID and ClientSecret are those of memberSSO, for an app that uses it.
	ClientID     string
	ClientSecret shotengai.Secret
	// Raw is the whole body, with fields that this type does not know.
	Raw Raw
}

// MakeShopEvent is any other event of makeshop. Of most of them the payload is not
// documented: the fields below are filled where the body has them, the rest is in Raw.
type MakeShopEvent struct {
	// Kind is that of the route by which the event came.
	Kind    Kind
	AppID   int64
	PlanID  int64
	AppName string
	ShopID  string
	// Raw is the whole body.
	Raw Raw
}

// Decode decodes the whole body into a type of the application's. It fails with
// [ErrPayload] when a member that the type has is there twice or is not UTF-8.
func (e *MakeShopEvent) Decode(into any) error {
	return decodeJSON(e.Raw, into)
}

type makeShopBody struct {
	AppID        looseInt  `json:"app_id"`
	PlanID       looseInt  `json:"plan_id"`
	AppName      string    `json:"app_name"`
	ShopID       looseText `json:"shop_id"`
	Token        string    `json:"token"`
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret"`
}

// looseInt is a number, or a text of digits.
type looseInt int64

func (n *looseInt) UnmarshalJSON(data []byte) error {
	text := string(bytes.Trim(data, `"`))
	if text == "null" || text == "" {
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return &FieldError{Field: "app_id or plan_id", Problem: "not a whole number"}
	}
	*n = looseInt(v)
	return nil
}

// looseText is a text, or a number as it is written.
type looseText string

func (t *looseText) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && (data[0] == '-' || '0' <= data[0] && data[0] <= '9') {
		*t = looseText(data)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// ParseMakeShopInstall reads the body of an install. It does not verify it: see
// [VerifyMakeShop], or [OpenMakeShopInstall] for both. It fails with [ErrPayload], and for a
// missing or misshapen field with a [FieldError].
func ParseMakeShopInstall(body []byte) (*MakeShopInstall, error) {
	var in makeShopBody
	if err := decodeJSON(body, &in); err != nil {
		return nil, err
	}
	var f fields
	f.positive("app_id", int64(in.AppID))
	f.positive("plan_id", int64(in.PlanID))
	f.required("shop_id", string(in.ShopID))
	if in.Token == "" {
		f.fail("token", "missing")
	}
	if f.err != nil {
		return nil, f.err
	}
	return &MakeShopInstall{
		AppID: int64(in.AppID), PlanID: int64(in.PlanID), AppName: in.AppName, ShopID: string(in.ShopID),
		Token: shotengai.Secret(in.Token), ClientID: in.ClientID, ClientSecret: shotengai.Secret(in.ClientSecret), Raw: body,
	}, nil
}

// ParseMakeShopEvent reads the body of any event but an install; the kind is that of
// the route. It does not verify it: see [VerifyMakeShop], or [OpenMakeShopEvent] for both.
// An uninstall needs a shop_id; of the other events no field is certain. It fails with
// [ErrPayload], or a [FieldError].
func ParseMakeShopEvent(kind Kind, body []byte) (*MakeShopEvent, error) {
	var in makeShopBody
	if err := decodeJSON(body, &in); err != nil {
		return nil, err
	}
	if kind == MakeShopUninstallKind {
		var f fields
		if f.required("shop_id", string(in.ShopID)); f.err != nil {
			return nil, f.err
		}
	}
	return &MakeShopEvent{
		Kind: kind, AppID: int64(in.AppID), PlanID: int64(in.PlanID),
		AppName: in.AppName, ShopID: string(in.ShopID), Raw: body,
	}, nil
}

func (f *fields) positive(field string, n int64) {
	if n <= 0 {
		f.fail(field, "missing or not positive")
	}
}
