package colorme

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shotengai/shotengai-go/internal/api"
)

// ShopScriptTagsService puts scripts of an App Store app into the storefront. The
// platform fetches a script when its tag is made or changed and refuses it if it cannot;
// the script's server must send CORS headers. Tags vanish when the app is uninstalled.
type ShopScriptTagsService service

const shopScriptTagPath = "/appstore/v1/script_tags"

type shopScriptTagEnvelope[T any] struct {
	Tag T `json:"script_tag"`
}

// List returns all of them; there are no pages. Scope: read_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getShopScriptTags
func (s *ShopScriptTagsService) List(ctx context.Context, opts ...CallOption) ([]ShopScriptTag, error) {
	var out struct {
		Tags []ShopScriptTag `json:"script_tags"`
	}
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: shopScriptTagPath + ".json"}, &out, opts...); err != nil {
		return nil, err
	}
	return out.Tags, nil
}

// Get returns one. Scope: read_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getShopScriptTag
func (s *ShopScriptTagsService) Get(ctx context.Context, id int64, opts ...CallOption) (*ShopScriptTag, error) {
	var out shopScriptTagEnvelope[ShopScriptTag]
	r := api.Request{Method: http.MethodGet, Path: api.PathID(shopScriptTagPath+"/%s.json", id)}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Create adds one. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createShopScriptTag
func (s *ShopScriptTagsService) Create(ctx context.Context, tag CreateShopScriptTagRequest, opts ...CallOption) (*ShopScriptTag, error) {
	var out shopScriptTagEnvelope[ShopScriptTag]
	r := api.Request{
		Method: http.MethodPost, Path: shopScriptTagPath + ".json", Check: tag.validate(),
		Body: shopScriptTagEnvelope[CreateShopScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Update changes one. What is left out stays. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateShopScriptTag
func (s *ShopScriptTagsService) Update(ctx context.Context, id int64, tag UpdateShopScriptTagRequest, opts ...CallOption) (*ShopScriptTag, error) {
	var out shopScriptTagEnvelope[ShopScriptTag]
	r := api.Request{
		Method: http.MethodPut, Path: api.PathID(shopScriptTagPath+"/%s.json", id), Check: tag.validate(),
		Body: shopScriptTagEnvelope[UpdateShopScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Delete removes one. Scope: write_shop_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteScriptTag
func (s *ShopScriptTagsService) Delete(ctx context.Context, id int64, opts ...CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Method: http.MethodDelete, Path: api.PathID(shopScriptTagPath+"/%s.json", id)}, nil, opts...)
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
	return errors.Join(notEmpty("src", r.Src), notEmpty("display_scope", string(r.DisplayScope)), UpdateShopScriptTagRequest(r).validate())
}

func (r UpdateShopScriptTagRequest) validate() error {
	return errors.Join(httpsURL("src", r.Src), oneOf("display_scope", r.DisplayScope, ScriptShop, ScriptThanksPage))
}

// ScriptDisplayScope says on which pages a script runs. Each kind of tag knows some of the
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
