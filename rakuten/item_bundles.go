package rakuten

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/shotengai/shotengai-go/internal/api"
)

// ItemBundlesService works with bundles: items that are offered together with a parent
// item. The whole family rests on a single source.
type ItemBundlesService service

const (
	bundlePath = "/es/1.0/bto/bundle"
	bundleByID = bundlePath + "/%s"
)

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

// ItemBundleRequest is a whole bundle.
type ItemBundleRequest struct {
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

func (r ItemBundleRequest) validate() error {
	errs := []error{
		validKey("parentItemManageNumber", r.ParentItemManageNumber),
		atMost("bundleManageNumber", r.BundleManageNumber, 64), atMost("bundleName", r.BundleName, 32), atMost("bundleDescription", value(r.BundleDescription), 50),
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

// Create makes a bundle. Single source.
func (s *ItemBundlesService) Create(ctx context.Context, bundle ItemBundleRequest, opts ...CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{Method: http.MethodPost, Path: bundlePath, Body: bundle, Check: bundle.validate()}, opts...)
}

// Get returns one bundle. Single source.
func (s *ItemBundlesService) Get(ctx context.Context, bundleManageNumber string, opts ...CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{Method: http.MethodGet, Path: api.Path(bundleByID, bundleManageNumber)}, opts...)
}

// Replace writes the whole of a bundle: items that are left out are no longer in it.
// Single source.
func (s *ItemBundlesService) Replace(ctx context.Context, bundleManageNumber string, bundle ItemBundleRequest, opts ...CallOption) (*ItemBundle, error) {
	return s.one(ctx, api.Request{
		Method: http.MethodPut, Path: api.Path(bundleByID, bundleManageNumber), Body: bundle, Check: bundle.validate(),
	}, opts...)
}

func (s *ItemBundlesService) one(ctx context.Context, r api.Request, opts ...CallOption) (*ItemBundle, error) {
	var out ItemBundle
	if err := s.client.do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

// Delete removes a bundle. Its items stay. Single source.
func (s *ItemBundlesService) Delete(ctx context.Context, bundleManageNumber string, opts ...CallOption) error {
	return s.client.do(ctx, api.Request{Method: http.MethodDelete, Path: api.Path(bundleByID, bundleManageNumber)}, nil, opts...)
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

// ItemBundlePage is one page of bundles.
type ItemBundlePage struct {
	NumberOfBundles int          `json:"numberOfBundles"`
	Items           []ItemBundle `json:"bundles"`
}

// List returns one page of bundles. There is no All, because it is not established where
// pages begin. Single source.
func (s *ItemBundlesService) List(ctx context.Context, params ListItemBundlesParams, opts ...CallOption) (*ItemBundlePage, error) {
	var out ItemBundlePage
	r := api.Request{Method: http.MethodGet, Path: "/es/1.0/bto/bundles", Params: params, Check: atMost("bundleName", params.BundleName, 32)}
	if err := s.client.do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}
