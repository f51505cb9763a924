package main

import (
	"net/http"
)

// farewell is how the erasing of a shop's data ends: what stays, and what brings the shop back.
// It is the end of keys of texts.
type farewell string

// Platforms whose install goes on after the data were erased.
const (
	farewellColorMe  farewell = "colorme"  // installed: its contract goes on
	farewellMakeShop farewell = "makeshop" // installed: its subscription goes on
	farewellReturn   farewell = "return"   // not installed: an install begins anew
	farewellStores   farewell = "stores"   // the login is the install
	farewellRakuten  farewell = "rakuten"  // the licence key is the install
)

func farewellOf(sh shop) farewell {
	switch {
	case sh.Installed && sh.Platform == "colorme":
		return farewellColorMe
	case sh.Installed && sh.Platform == "makeshop":
		return farewellMakeShop
	case sh.Platform == "stores":
		return farewellStores
	case sh.Platform == "rakuten":
		return farewellRakuten
	}
	return farewellReturn
}

// Grant is what the app reads the shop with, as a key of texts.
func (f farewell) Grant() string {
	if f == farewellRakuten {
		return "erase_license"
	}
	return "erase_grant"
}

// Kept is what stays and why, as keys of texts.
func (f farewell) Kept() []string {
	switch f {
	case farewellColorMe:
		return []string{"erase_kept_colorme", "erase_kept_events"}
	case farewellMakeShop:
		return []string{"erase_kept_makeshop", "erase_kept_token", "erase_kept_events"}
	case farewellReturn:
		return []string{"erase_kept_events"}
	}
	return nil
}

// Then is what has to be done to come back, as a key of texts.
func (f farewell) Then() string { return "erase_then_" + string(f) }

// erasePage says before anything is erased what will follow.
func (a *app) erasePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	orders, err := a.store.countOrders(r.Context(), v.shop.shopKey)
	if err != nil {
		return err
	}
	a.render(w, http.StatusOK, "erase", v, struct {
		shop

		Path     string
		Orders   int
		Farewell farewell
	}{v.shop, shopPath(v.shop.shopKey), orders, farewellOf(v.shop)})
	return nil
}

// eraseNow erases, and sends the browser to a page that may be loaded again.
func (a *app) eraseNow(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := a.erase(r.Context(), v.shop.shopKey); err != nil {
		return err
	}
	http.Redirect(w, r, "/erased/"+string(farewellOf(v.shop)), http.StatusSeeOther)
	return nil
}

// erased says that the data are gone, and how to come back.
func (a *app) erased(w http.ResponseWriter, r *http.Request, v *visit) error {
	f := farewell(r.PathValue("farewell"))
	if texts[v.lang][f.Then()] == "" {
		return errNotFound
	}
	a.render(w, http.StatusOK, "erased", v, f)
	return nil
}
