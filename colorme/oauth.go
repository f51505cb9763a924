package colorme

import "github.com/shotengai/shotengai-go/oauth"

// Scopes of the API. A call for which the token lacks a scope fails with [ErrScope].
const (
	ScopeReadProducts           = "read_products"            // products, variants, images, advertisings
	ScopeWriteProducts          = "write_products"           // products, variants, options, pickups, images, groups, categories
	ScopeReadSales              = "read_sales"               // orders, statistics, customers
	ScopeWriteSales             = "write_sales"              // orders, mails, payment URLs, customers, points, membership
	ScopeReadShopCoupons        = "read_shop_coupons"        // coupons
	ScopeWriteShopCoupons       = "write_shop_coupons"       // coupons
	ScopeReadTemplates          = "read_templates"           // design templates
	ScopeWriteTemplates         = "write_templates"          // design templates
	ScopeWriteApplicationCharge = "write_application_charge" // App Store: both kinds of charges
	ScopeReadShopScriptTags     = "read_shop_script_tags"    // App Store: script tags
	ScopeWriteShopScriptTags    = "write_shop_script_tags"   // App Store: script tags

	// ScopeReadInlineScriptTags allows an App Store app to read inline scripts.
	//
	// Deprecated: use [ScopeReadShopScriptTags].
	ScopeReadInlineScriptTags = "read_inline_script_tags"
	// ScopeWriteInlineScriptTags allows an App Store app to change inline scripts.
	//
	// Deprecated: use [ScopeWriteShopScriptTags].
	ScopeWriteInlineScriptTags = "write_inline_script_tags"
	// ScopeReadScriptTags allows an App Store app to read script tags of the old API.
	//
	// Deprecated: use [ScopeReadShopScriptTags].
	ScopeReadScriptTags = "read_script_tags"
	// ScopeWriteScriptTags allows an App Store app to change script tags of the old API.
	//
	// Deprecated: use [ScopeWriteShopScriptTags].
	ScopeWriteScriptTags = "write_script_tags"
)

// OAuth describes the platform's authorisation server for an app. A login needs at least one
// scope, and the redirect URL exactly as it is registered.
//
// The access token does not expire and there is no refresh token: a grant lasts until the
// owner revokes it or uninstalls the app. A code lives 10 minutes and works once. The
// platform has no PKCE. It returns state, on a denial too. Provisional.
func OAuth(client oauth.Client) (*oauth.Provider, error) {
	p := &oauth.Provider{
		Name:      "colorme",
		Client:    client,
		AuthURL:   BaseURL + "/oauth/authorize",
		TokenURL:  BaseURL + "/oauth/token",
		AuthStyle: oauth.SecretInBody,
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}
