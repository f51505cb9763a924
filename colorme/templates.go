package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// TemplatesService works with the shop's design templates.
type TemplatesService service

type templatePageEnvelope[T any] struct {
	TemplatePage T `json:"template_page"`
}

// List returns all templates; there are no pages. Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplates
func (s *TemplatesService) List(ctx context.Context, opts ...CallOption) ([]Template, error) {
	var out struct {
		Templates []Template `json:"templates"`
	}
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: "/v1/templates"}, &out, opts...); err != nil {
		return nil, err
	}
	return out.Templates, nil
}

// PreviewURL returns an address that shows the shop in a template. It works for an hour.
// Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplatePreview
func (s *TemplatesService) PreviewURL(ctx context.Context, id int64, opts ...CallOption) (string, error) {
	var out struct {
		PreviewURL string `json:"preview_url"`
	}
	r := api.Request{Method: http.MethodGet, Path: api.PathID("/v1/templates/%s/preview_url", id)}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return "", err
	}
	return out.PreviewURL, nil
}

// GetPage returns the HTML and CSS of one page of a template. Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplatePage
func (s *TemplatesService) GetPage(ctx context.Context, id int64, page PageType, opts ...CallOption) (*TemplatePage, error) {
	var out templatePageEnvelope[TemplatePage]
	if err := s.client.engine.Do(ctx, api.Request{Method: http.MethodGet, Path: pagePath(id, page)}, &out, opts...); err != nil {
		return nil, err
	}
	return &out.TemplatePage, nil
}

// UpdatePage replaces the HTML, the CSS or both of one page of a template. The index page
// must keep its include tag. Scope: write_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/updateTemplatePage
func (s *TemplatesService) UpdatePage(ctx context.Context, id int64, page PageType, content UpdateTemplatePageRequest, opts ...CallOption) (*TemplatePage, error) {
	var out templatePageEnvelope[TemplatePage]
	r := api.Request{
		Method: http.MethodPut, Path: pagePath(id, page), Check: content.validate(),
		Body: templatePageEnvelope[UpdateTemplatePageRequest]{content},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.TemplatePage, nil
}

// UpdateTemplatePageRequest is the new content of a page. What is left out stays.
type UpdateTemplatePageRequest struct {
	HTML *string `json:"html,omitzero"` // at most 120,000 characters on the platinum and premium plans, 65,530 on all others
	CSS  *string `json:"css,omitzero"`  // at most 65,535 characters
}

func (r UpdateTemplatePageRequest) validate() error {
	var errs []error
	if r.HTML == nil && r.CSS == nil {
		errs = append(errs, errors.New("neither html nor css is given"))
	}
	if r.HTML != nil {
		errs = append(errs, atMost("html", *r.HTML, 120_000))
	}
	if r.CSS != nil {
		errs = append(errs, atMost("css", *r.CSS, 65_535))
	}
	return errors.Join(errs...)
}

func pagePath(id int64, page PageType) string {
	return api.Path(api.PathID("/v1/templates/%s/pages/", id)+"%s", string(page))
}

// Template is a design template of the shop.
type Template struct {
	ID         int64         `json:"id"`
	Name       string        `json:"name"`
	State      TemplateState `json:"state"`
	MakeDate   Time          `json:"make_date"`
	UpdateDate Time          `json:"update_date"`
}

// TemplatePage is one page of a template.
type TemplatePage struct {
	TemplateID int64    `json:"template_id"`
	PageType   PageType `json:"page_type"`
	HTML       *string  `json:"html"`
	CSS        *string  `json:"css"`
	MakeDate   Time     `json:"make_date"`
	UpdateDate Time     `json:"update_date"`
}

// TemplateState says whether a template is in use. Open set.
type TemplateState string

// States of a template.
const (
	TemplateActive   TemplateState = "active"
	TemplateInactive TemplateState = "inactive"
)

// PageType is a page of a template. Open set.
type PageType string

// Pages of a template.
const (
	PageIndex       PageType = "index" // the frame around all pages
	PageTop         PageType = "top"
	PageProductList PageType = "product_list"
	PageProduct     PageType = "product"
	PageShopkeeper  PageType = "shopkeeper"
	PageProductSrh  PageType = "product_srh" // search result
	PageOptionStock PageType = "option_stock"
	PagePrivacy     PageType = "privacy"
)
