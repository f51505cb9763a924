package colorme

import "github.com/shotengai/shotengai-go/oauth"

// Scopes of the API. A scope that an operation needs and the token lacks is ErrScope.
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
	ScopeReadInlineScriptTags   = "read_inline_script_tags"  // App Store: inline scripts, deprecated by the platform
	ScopeWriteInlineScriptTags  = "write_inline_script_tags" // App Store: inline scripts, deprecated by the platform
	ScopeReadScriptTags         = "read_script_tags"         // App Store: old script tags, deprecated by the platform
	ScopeWriteScriptTags        = "write_script_tags"        // App Store: old script tags, deprecated by the platform
)

// OAuth describes the platform's authorisation server for an app. Scopes must not be
// empty, the redirect URL must be registered exactly as given here.
//
// The access token does not expire and there is no refresh token: a grant lasts until the
// owner revokes it or uninstalls the app. A code lives 10 minutes and works once. The
// platform has no PKCE; state is undocumented but comes back, on a denial too.
func OAuth(client oauth.Client) *oauth.Provider {
	return &oauth.Provider{
		Name:      "colorme",
		Client:    client,
		AuthURL:   BaseURL + "/oauth/authorize",
		TokenURL:  BaseURL + "/oauth/token",
		AuthStyle: oauth.SecretInBody,
	}
}
