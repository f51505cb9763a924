package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// ScriptTagsService works with the script tags of the old App Store API.
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
type ScriptTagsService service

const scriptTagPath = "/v1/script_tags"

type scriptTagEnvelope[T any] struct {
	Tag T `json:"script_tag"`
}

// List returns all of them; there are no pages. Scope: read_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getScriptTags
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *ScriptTagsService) List(ctx context.Context, opts ...CallOption) ([]ScriptTag, error) {
	var out struct {
		Tags []ScriptTag `json:"script_tags"`
	}
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: scriptTagPath + ".json"}, &out, opts...); err != nil {
		return nil, err
	}
	return out.Tags, nil
}

// Get returns one. Scope: read_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/getScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *ScriptTagsService) Get(ctx context.Context, id int64, opts ...CallOption) (*ScriptTag, error) {
	var out scriptTagEnvelope[ScriptTag]
	r := api.Request{Method: http.MethodGet, Path: api.PathID(scriptTagPath+"/%s.json", id)}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Create adds one. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/createScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *ScriptTagsService) Create(ctx context.Context, tag CreateScriptTagRequest, opts ...CallOption) (*ScriptTag, error) {
	var out scriptTagEnvelope[ScriptTag]
	r := api.Request{
		Method: http.MethodPost, Path: scriptTagPath + ".json", Check: tag.validate(),
		Body: scriptTagEnvelope[CreateScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Update changes one. What is left out stays. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/updateScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *ScriptTagsService) Update(ctx context.Context, id int64, tag UpdateScriptTagRequest, opts ...CallOption) (*ScriptTag, error) {
	var out scriptTagEnvelope[ScriptTag]
	r := api.Request{
		Method: http.MethodPut, Path: api.PathID(scriptTagPath+"/%s.json", id), Check: tag.validate(),
		Body: scriptTagEnvelope[UpdateScriptTagRequest]{tag},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Tag, nil
}

// Delete removes one. Scope: write_script_tags.
//
// https://app.shop-pro.jp/open_api#operation/deleteLegacyScriptTag
//
// Deprecated: the platform has closed it to new developers; use [ShopScriptTagsService].
func (s *ScriptTagsService) Delete(ctx context.Context, id int64, opts ...CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Method: http.MethodDelete, Path: api.PathID(scriptTagPath+"/%s.json", id)}, nil, opts...)
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
	return errors.Join(notEmpty("src", r.Src), notEmpty("display_scope", string(r.DisplayScope)), UpdateScriptTagRequest(r).validate())
}

func (r UpdateScriptTagRequest) validate() error {
	return errors.Join(httpsURL("src", r.Src), oneOf("display_scope", r.DisplayScope, ScriptAll, ScriptShop, ScriptThanksPage, ScriptCart))
}
