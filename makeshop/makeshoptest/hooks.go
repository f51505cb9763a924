package makeshoptest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// The kinds of webhooks that the fake sends by itself. They are those of package hooks.
const (
	hookInstall   = "makeshop.install"
	hookUninstall = "makeshop.uninstall"
)

// HookDelivery is one webhook as it was sent. The platform documents no resends,
// and the fake makes none.
type HookDelivery struct {
	// Kind is the event, such as makeshop.install. The body does not name it.
	Kind string
	// URL is where it was sent; empty if the app has no address for it.
	URL string
	// Body is what was sent.
	Body []byte
	// Signature and Timestamp are the headers; empty without a WebhookSecret.
	Signature, Timestamp string
	// Time is when it was sent.
	Time time.Time
	// Status of the answer, 0 when there was none.
	Status int
	// Answer is the body of the answer, at most 64 KiB of it.
	Answer []byte
	// Err is why there was no answer.
	Err error
}

// HookDeliveries returns all webhooks so far, oldest first.
func (s *Server) HookDeliveries() []HookDelivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.hooks)
}

// Install adds the app to a shop and sends the install webhook, which delivers the
// token. Any answer but 200 fails the installation: its token is dead then.
func (s *Server) Install(ctx context.Context, shop *Shop, planID int64) (*Installation, error) {
	s.mu.Lock()
	if shop.installed != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("makeshoptest: the app is installed in %s", shop.ID)
	}
	in := s.install(shop, planID)
	result, body := *in, s.installBody(in)
	s.mu.Unlock()

	d := s.notify(ctx, hookInstall, body)
	if d.URL == "" || d.Status == http.StatusOK {
		return &result, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if shop.installed == in {
		s.remove(shop)
	}
	if d.Err != nil {
		return nil, fmt.Errorf("makeshoptest: install failed: %w", d.Err)
	}
	return nil, fmt.Errorf("makeshoptest: install failed: the app answered %d", d.Status)
}

// install makes an installation; the caller holds the lock.
func (s *Server) install(shop *Shop, planID int64) *Installation {
	in := &Installation{ShopID: shop.ID, PlanID: planID, Token: "PAT." + newSecret(32), InstalledAt: s.Now()}
	shop.installed = in
	return in
}

func (s *Server) installBody(in *Installation) object {
	body := object{
		"app_id": s.app.ID, "plan_id": in.PlanID, "app_name": s.app.Name, "shop_id": in.ShopID, "token": in.Token,
	}
	if s.app.MemberSSO {
		body["client_id"], body["client_secret"] = "member-sso-id", newSecret(16)
	}
	return body
}

// remove ends an installation: all its tokens die. The caller holds the lock.
func (s *Server) remove(shop *Shop) {
	shop.installed = nil
	s.auth.RevokeShop(shop.ID)
}

// Installation is the app in the shop, or nil.
func (shop *Shop) Installation() *Installation {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	if shop.installed == nil {
		return nil
	}
	return new(*shop.installed)
}

// Uninstall removes the app from a shop and sends the webhook. The tokens are dead
// by then. The app is gone whatever is answered, which is an assumption.
func (s *Server) Uninstall(ctx context.Context, shop *Shop) (HookDelivery, error) {
	s.mu.Lock()
	if shop.installed == nil {
		s.mu.Unlock()
		return HookDelivery{}, fmt.Errorf("makeshoptest: the app is not installed in %s", shop.ID)
	}
	s.remove(shop)
	s.mu.Unlock()
	return s.Notify(ctx, shop, hookUninstall, nil), nil
}

// Notify sends any other webhook about a shop, such as makeshop.monthly_renewal,
// or a kind with a result. The body has app_id, app_name and shop_id, and the fields:
// which fields the platform has is known for install and uninstall alone.
func (s *Server) Notify(ctx context.Context, shop *Shop, kind string, fields map[string]any) HookDelivery {
	app := s.App()
	body := object{"app_id": app.ID, "app_name": app.Name, "shop_id": shop.ID}
	maps.Copy(body, fields)
	return s.notify(ctx, kind, body)
}

func (s *Server) notify(ctx context.Context, kind string, body object) HookDelivery {
	return s.Deliver(ctx, kind, fake.JSON(body))
}

// Deliver sends a body as a webhook, signed anew. It serves to repeat a delivery.
func (s *Server) Deliver(ctx context.Context, kind string, body []byte) HookDelivery {
	app := s.App()
	d := HookDelivery{Kind: kind, URL: app.hookURL(kind), Body: body, Time: s.Now()}
	if d.URL == "" {
		return d
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if app.WebhookSecret != "" {
		d.Timestamp = strconv.FormatInt(d.Time.Unix(), 10)
		mac := hmac.New(sha256.New, []byte(app.WebhookSecret.Reveal()))
		mac.Write([]byte(d.Timestamp + "." + string(body)))
		d.Signature = hex.EncodeToString(mac.Sum(nil))
		header.Set("X-Makeshop-Signature", d.Signature)
		header.Set("X-Makeshop-Request-Timestamp", d.Timestamp)
	}
	answer, err := fake.Post(ctx, s.config.hookClient, d.URL, header, body)
	d.Status, d.Answer, d.Err = answer.Status, answer.Body, err
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, d)
	return d
}

func (a App) hookURL(kind string) string {
	if address := a.HookURLs[kind]; address != "" {
		return address
	}
	for _, result := range []string{".success", ".failure"} {
		if event, found := strings.CutSuffix(kind, result); found {
			return a.HookURLs[event]
		}
	}
	return ""
}
