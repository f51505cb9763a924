package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductCategoriesService works with the tree of categories: big ones and their small
// children. There is no way to delete a category.
type ProductCategoriesService service

type categoryEnvelope[T any] struct {
	Category T `json:"category"`
}

func (e *categoryEnvelope[T]) value() *T { return &e.Category }

// List returns the whole tree; there are no pages. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_category/operation/getProductCategories
func (s *ProductCategoriesService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ProductCategory], error) {
	type reply struct {
		Categories []ProductCategory `json:"categories" rows:"id_big"`
	}
	r := api.Request{Operation: "GET /v1/categories"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ProductCategory { return w.Categories }, opts...)
}

// Create makes a big category. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_category/operation/createProductCategory
func (s *ProductCategoriesService) Create(ctx context.Context, category CreateProductCategoryRequest, opts ...shotengai.CallOption) (*ProductCategory, error) {
	r := api.Request{
		Operation: "POST /v1/categories", Check: category.validate(),
		Body: categoryEnvelope[CreateProductCategoryRequest]{category},
	}
	return api.Pick(ctx, s.client.engine, r, (*categoryEnvelope[ProductCategory]).value, opts...)
}

// Update changes a big category. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_category/operation/updateProductCategory
func (s *ProductCategoriesService) Update(ctx context.Context, id int64, category UpdateProductCategoryRequest, opts ...shotengai.CallOption) (*ProductCategory, error) {
	r := api.Request{
		Operation: "PUT /v1/categories/{id}", Path: api.ID(id), Check: category.validate(),
		Body: categoryEnvelope[UpdateProductCategoryRequest]{category},
	}
	return api.Pick(ctx, s.client.engine, r, (*categoryEnvelope[ProductCategory]).value, opts...)
}

// CreateChild makes a small category below a big one. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_category/operation/createProductCategoryChild
func (s *ProductCategoriesService) CreateChild(ctx context.Context, bigID int64, category CreateProductCategoryRequest, opts ...shotengai.CallOption) (*ProductCategory, error) {
	r := api.Request{
		Operation: "POST /v1/categories/{big_id}/children", Path: api.ID(bigID), Check: category.validate(),
		Body: categoryEnvelope[CreateProductCategoryRequest]{category},
	}
	return api.Pick(ctx, s.client.engine, r, (*categoryEnvelope[ProductCategory]).value, opts...)
}

// UpdateChild changes a small category. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product_category/operation/updateProductCategoryChild
func (s *ProductCategoriesService) UpdateChild(ctx context.Context, bigID, id int64, category UpdateProductCategoryRequest, opts ...shotengai.CallOption) (*ProductCategory, error) {
	r := api.Request{
		Operation: "PUT /v1/categories/{big_id}/children/{id}", Path: api.ID(bigID, id), Check: category.validate(),
		Body: categoryEnvelope[UpdateProductCategoryRequest]{category},
	}
	return api.Pick(ctx, s.client.engine, r, (*categoryEnvelope[ProductCategory]).value, opts...)
}

// CreateProductCategoryRequest is a category to be made.
type CreateProductCategoryRequest struct {
	Name         string         `json:"name"` // required, at most 100 characters
	Expl         *string        `json:"expl,omitzero"`
	Sort         *int64         `json:"sort,omitzero"`          // from 0
	DisplayState DisplayState   `json:"display_state,omitzero"` // showing, hidden or members_only; showing when empty
	MetaTag      *UpdateMetaTag `json:"meta_tag,omitzero"`
}

func (r CreateProductCategoryRequest) validate() error {
	return errors.Join(check.NotEmpty("name", r.Name), check.AtMost("name", r.Name, 100), notNegative("sort", r.Sort), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// UpdateProductCategoryRequest is what can be changed of a category. What is left out
// stays, except for the parts of MetaTag: the platform replaces it as a whole. Provisional.
type UpdateProductCategoryRequest struct {
	Name         *string        `json:"name,omitzero"`          // at most 100 characters
	Expl         *string        `json:"expl,omitzero"`          // "" empties it; the platform ignores null. Provisional.
	Sort         *int64         `json:"sort,omitzero"`          // from 0
	DisplayState DisplayState   `json:"display_state,omitzero"` // showing, hidden or members_only
	MetaTag      *UpdateMetaTag `json:"meta_tag,omitzero"`      // replaces all three parts
}

func (r UpdateProductCategoryRequest) validate() error {
	return errors.Join(check.AtMost("name", text(r.Name), 100), notNegative("sort", r.Sort), groupDisplay(r.DisplayState), r.MetaTag.validate())
}

// ProductCategory is a category, big or small.
type ProductCategory struct {
	IDBig        int64             `json:"id_big"`
	IDSmall      int64             `json:"id_small"` // 0: a big category
	AccountID    string            `json:"account_id"`
	Name         string            `json:"name"`
	ImageURL     *string           `json:"image_url"`
	Expl         *string           `json:"expl"`
	Sort         *int              `json:"sort"`
	DisplayState DisplayState      `json:"display_state"` // showing, hidden or members_only
	MakeDate     Time              `json:"make_date"`
	UpdateDate   Time              `json:"update_date"`
	Children     []ProductCategory `json:"children,omitzero"` // absent in a small category
	MetaTag      *MetaTag          `json:"meta_tag,omitzero"` // may be absent
}
