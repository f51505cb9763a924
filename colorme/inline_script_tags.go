package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// InlineScriptTagsService works with inline scripts of App Store apps.
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
type InlineScriptTagsService service

const inlineScriptTagPath = "/v1/inline_script_tags"

type inlineScriptTagEnvelope[T any] struct {
	Tag T `json:"inline_script_tag"`
}

// List returns all of them; there are no pages. Scope: read_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getInlineScriptTags
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) List(ctx context.Context, opts ...CallOption) ([]InlineScriptTag, error) {
	var out struct {
		Tags []InlineScriptTag `json:"inline_script_tags"`
	}
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: inlineScriptTagPath + ".json"}, &out, opts...); err != nil {
		return nil, err
	}
	return out.Tags, nil
}

// Get returns one. Scope: read_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getInlineScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Get(ctx context.Context, id int64, opts ...CallOption) (*InlineScriptTag, error) {
	var out inlineScriptTagEnvelope[InlineScriptTag]
	r := api.Request{Method: http.MethodGet, Path: api.PathID(inlineScriptTagPath+"/%s.json", id)}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Create adds one. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createInlineScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Create(ctx context.Context, tag CreateInlineScriptTagRequest, opts ...CallOption) (*InlineScriptTag, error) {
	var out inlineScriptTagEnvelope[InlineScriptTag]
	r := api.Request{
		Method: http.MethodPost, Path: inlineScriptTagPath + ".json", Check: tag.validate(),
		Body: inlineScriptTagEnvelope[CreateInlineScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Update changes one. What is left out stays. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateInlineScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Update(ctx context.Context, id int64, tag UpdateInlineScriptTagRequest, opts ...CallOption) (*InlineScriptTag, error) {
	var out inlineScriptTagEnvelope[InlineScriptTag]
	r := api.Request{
		Method: http.MethodPut, Path: api.PathID(inlineScriptTagPath+"/%s.json", id), Check: tag.validate(),
		Body: inlineScriptTagEnvelope[UpdateInlineScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Delete removes one. Scope: write_inline_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteInlineScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *InlineScriptTagsService) Delete(ctx context.Context, id int64, opts ...CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Method: http.MethodDelete, Path: api.PathID(inlineScriptTagPath+"/%s.json", id)}, nil, opts...)
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

// TriggerEvent says when an inline script runs. Open set in answers.
type TriggerEvent string

// TriggerObjectBuilded is when the page's Colorme object is there. The spelling is the
// platform's.
const TriggerObjectBuilded TriggerEvent = "object_builded"

func (r CreateInlineScriptTagRequest) validate() error {
	return errors.Join(notEmpty("script", r.Script), notEmpty("trigger_event", string(r.TriggerEvent)),
		notEmpty("display_scope", string(r.DisplayScope)), UpdateInlineScriptTagRequest(r).validate())
}

func (r UpdateInlineScriptTagRequest) validate() error {
	return errors.Join(oneOf("trigger_event", r.TriggerEvent, TriggerObjectBuilded),
		oneOf("display_scope", r.DisplayScope, ScriptAll, ScriptThanksPage, ScriptCart))
}
