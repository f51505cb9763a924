package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ItemBundlesService works with bundles: items that are offered together with a parent
// item. The whole family is provisional.
type ItemBundlesService service

// BundleState is whether a bundle is offered. At most 2 bundles of a parent are active.
type BundleState string

// Values of BundleState.
const (
	BundleActive   BundleState = "ACTIVE"
	BundleInactive BundleState = "INACTIVE"
)

// ItemBundle is a bundle. Its parent is among the items.
type ItemBundle struct {
	BundleManageNumber     string           `json:"bundleManageNumber"`
	BundleName             string           `json:"bundleName"`
	BundleDescription      *string          `json:"bundleDescription"`
	BundleState            BundleState      `json:"bundleState"`
	ParentItemManageNumber string           `json:"parentItemManageNumber"`
	BundleItems            []ItemBundleItem `json:"bundleItems"`
	CreatedDate            ItemTime         `json:"createdDate"` // to the microsecond
	UpdatedDate            ItemTime         `json:"updatedDate"`
}

// ItemBundleItem is an item of a bundle.
type ItemBundleItem struct {
	ItemManageNumber string `json:"itemManageNumber"`
	IsDeletedItem    bool   `json:"isDeletedItem"` // the item is gone, the bundle is not
	Mandatory        bool   `json:"mandatory"`
	Sequence         int    `json:"sequence"`
}

// CreateItemBundleRequest is a whole bundle.
type CreateItemBundleRequest struct {
	ParentItemManageNumber string                  `json:"parentItemManageNumber"`
	BundleManageNumber     string                  `json:"bundleManageNumber"` // 64 characters
	BundleState            BundleState             `json:"bundleState"`
	BundleItems            []ItemBundleItemRequest `json:"bundleItems"`                // the parent and 1 to 3 others
	BundleName             string                  `json:"bundleName"`                 // 32 characters
	BundleDescription      *string                 `json:"bundleDescription,omitzero"` // 50 characters
}

// ItemBundleItemRequest puts an item into a bundle.
type ItemBundleItemRequest struct {
	ItemManageNumber string `json:"itemManageNumber"`
	Mandatory        *bool  `json:"mandatory,omitzero"`
	Sequence         *int   `json:"sequence,omitzero"`
}

func (r CreateItemBundleRequest) validate() error {
	errs := []error{
		validKey("parentItemManageNumber", r.ParentItemManageNumber),
		check.AtMost("bundleManageNumber", r.BundleManageNumber, 64), check.AtMost("bundleName", r.BundleName, 32), check.AtMost("bundleDescription", value(r.BundleDescription), 50),
	}
	if r.BundleManageNumber == "" || r.BundleName == "" {
		errs = append(errs, errors.New("bundleManageNumber and bundleName are required"))
	}
	if r.BundleState != BundleActive && r.BundleState != BundleInactive {
		errs = append(errs, fmt.Errorf("bundleState: %q is neither %s nor %s", string(r.BundleState), BundleActive, BundleInactive))
	}
	if n := len(r.BundleItems); n < 2 || n > 4 {
		errs = append(errs, fmt.Errorf("bundleItems: %d, but a bundle has its parent and 1 to 3 others", n))
	}
	parent := func(item ItemBundleItemRequest) bool {
		return SameManageNumber(item.ItemManageNumber, r.ParentItemManageNumber)
	}
	if !slices.ContainsFunc(r.BundleItems, parent) {
		errs = append(errs, errors.New("bundleItems: the parent has to be among them"))
	}
	return errors.Join(errs...)
}

// Create makes a bundle. Provisional.
func (s *ItemBundlesService) Create(ctx context.Context, bundle CreateItemBundleRequest, opts ...shotengai.CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{Operation: "POST /es/1.0/bto/bundle", Body: bundle, Check: bundle.validate()}, opts...)
}

// Get returns one bundle. Provisional.
func (s *ItemBundlesService) Get(ctx context.Context, bundleManageNumber string, opts ...shotengai.CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{Operation: "GET /es/1.0/bto/bundle/{bundleManageNumber}", Path: []string{bundleManageNumber}}, opts...)
}

// ReplaceItemBundleRequest is a whole bundle, with the fields of CreateItemBundleRequest.
type ReplaceItemBundleRequest CreateItemBundleRequest

// Replace writes the whole of a bundle: items that are left out are no longer in it.
// Provisional.
func (s *ItemBundlesService) Replace(ctx context.Context, bundleManageNumber string, bundle ReplaceItemBundleRequest, opts ...shotengai.CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{
		Operation: "PUT /es/1.0/bto/bundle/{bundleManageNumber}", Path: []string{bundleManageNumber}, Body: bundle,
		Check: CreateItemBundleRequest(bundle).validate(),
	}, opts...)
}

func (s *ItemBundlesService) one(ctx context.Context, r api.Request, opts ...shotengai.CallOption) (*ItemBundle, error) {
	return api.Get[ItemBundle](ctx, s.client.engine, r, opts...)
}

// Delete removes a bundle. Its items stay. Provisional.
func (s *ItemBundlesService) Delete(ctx context.Context, bundleManageNumber string, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /es/1.0/bto/bundle/{bundleManageNumber}", Path: []string{bundleManageNumber}}, nil, opts...)
}

// ListItemBundlesParams selects bundles.
type ListItemBundlesParams struct {
	BundleState      BundleState    `url:"bundleState,omitempty"`
	ItemManageNumber string         `url:"itemManageNumber,omitempty"`
	Type             BundleItemRole `url:"type,omitempty"` // what the item is in the bundle
	BundleName       string         `url:"bundleName,omitempty"`
	PageSize         *int           `url:"pageSize,omitempty"`
	PageNumber       *int           `url:"pageNumber,omitempty"` // whether the first is 0 or 1 is not established
}

// BundleItemRole is what an item is in a bundle.
type BundleItemRole string

// Values of BundleItemRole.
const (
	BundleParent BundleItemRole = "parent"
	BundleChild  BundleItemRole = "child"
)

type itemBundlePage struct {
	NumberOfBundles int          `json:"numberOfBundles"`
	Items           []ItemBundle `json:"bundles" rows:"bundleManageNumber"`
}

func (p *itemBundlePage) page() *shotengai.Page[ItemBundle] {
	return &shotengai.Page[ItemBundle]{Items: p.Items, Total: &p.NumberOfBundles}
}

// List returns one page of bundles. There is no All, because it is not established where
// pages begin. Provisional.
func (s *ItemBundlesService) List(ctx context.Context, params ListItemBundlesParams, opts ...shotengai.CallOption) (*shotengai.Page[ItemBundle], error) {
	r := api.Request{Operation: "GET /es/1.0/bto/bundles", Params: params, Check: check.AtMost("bundleName", params.BundleName, 32)}
	return api.List(ctx, s.client.engine, r, (*itemBundlePage).page, opts...)
}
