package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// InlineScriptTagsService works with inline scripts of App Store apps.
//
// Deprecated: by the description of the App Store API, which closes it to new developers. The
// platform's page for App Store apps lists its scopes without such a mark. Use
// [ShopScriptTagsService].
type InlineScriptTagsService service

type inlineScriptTagEnvelope[T any] struct {
	Tag T `json:"inline_script_tag"`
}

func (e *inlineScriptTagEnvelope[T]) value() *T { return &e.Tag }

// List returns all of them; there are no pages. Scope: read_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getInlineScriptTags
//
// Deprecated: see [InlineScriptTagsService]; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[InlineScriptTag], error) {
	type reply struct {
		Tags []InlineScriptTag `json:"inline_script_tags" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/inline_script_tags.json"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []InlineScriptTag { return w.Tags }, opts...)
}

// Get returns one. Scope: read_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getInlineScriptTag
//
// Deprecated: see [InlineScriptTagsService]; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*InlineScriptTag, error) {
	r := api.Request{Operation: "GET /v1/inline_script_tags/{id}.json", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*inlineScriptTagEnvelope[InlineScriptTag]).value, opts...)
}

// Create adds one. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createInlineScriptTag
//
// Deprecated: see [InlineScriptTagsService]; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Create(ctx context.Context, tag CreateInlineScriptTagRequest, opts ...shotengai.CallOption) (*InlineScriptTag, error) {
	r := api.Request{
		Operation: "POST /v1/inline_script_tags.json", Check: tag.validate(),
		Body: inlineScriptTagEnvelope[CreateInlineScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*inlineScriptTagEnvelope[InlineScriptTag]).value, opts...)
}

// Update changes one. What is left out stays. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateInlineScriptTag
//
// Deprecated: see [InlineScriptTagsService]; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Update(ctx context.Context, id int64, tag UpdateInlineScriptTagRequest, opts ...shotengai.CallOption) (*InlineScriptTag, error) {
	r := api.Request{
		Operation: "PUT /v1/inline_script_tags/{id}.json", Path: api.ID(id), Check: tag.validate(),
		Body: inlineScriptTagEnvelope[UpdateInlineScriptTagRequest]{tag},
	}
	return api.Pick(ctx, s.client.engine, r, (*inlineScriptTagEnvelope[InlineScriptTag]).value, opts...)
}

// Delete removes one. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteInlineScriptTag
//
// Deprecated: see [InlineScriptTagsService]; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Delete(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /v1/inline_script_tags/{id}.json", Path: api.ID(id)}, nil, opts...)
}

// InlineScriptTag is an inline script.
//
// Deprecated: use [ShopScriptTag].
type InlineScriptTag struct {
	ID                 int64              `json:"id"`
	AccountID          string             `json:"account_id"`
	OAuthApplicationID int64              `json:"oauth_application_id"`
	Script             string             `json:"script"`
	TriggerEvent       TriggerEvent       `json:"trigger_event"`
	DisplayScope       ScriptDisplayScope `json:"display_scope"`
	MakeDate           Time               `json:"make_date"`
	UpdateDate         Time               `json:"update_date"`
}

// CreateInlineScriptTagRequest is an inline script to be made.
//
// Deprecated: use [CreateShopScriptTagRequest].
type CreateInlineScriptTagRequest struct {
	Script       string             `json:"script"`        // required
	TriggerEvent TriggerEvent       `json:"trigger_event"` // required
	DisplayScope ScriptDisplayScope `json:"display_scope"` // required
}

// UpdateInlineScriptTagRequest is what can be changed of an inline script.
//
// Deprecated: use [UpdateShopScriptTagRequest].
type UpdateInlineScriptTagRequest struct {
	Script       string             `json:"script,omitzero"`
	TriggerEvent TriggerEvent       `json:"trigger_event,omitzero"`
	DisplayScope ScriptDisplayScope `json:"display_scope,omitzero"`
}

// TriggerEvent is when an inline script runs. Open set in answers.
//
// Deprecated: use [ShopScriptTagsService].
type TriggerEvent string

// TriggerObjectBuilded is when the page's Colorme object is there. The spelling is the
// platform's.
//
// Deprecated: use [ShopScriptTagsService].
const TriggerObjectBuilded TriggerEvent = "object_builded"

func (r CreateInlineScriptTagRequest) validate() error {
	return errors.Join(check.NotEmpty("script", r.Script), check.NotEmpty("trigger_event", string(r.TriggerEvent)),
		check.NotEmpty("display_scope", string(r.DisplayScope)), UpdateInlineScriptTagRequest(r).validate())
}

func (r UpdateInlineScriptTagRequest) validate() error {
	return errors.Join(check.OneOf("trigger_event", r.TriggerEvent, TriggerObjectBuilded),
		check.OneOf("display_scope", r.DisplayScope, ScriptAll, ScriptThanksPage, ScriptCart))
}
