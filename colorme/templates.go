package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// TemplatesService works with the shop's design templates.
type TemplatesService service

type templatePageEnvelope[T any] struct {
	TemplatePage T `json:"template_page"`
}

func (e *templatePageEnvelope[T]) value() *T { return &e.TemplatePage }

// List returns all templates; there are no pages. Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplates
func (s *TemplatesService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[Template], error) {
	type reply struct {
		Templates []Template `json:"templates" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/templates"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []Template { return w.Templates }, opts...)
}

// PreviewURL returns an address that shows the shop in a template. It works for an hour.
// Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplatePreview
func (s *TemplatesService) PreviewURL(ctx context.Context, id int64, opts ...shotengai.CallOption) (string, error) {
	type reply struct {
		PreviewURL string `json:"preview_url"`
	}
	r := api.Request{Operation: "GET /v1/templates/{id}/preview_url", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) string { return w.PreviewURL }, opts...)
}

// GetPage returns the HTML and CSS of one page of a template. Scope: read_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/getTemplatePage
func (s *TemplatesService) GetPage(ctx context.Context, id int64, page PageType, opts ...shotengai.CallOption) (*TemplatePage, error) {
	r := api.Request{Operation: "GET " + templatePage, Path: append(api.ID(id), string(page))}
	return api.Pick(ctx, s.client.engine, r, (*templatePageEnvelope[TemplatePage]).value, opts...)
}

// UpdatePage replaces the HTML, the CSS or both of one page of a template. The index page
// must keep its include tag. Scope: write_templates.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/template/operation/updateTemplatePage
func (s *TemplatesService) UpdatePage(ctx context.Context, id int64, page PageType, content UpdateTemplatePageRequest, opts ...shotengai.CallOption) (*TemplatePage, error) {
	r := api.Request{
		Operation: "PUT " + templatePage, Path: append(api.ID(id), string(page)), Check: content.validate(),
		Body: templatePageEnvelope[UpdateTemplatePageRequest]{content},
	}
	return api.Pick(ctx, s.client.engine, r, (*templatePageEnvelope[TemplatePage]).value, opts...)
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
		errs = append(errs, check.AtMost("html", *r.HTML, 120_000))
	}
	if r.CSS != nil {
		errs = append(errs, check.AtMost("css", *r.CSS, 65_535))
	}
	return errors.Join(errs...)
}

const templatePage = "/v1/templates/{id}/pages/{page_type}"

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

// TemplateState is whether a template is in use. Open set.
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
