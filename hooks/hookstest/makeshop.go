package hookstest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
)

// MakeShop returns an event of makeshop as an app that declared its address with a
// path token receives it: unsigned. makeshop documents no resends.
func MakeShop(kind hooks.Kind, body []byte, pathToken shotengai.Secret) Event {
	event := Event{
		Kind:   kind,
		Body:   body,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	if pathToken != "" {
		event.Path = "/" + pathToken.Reveal()
	}
	return event
}

// SignMakeShop adds a signature as described, with the first of its secrets, and the
// time.
func SignMakeShop(event Event, signature hooks.MakeShopSignature, at time.Time) Event {
	text, unit := signature.SignedText, signature.TimestampUnit
	if text == "" {
		text = "{timestamp}.{body}"
	}
	if unit == 0 {
		unit = time.Second
	}
	stamp := strconv.FormatInt(at.UnixNano()/int64(unit), 10)
	text = strings.Replace(text, "{timestamp}", stamp, 1)
	mac := hmac.New(sha256.New, []byte(signature.Secrets[0].Reveal()))
	mac.Write([]byte(strings.Replace(text, "{body}", string(event.Body), 1)))
	spelt := hex.EncodeToString(mac.Sum(nil))
	if signature.Encoding == hooks.MakeShopBase64 {
		spelt = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	event.Header = event.Header.Clone()
	event.Header.Set(hooks.MakeShopSignatureHeader, spelt)
	event.Header.Set(hooks.MakeShopTimestampHeader, stamp)
	return event
}

// MakeShopInstallBody returns the body of an install.
func MakeShopInstallBody(install hooks.MakeShopInstall) []byte {
	return encode(struct {
		AppID        int64  `json:"app_id"`
		PlanID       int64  `json:"plan_id"`
		AppName      string `json:"app_name"`
		ShopID       string `json:"shop_id"`
		Token        string `json:"token"`
		ClientID     string `json:"client_id,omitempty"`
		ClientSecret string `json:"client_secret,omitempty"`
	}{
		install.AppID, install.PlanID, install.AppName, install.ShopID,
		install.Token.Reveal(), install.ClientID, install.ClientSecret.Reveal(),
	})
}

// MakeShopEventBody returns the body of any other event, of the fields that are known.
func MakeShopEventBody(event hooks.MakeShopEvent) []byte {
	return encode(struct {
		AppID   int64  `json:"app_id,omitempty"`
		PlanID  int64  `json:"plan_id,omitempty"`
		AppName string `json:"app_name,omitempty"`
		ShopID  string `json:"shop_id,omitempty"`
	}{event.AppID, event.PlanID, event.AppName, event.ShopID})
}
