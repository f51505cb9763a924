package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ScriptTagsService works with the script tags of the old App Store API.
//
// Deprecated: by the description of the App Store API, which closes it to new developers, and by
// the platform's page for App Store apps. Use [ShopScriptTagsService].
type ScriptTagsService service

type scriptTagEnvelope[T any] struct {
	Tag T `json:"script_tag"`
}

func (e *scriptTagEnvelope[T]) value() *T { return &e.Tag }

// List returns all of them; there are no pages. Scope: read_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getScriptTags
//
// Deprecated: see [ScriptTagsService]; use [ShopScriptTagsService].
func (s *ScriptTagsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ScriptTag], error) {
	type reply struct {
		Tags []ScriptTag `json:"script_tags" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/script_tags.json"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ScriptTag { return w.Tags }, opts...)
}

// Get returns one. Scope: read_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getScriptTag
//
// Deprecated: see [ScriptTagsService]; use [ShopScriptTagsService].
func (s *ScriptTagsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*ScriptTag, error) {
	r := api.Request{Operation: "GET /v1/script_tags/{id}.json", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*scriptTagEnvelope[ScriptTag]).value, opts...)
}

// Create adds one. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createScriptTag
//
// Deprecated: see [ScriptTagsService]; use [ShopScriptTagsService].
func (s *ScriptTagsService) Create(ctx context.Context, tag CreateScriptTagRequest, opts ...shotengai.CallOption) (*ScriptTag, error) {
	r := api.Request{
		Operation: "POST /v1/script_tags.json", Check: tag.validate(),
		Body: scriptTagEnvelope[CreateScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*scriptTagEnvelope[ScriptTag]).value, opts...)
}

// Update changes one. What is left out stays. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateScriptTag
//
// Deprecated: see [ScriptTagsService]; use [ShopScriptTagsService].
func (s *ScriptTagsService) Update(ctx context.Context, id int64, tag UpdateScriptTagRequest, opts ...shotengai.CallOption) (*ScriptTag, error) {
	r := api.Request{
		Operation: "PUT /v1/script_tags/{id}.json", Path: api.ID(id), Check: tag.validate(),
		Body: scriptTagEnvelope[UpdateScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*scriptTagEnvelope[ScriptTag]).value, opts...)
}

// Delete removes one. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteLegacyScriptTag
//
// Deprecated: see [ScriptTagsService]; use [ShopScriptTagsService].
func (s *ScriptTagsService) Delete(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /v1/script_tags/{id}.json", Path: api.ID(id)}, nil, opts...)
}

// ScriptTag is a script tag of the old API.
//
// Deprecated: use [ShopScriptTag].
type ScriptTag struct {
	ID           int64              `json:"id"`
	Src          string             `json:"src"`
	DisplayScope ScriptDisplayScope `json:"display_scope"`
	MakeDate     Time               `json:"make_date"`
	UpdateDate   Time               `json:"update_date"`
}

// CreateScriptTagRequest is a script tag to be made.
//
// Deprecated: use [CreateShopScriptTagRequest].
type CreateScriptTagRequest struct {
	Src          string             `json:"src"`           // required: https only
	DisplayScope ScriptDisplayScope `json:"display_scope"` // required
}

// UpdateScriptTagRequest is what can be changed of a script tag.
//
// Deprecated: use [UpdateShopScriptTagRequest].
type UpdateScriptTagRequest struct {
	Src          string             `json:"src,omitzero"` // https only
	DisplayScope ScriptDisplayScope `json:"display_scope,omitzero"`
}

func (r CreateScriptTagRequest) validate() error {
	return errors.Join(check.NotEmpty("src", r.Src), check.NotEmpty("display_scope", string(r.DisplayScope)), UpdateScriptTagRequest(r).validate())
}

func (r UpdateScriptTagRequest) validate() error {
	return errors.Join(httpsURL("src", r.Src), check.OneOf("display_scope", r.DisplayScope, ScriptAll, ScriptShop, ScriptThanksPage, ScriptCart))
}
