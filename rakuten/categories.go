package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// CategoriesService works with the shop's own categories and what is in them. There is no
// list of categories: Sets lists the sets, and Tree the categories of one. Fields
// are returned on request only, see CategoryFields.
type CategoriesService service

// NoCategorySet is the set id in shops without category sets.
const NoCategorySet = "0"

// CategoryField is a member of categories that is returned on request.
type CategoryField string

// Values of CategoryField.
const (
	CategoryFieldSetID                 CategoryField = "CATEGORY_SET_ID"
	CategoryFieldTitle                 CategoryField = "TITLE"
	CategoryFieldFeatures              CategoryField = "CATEGORY_FEATURES"
	CategoryFieldDescription           CategoryField = "DESCRIPTION"
	CategoryFieldAdditionalDescription CategoryField = "ADDITIONALDESCRIPTION"
	CategoryFieldImages                CategoryField = "IMAGES"
	CategoryFieldLayout                CategoryField = "LAYOUT"
	CategoryFieldCreated               CategoryField = "CREATED"
	CategoryFieldUpdated               CategoryField = "UPDATED"
)

// CategorySetField is a member of category sets that is returned on request.
type CategorySetField string

// Values of CategorySetField.
const (
	CategorySetFieldTitle    CategorySetField = "TITLE"
	CategorySetFieldFeatures CategorySetField = "CATEGORY_SET_FEATURES"
	CategorySetFieldCreated  CategorySetField = "CREATED"
	CategorySetFieldUpdated  CategorySetField = "UPDATED"
)

// CategoryFields selects the members of categories in an answer, a []CategoryField; without
// it there is little more than ids.
type CategoryFields = shotengai.CommaList[CategoryField]

// CategorySetFields selects the members of category sets in an answer, a
// []CategorySetField; without it there are ids only.
type CategorySetFields = shotengai.CommaList[CategorySetField]

// Category is a category of the shop. Which members are there depends on the call and on
// the fields that it asks for.
type Category struct {
	CategoryContent

	CategoryID  string       `json:"categoryId,omitzero"`
	Created     ItemTime     `json:"created,omitzero"`
	Updated     ItemTime     `json:"updated,omitzero"`
	CategorySet *CategorySet `json:"categorySet,omitzero"`    // in item mappings
	Breadcrumbs []Category   `json:"breadcrumbList,omitzero"` // from the top down (provisional)
}

// CategoryContent is all of a category that a shop can write. All but the set, the title
// and the ids are provisional.
type CategoryContent struct {
	CategorySetID         string            `json:"categorySetId,omitzero"`
	Title                 string            `json:"title,omitzero"`
	CategoryFeatures      *CategoryFeatures `json:"categoryFeatures,omitzero"`
	Description           *ItemText         `json:"description,omitzero"`
	AdditionalDescription *string           `json:"additionalDescription,omitzero"`
	Images                []ItemImage       `json:"images,omitzero"`
	Layout                *CategoryLayout   `json:"layout,omitzero"`
}

// CategoryFeatures is how a category is shown.
type CategoryFeatures struct {
	Display              *bool            `json:"display,omitzero"`
	CategoryPageViewMode CategoryViewMode `json:"categoryPageViewMode,omitzero"`
}

// CategoryViewMode is how the items of a category are shown.
type CategoryViewMode string

// Values of CategoryViewMode.
const (
	CategoryList    CategoryViewMode = "LIST"
	CategoryGallery CategoryViewMode = "GALLERY"
	CategoryPlural  CategoryViewMode = "PLURAL" // several items on one page; the only mode for a main category
)

// CategoryLayout is the parts of a category's page, as ids of the shop's templates.
type CategoryLayout struct {
	NavigationID             *int64 `json:"navigationId,omitzero"`
	LayoutCategorySequenceID *int64 `json:"layoutCategorySequenceId,omitzero"`
	SmallDescriptionID       *int64 `json:"smallDescriptionId,omitzero"`
	ShowcaseID               *int64 `json:"showcaseId,omitzero"`
	LargeDescriptionID       *int64 `json:"largeDescriptionId,omitzero"`
}

// CategorySet is a set of categories with a tree of its own.
type CategorySet struct {
	CategorySetID       string               `json:"categorySetId,omitzero"`
	Title               string               `json:"title,omitzero"`
	CategorySetFeatures *CategorySetFeatures `json:"categorySetFeatures,omitzero"` // provisional
	Created             ItemTime             `json:"created,omitzero"`
	Updated             ItemTime             `json:"updated,omitzero"`
}

// CategorySetFeatures is how a category set is shown.
type CategorySetFeatures struct {
	Display *bool `json:"display"`
}

// CreateCategoryRequest is a new category, with the fields of CategoryContent. Its title
// is required.
type CreateCategoryRequest CategoryContent

// Create makes a category and returns its id. A category that is not placed in a tree
// afterwards, with ReplaceTree, disappears by itself. Sending it again makes another one.
func (s *CategoriesService) Create(ctx context.Context, category CreateCategoryRequest, opts ...shotengai.CallOption) (string, error) {
	r := api.Request{Operation: "POST /es/2.0/categories/shop-categories", Body: category, Check: titled(category.Title)}
	return api.Pick(ctx, s.client.engine, r, func(w *categoriesCreateReply) string { return w.CategoryID }, opts...)
}

type categoriesCreateReply struct {
	CategoryID string `json:"categoryId"`
}

func titled(title string) error {
	if title == "" {
		return errors.New("title is required")
	}
	return nil
}

// GetCategoryParams selects what is returned of a category.
type GetCategoryParams struct {
	Breadcrumb        *bool             `url:"breadcrumb,omitempty"`
	CategorySetFields CategorySetFields `url:"categorysetfields,omitempty"`
	CategoryFields    CategoryFields    `url:"categoryfields,omitempty"`
}

// Get returns one category. Provisional.
func (s *CategoriesService) Get(ctx context.Context, categoryID string, params GetCategoryParams, opts ...shotengai.CallOption) (*Category, error) {
	r := api.Request{Operation: "GET /es/2.0/categories/shop-categories/category-ids/{categoryId}", Path: []string{categoryID}, Params: params}
	return api.Get[Category](ctx, s.client.engine, r, opts...)
}

// UpdateCategoryRequest is a category as it shall be, with the fields of CategoryContent.
// Its title is required.
type UpdateCategoryRequest CategoryContent

// Update writes a category as a whole. Whether the platform keeps the fields that are left
// out is not known, so it is best to send all that Get returned. Provisional.
func (s *CategoriesService) Update(ctx context.Context, categoryID string, category UpdateCategoryRequest, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "PUT /es/2.0/categories/shop-categories/category-ids/{categoryId}", Path: []string{categoryID}, Body: category, Check: titled(category.Title)}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// CategorySets is the category sets of a shop.
type CategorySets struct {
	Keys    []string      `json:"categorySetKeyList"` // the ids, when no fields were asked for
	Sets    []CategorySet `json:"categorySetList" rows:"categorySetId"`
	Created ItemTime      `json:"created,omitzero"`
	Updated ItemTime      `json:"updated,omitzero"`

	RowErrors []*shotengai.RowError `json:"-"` // sets that cannot be read
}

// Sets lists the shop's category sets. Without fields it returns their ids only.
func (s *CategoriesService) Sets(ctx context.Context, fields CategorySetFields, opts ...shotengai.CallOption) (*CategorySets, error) {
	params := struct {
		Fields CategorySetFields `url:"categorysetfields,omitempty"`
	}{fields}
	r := api.Request{Operation: "GET /es/2.0/categories/shop-category-set-lists", Params: params}
	sets := &CategorySets{}
	reply, err := s.client.engine.Call(ctx, r, sets, opts...)
	if err != nil {
		return nil, err
	}
	sets.RowErrors = reply.Notes.Rows
	return sets, nil
}

// ItemMapping is the categories that an item is in: ids, or with breadcrumbs the
// categories themselves.
type ItemMapping struct {
	ManageNumber         string     `json:"manageNumber,omitzero"` // with breadcrumbs (provisional)
	CategoryIDs          []string   `json:"categoryIds,omitzero"`
	Categories           []Category `json:"categories,omitzero"` // with breadcrumbs (provisional)
	MainPluralCategoryID string     `json:"mainPluralCategoryId,omitzero"`
	Created              ItemTime   `json:"created,omitzero"`
	Updated              ItemTime   `json:"updated,omitzero"`
}

// ItemMapping returns the categories that an item is in.
func (s *CategoriesService) ItemMapping(ctx context.Context, manageNumber string, params GetCategoryParams, opts ...shotengai.CallOption) (*ItemMapping, error) {
	r := api.Request{Operation: "GET /es/2.0/categories/item-mappings/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Params: params, Check: validKey("manageNumber", manageNumber)}
	return api.Get[ItemMapping](ctx, s.client.engine, r, opts...)
}

// ReplaceItemMappingRequest is all categories that an item shall be in.
type ReplaceItemMappingRequest struct {
	CategoryIDs          []string `json:"categoryIds"`                   // at least one
	MainPluralCategoryID string   `json:"mainPluralCategoryId,omitzero"` // of view mode PLURAL, else code IE0128
}

func (r ReplaceItemMappingRequest) validate() error {
	if len(r.CategoryIDs) == 0 {
		return errors.New("categoryIds: none; DeleteItemMapping takes an item out of all categories")
	}
	if slices.Contains(r.CategoryIDs, "") {
		return errors.New("categoryIds: an id is empty")
	}
	return nil
}

// ReplaceItemMapping says which categories an item is in. Categories that are left out
// lose it.
func (s *CategoriesService) ReplaceItemMapping(ctx context.Context, manageNumber string, mapping ReplaceItemMappingRequest, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{
		Operation: "PUT /es/2.0/categories/item-mappings/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Body: mapping,
		Check: errors.Join(validKey("manageNumber", manageNumber), mapping.validate()),
	}, nil, opts...)
}

// DeleteItemMapping takes an item out of all categories. Provisional.
func (s *CategoriesService) DeleteItemMapping(ctx context.Context, manageNumber string, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE /es/2.0/categories/item-mappings/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Check: validKey("manageNumber", manageNumber)}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// badTree refuses category ids that are empty or there twice.
func badTree(nodes []CategoryTreeNode, seen map[string]bool) error {
	for _, node := range nodes {
		switch {
		case node.CategoryID == "":
			return errors.New("children: a categoryId is empty")
		case seen[node.CategoryID]:
			return fmt.Errorf("children: category %s is there twice", node.CategoryID)
		}
		seen[node.CategoryID] = true
		if err := badTree(node.Children, seen); err != nil {
			return err
		}
	}
	return nil
}
