package colorme

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ShopScriptTagsService puts scripts of an App Store app into the storefront. The
// platform fetches a script when its tag is made or changed and refuses it if it cannot;
// the script's server must send CORS headers. The platform removes the tags
// when the app is uninstalled.
type ShopScriptTagsService service

type shopScriptTagEnvelope[T any] struct {
	Tag T `json:"script_tag"`
}

func (e *shopScriptTagEnvelope[T]) value() *T { return &e.Tag }

// List returns all of them; there are no pages. Scope: read_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getShopScriptTags
func (s *ShopScriptTagsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ShopScriptTag], error) {
	type reply struct {
		Tags []ShopScriptTag `json:"script_tags" rows:"id"`
	}
	r := api.Request{Operation: "GET /appstore/v1/script_tags.json"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ShopScriptTag { return w.Tags }, opts...)
}

// Get returns one. Scope: read_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getShopScriptTag
func (s *ShopScriptTagsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*ShopScriptTag, error) {
	r := api.Request{Operation: "GET /appstore/v1/script_tags/{id}.json", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*shopScriptTagEnvelope[ShopScriptTag]).value, opts...)
}

// Create adds one. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createShopScriptTag
func (s *ShopScriptTagsService) Create(ctx context.Context, tag CreateShopScriptTagRequest, opts ...shotengai.CallOption) (*ShopScriptTag, error) {
	r := api.Request{
		Operation: "POST /appstore/v1/script_tags.json", Check: tag.validate(),
		Body: shopScriptTagEnvelope[CreateShopScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*shopScriptTagEnvelope[ShopScriptTag]).value, opts...)
}

// Update changes one. What is left out stays. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateShopScriptTag
func (s *ShopScriptTagsService) Update(ctx context.Context, id int64, tag UpdateShopScriptTagRequest, opts ...shotengai.CallOption) (*ShopScriptTag, error) {
	r := api.Request{
		Operation: "PUT /appstore/v1/script_tags/{id}.json", Path: api.ID(id), Check: tag.validate(),
		Body: shopScriptTagEnvelope[UpdateShopScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*shopScriptTagEnvelope[ShopScriptTag]).value, opts...)
}

// Delete removes one. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteScriptTag
func (s *ShopScriptTagsService) Delete(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /appstore/v1/script_tags/{id}.json", Path: api.ID(id)}, nil, opts...)
}

// ShopScriptTag is a script in the storefront.
type ShopScriptTag struct {
	ID                 int64              `json:"id"`
	AccountID          string             `json:"account_id"`
	OAuthApplicationID int64              `json:"oauth_application_id"`
	Src                string             `json:"src"`
	Integrity          string             `json:"integrity"`
	DisplayScope       ScriptDisplayScope `json:"display_scope"`
	MakeDate           Time               `json:"make_date"`
	UpdateDate         Time               `json:"update_date"`
}

// CreateShopScriptTagRequest is a script tag to be made.
type CreateShopScriptTagRequest struct {
	Src          string             `json:"src"`           // required: https only
	DisplayScope ScriptDisplayScope `json:"display_scope"` // required: ScriptShop or ScriptThanksPage
	// Integrity is the script's hash, as [Integrity] makes it. It has to be renewed
	// whenever the script changes.
	Integrity string `json:"integrity,omitzero"`
}

// UpdateShopScriptTagRequest is what can be changed of a script tag.
type UpdateShopScriptTagRequest struct {
	Src          string             `json:"src,omitzero"`           // https only
	DisplayScope ScriptDisplayScope `json:"display_scope,omitzero"` // ScriptShop or ScriptThanksPage
	Integrity    string             `json:"integrity,omitzero"`     // see CreateShopScriptTagRequest
}

// Integrity is the value of an integrity attribute for a script: sha384 and its hash in
// base64.
func Integrity(script []byte) string {
	sum := sha512.Sum384(script)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (r CreateShopScriptTagRequest) validate() error {
	return errors.Join(check.NotEmpty("src", r.Src), check.NotEmpty("display_scope", string(r.DisplayScope)), UpdateShopScriptTagRequest(r).validate())
}

func (r UpdateShopScriptTagRequest) validate() error {
	return errors.Join(httpsURL("src", r.Src), check.OneOf("display_scope", r.DisplayScope, ScriptShop, ScriptThanksPage))
}

// ScriptDisplayScope is on which pages a script runs. Each kind of tag takes some of the
// values. Open set in answers.
type ScriptDisplayScope string

// Values of ScriptDisplayScope.
const (
	ScriptAll        ScriptDisplayScope = "all"         // old tags and inline scripts
	ScriptShop       ScriptDisplayScope = "shop"        // all pages but the cart; shop script tags and old tags
	ScriptThanksPage ScriptDisplayScope = "thanks_page" // after an order
	ScriptCart       ScriptDisplayScope = "cart"        // old tags and inline scripts
)

// httpsURL refuses an address that the platform would; the empty one passes.
func httpsURL(field, address string) error {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return fmt.Errorf("%s: an https address is required", field)
	}
	return nil
}
