package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductGroupsService works with groups of products. There is no way to delete a group.
type ProductGroupsService service

type groupEnvelope[T any] struct {
	Group T `json:"group"`
}

// List returns all groups; there are no pages. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/getProductGroups
func (s *ProductGroupsService) List(ctx context.Context, opts ...CallOption) ([]ProductGroup, error) {
	var out struct {
		Groups []ProductGroup `json:"groups"`
	}
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: "/v1/groups"}, &out, opts...); err != nil {
		return nil, err
	}
	return out.Groups, nil
}

// Get returns one group. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/getProductGroup
func (s *ProductGroupsService) Get(ctx context.Context, id int64, opts ...CallOption) (*ProductGroup, error) {
	var out groupEnvelope[ProductGroup]
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: api.PathID("/v1/groups/%s", id)}, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Group, nil
}

// Create makes a group. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/createProductGroup
func (s *ProductGroupsService) Create(ctx context.Context, group CreateProductGroupRequest, opts ...CallOption) (*ProductGroup, error) {
	var out groupEnvelope[ProductGroup]
	r := api.Request{
		Method: http.MethodPost, Path: "/v1/groups", Check: group.validate(),
		Body: groupEnvelope[CreateProductGroupRequest]{group},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Group, nil
}

// CreateProductGroupRequest is a group to be made.
type CreateProductGroupRequest struct {
	Name          string        `json:"name"` // required, at most 100 characters
	Expl          *string       `json:"expl,omitzero"`
	DisplayState  DisplayState  `json:"display_state,omitzero"` // showing, hidden or members_only
	ParentGroupID *int64        `json:"parent_group_id,omitzero"`
	MetaTag       *MetaTagInput `json:"meta_tag,omitzero"`
}

func (r CreateProductGroupRequest) validate() error {
	return errors.Join(notEmpty("name", r.Name), atMost("name", r.Name, 100), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// Update changes a group. What is left out stays. A change of MetaTag after the first was
// observed not to reach reads. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/updateProductGroup
func (s *ProductGroupsService) Update(ctx context.Context, id int64, group UpdateProductGroupRequest, opts ...CallOption) (*ProductGroup, error) {
	var out groupEnvelope[ProductGroup]
	r := api.Request{
		Method: http.MethodPut, Path: api.PathID("/v1/groups/%s", id), Check: group.validate(),
		Body: groupEnvelope[UpdateProductGroupRequest]{group},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Group, nil
}

// UpdateProductGroupRequest is what can be changed of a group.
type UpdateProductGroupRequest struct {
	Name         *string           `json:"name,omitzero"` // at most 100 characters
	Expl         Clearable[string] `json:"expl,omitzero"`
	DisplayState DisplayState      `json:"display_state,omitzero"` // showing, hidden or members_only
	MetaTag      *MetaTagInput     `json:"meta_tag,omitzero"`
}

func (r UpdateProductGroupRequest) validate() error {
	return errors.Join(atMost("name", text(r.Name), 100), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// ProductGroup is a group of products.
type ProductGroup struct {
	ID            int64        `json:"id"`
	AccountID     string       `json:"account_id"`
	Name          string       `json:"name"`
	ImageURL      *string      `json:"image_url"`
	Expl          *string      `json:"expl"`
	Sort          *int         `json:"sort"`
	DisplayState  DisplayState `json:"display_state"` // showing, hidden or members_only; the platform's description lists others, never observed
	ParentGroupID *int64       `json:"parent_group_id"`
	MetaTag       *MetaTag     `json:"meta_tag"`
}

// MetaTag is what a group or category says to search engines.
type MetaTag struct {
	Title       *string `json:"title"`
	Keywords    *string `json:"keywords"`
	Description *string `json:"description"`
}

// MetaTagInput sets what a group or category says to search engines.
type MetaTagInput struct {
	Title       Clearable[string] `json:"title,omitzero"`    // at most 255 characters
	Keywords    Clearable[string] `json:"keywords,omitzero"` // at most 65,535 characters, as the next
	Description Clearable[string] `json:"description,omitzero"`
}

func (m *MetaTagInput) validate() error {
	if m == nil {
		return nil
	}
	return errors.Join(
		atMost("meta_tag.title", text(set(m.Title)), 255),
		atMost("meta_tag.keywords", text(set(m.Keywords)), 65_535),
		atMost("meta_tag.description", text(set(m.Description)), 65_535))
}
