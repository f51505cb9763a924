package makeshop

import (
	"context"

	"github.com/shotengai/shotengai-go"
)

// ProductCategoriesService reads the categories of products.
type ProductCategoriesService service

// ProductCategory is a category. Provisional, and mostly of kinds that are not sure.
type ProductCategory struct {
	CategoryUID      Scalar   `json:"categoryUid"` // under a product it is spelt categoryUID
	CategoryCode     string   `json:"categoryCode"`
	CategoryName     string   `json:"categoryName"`
	CategoryDepth    Scalar   `json:"categoryDepth"`
	Category1        Scalar   `json:"category1"`
	Category2        Scalar   `json:"category2"`
	Category3        Scalar   `json:"category3"`
	Category4        Scalar   `json:"category4"`
	Category5        Scalar   `json:"category5"`
	CategoryURL      string   `json:"categoryUrl"`
	AddCategoryURL   string   `json:"addCategoryUrl"`
	Display          YesNo    `json:"display"`
	ProductSortType  Scalar   `json:"productSortType"`
	MemberAccessType Scalar   `json:"memberAccessType"`
	MemberGroupIDs   []Scalar `json:"memberGroupIds"`
	SEOInfo          *SEOInfo `json:"seoInfo"`
}

// SEOInfo is what a category shows to search engines.
type SEOInfo struct {
	BrowserTitle string `json:"browserTitle"`
	Description  string `json:"description"`
}

var (
	getProductCategory = operation{
		root: "getProductCategory",
		text: "query getProductCategory { getProductCategory { productCategories {" +
			" categoryUid categoryCode categoryName categoryDepth category1 category2 category3 category4 category5" +
			" categoryUrl addCategoryUrl display productSortType memberAccessType memberGroupIds" +
			" seoInfo { browserTitle description } } } }",
	}
	getProductCategoryLean = operation{
		root: "getProductCategory",
		text: "query getProductCategory { getProductCategory { productCategories {" +
			" categoryUid categoryCode categoryName categoryDepth } } }",
	}
)

type getProductCategoryResponse struct {
	ProductCategories []ProductCategory `json:"productCategories" rows:"categoryUid"`
}

func (r *getProductCategoryResponse) page() *shotengai.Page[ProductCategory] {
	return &shotengai.Page[ProductCategory]{Items: r.ProductCategories}
}

// List returns all categories (getProductCategory). There are no pages.
func (s *ProductCategoriesService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ProductCategory], error) {
	return list(ctx, s.client, getProductCategory, nil, nil, (*getProductCategoryResponse).page, opts)
}

// ListLean is List for the categories' ids, codes, names and depths alone.
func (s *ProductCategoriesService) ListLean(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ProductCategory], error) {
	return list(ctx, s.client, getProductCategoryLean, nil, nil, (*getProductCategoryResponse).page, opts)
}
