package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductGroupsService works with groups of products. There is no way to delete a group.
type ProductGroupsService service

type groupEnvelope[T any] struct {
	Group T `json:"group"`
}

func (e *groupEnvelope[T]) value() *T { return &e.Group }

// List returns all groups; there are no pages. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/getProductGroups
func (s *ProductGroupsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ProductGroup], error) {
	type reply struct {
		Groups []ProductGroup `json:"groups" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/groups"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ProductGroup { return w.Groups }, opts...)
}

// Get returns one group. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/getProductGroup
func (s *ProductGroupsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*ProductGroup, error) {
	r := api.Request{Operation: "GET /v1/groups/{id}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*groupEnvelope[ProductGroup]).value, opts...)
}

// Create makes a group. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/createProductGroup
func (s *ProductGroupsService) Create(ctx context.Context, group CreateProductGroupRequest, opts ...shotengai.CallOption) (*ProductGroup, error) {
	r := api.Request{
		Operation: "POST /v1/groups", Check: group.validate(),
		Body: groupEnvelope[CreateProductGroupRequest]{group},
	}
	return api.Pick(ctx, s.client.engine, r, (*groupEnvelope[ProductGroup]).value, opts...)
}

// CreateProductGroupRequest is a group to be made.
type CreateProductGroupRequest struct {
	Name          string         `json:"name"` // required, at most 100 characters
	Expl          *string        `json:"expl,omitzero"`
	DisplayState  DisplayState   `json:"display_state,omitzero"` // showing, hidden or members_only
	ParentGroupID *int64         `json:"parent_group_id,omitzero"`
	MetaTag       *UpdateMetaTag `json:"meta_tag,omitzero"`
}

func (r CreateProductGroupRequest) validate() error {
	return errors.Join(check.NotEmpty("name", r.Name), check.AtMost("name", r.Name, 100), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// Update changes a group. What is left out stays. Reads do not show a change of MetaTag after
// the first one. Provisional. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_group/operation/updateProductGroup
func (s *ProductGroupsService) Update(ctx context.Context, id int64, group UpdateProductGroupRequest, opts ...shotengai.CallOption) (*ProductGroup, error) {
	r := api.Request{
		Operation: "PUT /v1/groups/{id}", Path: api.ID(id), Check: group.validate(),
		Body: groupEnvelope[UpdateProductGroupRequest]{group},
	}
	return api.Pick(ctx, s.client.engine, r, (*groupEnvelope[ProductGroup]).value, opts...)
}

// UpdateProductGroupRequest is what can be changed of a group.
type UpdateProductGroupRequest struct {
	Name         *string                     `json:"name,omitzero"` // at most 100 characters
	Expl         shotengai.Clearable[string] `json:"expl,omitzero"`
	DisplayState DisplayState                `json:"display_state,omitzero"` // showing, hidden or members_only
	MetaTag      *UpdateMetaTag              `json:"meta_tag,omitzero"`
}

func (r UpdateProductGroupRequest) validate() error {
	return errors.Join(check.AtMost("name", text(r.Name), 100), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// ProductGroup is a group of products.
type ProductGroup struct {
	ID            int64        `json:"id"`
	AccountID     string       `json:"account_id"`
	Name          string       `json:"name"`
	ImageURL      *string      `json:"image_url"`
	Expl          *string      `json:"expl"`
	Sort          *int         `json:"sort"`
	DisplayState  DisplayState `json:"display_state"` // showing, hidden or members_only. Provisional.
	ParentGroupID *int64       `json:"parent_group_id"`
	MetaTag       *MetaTag     `json:"meta_tag"`
}

// MetaTag is the data of a group or category for search engines.
type MetaTag struct {
	Title       *string `json:"title"`
	Keywords    *string `json:"keywords"`
	Description *string `json:"description"`
}

// UpdateMetaTag sets the data of a group or category for search engines.
type UpdateMetaTag struct {
	Title       shotengai.Clearable[string] `json:"title,omitzero"`    // at most 255 characters
	Keywords    shotengai.Clearable[string] `json:"keywords,omitzero"` // at most 65,535 characters, as the next
	Description shotengai.Clearable[string] `json:"description,omitzero"`
}

func (m *UpdateMetaTag) validate() error {
	if m == nil {
		return nil
	}
	return errors.Join(
		check.AtMost("meta_tag.title", text(set(m.Title)), 255),
		check.AtMost("meta_tag.keywords", text(set(m.Keywords)), 65_535),
		check.AtMost("meta_tag.description", text(set(m.Description)), 65_535))
}
