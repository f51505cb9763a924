package colormetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/internal/closing"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// The platform resends an uninstall hook that is not answered with 200.
const (
	resendEvery = 2*time.Hour + 30*time.Minute
	maxResends  = 19
)

// Reason is why an app was uninstalled.
type Reason string

// Reasons of an uninstall.
const (
	ByShopOwner Reason = "by_shop_owner"
	ByUnpaid    Reason = "by_unpaid"
)

// HookDelivery is one attempt to deliver a hook.
type HookDelivery struct {
	// URL is where it was sent.
	URL string
	// Body is what was signed and sent.
	Body []byte
	// Signature is the X-Appstore-Signature header.
	Signature string
	// Attempt counts from 1.
	Attempt int
	// Time is when it was sent.
	Time time.Time
	// Status of the answer, 0 when there was none.
	Status int
	// Answer is the body of the answer, at most 64 KiB of it.
	Answer []byte
	// Err is why there was no answer.
	Err error
}

// HookDeliveries returns all attempts so far, oldest first.
func (s *Server) HookDeliveries() []HookDelivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.hooks)
}

// Deliver signs body with the app's webhook secret and posts it to address
// once. It serves to repeat a delivery, as the platform may.
func (s *Server) Deliver(ctx context.Context, address string, body []byte) HookDelivery {
	return s.deliver(ctx, address, body, 1)
}

func (s *Server) deliver(ctx context.Context, address string, body []byte, attempt int) HookDelivery {
	d := HookDelivery{URL: address, Body: body, Attempt: attempt, Time: s.Now()}
	d.Signature = fake.HMACSHA256(s.App().WebhookSecret.Reveal(), body)
	answer, err := fake.Post(ctx, s.config.hookClient, address, http.Header{
		"Content-Type":         {"application/json"},
		"X-Appstore-Signature": {d.Signature},
	}, body)
	d.Status, d.Answer, d.Err = answer.Status, answer.Body, err
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, d)
	return d
}

type installHook struct {
	AccountID                    string     `json:"account_id"`
	ApplicationChargeSourceID    string     `json:"application_charge_source_id"`
	RecurringApplicationChargeID string     `json:"recurring_application_charge_id,omitempty"`
	ApplicationChargeID          string     `json:"application_charge_id,omitempty"`
	TrialTerm                    *trialTerm `json:"trial_term,omitempty"`
	Mail                         string     `json:"mail"`
}

type trialTerm struct {
	StartsAt int64 `json:"starts_at"`
	EndsAt   int64 `json:"ends_at"`
}

// uninstalled is what the uninstall hook and the deletion of the installation
// have in common; the reason is in the hook alone.
type uninstalled struct {
	AccountID                    string       `json:"account_id"`
	ApplicationChargeSourceID    string       `json:"application_charge_source_id"`
	RecurringApplicationChargeID string       `json:"recurring_application_charge_id,omitempty"`
	UninstalledAt                int64        `json:"uninstalled_at"`
	Reason                       Reason       `json:"reason,omitempty"`
	UsageCharge                  *usageTokens `json:"usage_charge,omitempty"`
}

type usageTokens struct {
	APIToken  string `json:"api_token,omitempty"`
	ClosingOn int64  `json:"closing_on"`
}

// Install subscribes a shop to a plan of the app and sends the install hook.
// Any answer but 200 with a redirect_url aborts the install, discards what it
// created and is the error. From RedirectURL on, the app logs the owner in.
// Tokens that the shop has by then belong to the installation as well.
func (s *Server) Install(ctx context.Context, shop *Shop, planID string) (*Installation, error) {
	s.mu.Lock()
	in, hook, err := s.beginInstall(shop, planID)
	address := s.app.InstallURL
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if address != "" {
		if in.RedirectURL, err = redirectOf(s.deliver(ctx, address, fake.JSON(hook), 1)); err != nil {
			return nil, fmt.Errorf("colormetest: install aborted: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if shop.installed != nil {
		return nil, fmt.Errorf("colormetest: the app is installed in %s", shop.ID)
	}
	shop.installed = in
	return new(*in), nil
}

func (s *Server) beginInstall(shop *Shop, planID string) (*Installation, installHook, error) {
	plan, ok := s.app.plan(planID)
	if !ok {
		return nil, installHook{}, fmt.Errorf("colormetest: the app has no plan %q, or it has a trial that its kind cannot have", planID)
	}
	if shop.installed != nil {
		return nil, installHook{}, fmt.Errorf("colormetest: the app is installed in %s", shop.ID)
	}
	now := s.Now()
	in := &Installation{ShopID: shop.ID, Plan: plan, ContractID: newChargeID(), InstalledAt: now}
	hook := installHook{AccountID: shop.ID, ApplicationChargeSourceID: plan.ID, Mail: shop.profile.UserMail}
	if plan.Kind == OneTime {
		hook.ApplicationChargeID = in.ContractID
	} else {
		hook.RecurringApplicationChargeID = in.ContractID
	}
	if plan.TrialDays > 0 {
		begin := day(now)
		in.TrialEndsAt = begin.AddDate(0, 0, plan.TrialDays)
		hook.TrialTerm = &trialTerm{StartsAt: begin.Unix(), EndsAt: in.TrialEndsAt.Unix()}
	}
	return in, hook, nil
}

// redirectOf reads the answer to an install hook.
func redirectOf(d HookDelivery) (string, error) {
	if d.Err != nil {
		return "", d.Err
	}
	if d.Status != http.StatusOK {
		return "", fmt.Errorf("the app answered %d", d.Status)
	}
	var answer struct {
		RedirectURL string `json:"redirect_url"`
	}
	if err := json.Unmarshal(d.Answer, &answer); err != nil {
		return "", fmt.Errorf("the app's answer is not JSON: %w", err)
	}
	u, err := url.Parse(answer.RedirectURL)
	if err != nil || u.Host == "" {
		return "", errors.New("the app's answer has no redirect_url")
	}
	return answer.RedirectURL, nil
}

// Uninstall ends a shop's installation: its tokens die, its script tags go,
// and the hook is sent. The first attempt is made before Uninstall returns;
// while the answer is not 200, it is resent every 2 h 30 min, at most 19
// times, as the clock advances. The installation is gone either way.
func (s *Server) Uninstall(ctx context.Context, shop *Shop, reason Reason) (*Installation, error) {
	s.mu.Lock()
	in := shop.installed
	if in == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("colormetest: the app is not installed in %s", shop.ID)
	}
	hook := s.uninstall(shop)
	hook.Reason = reason
	address, result := s.app.UninstallURL, *in
	s.mu.Unlock()
	if address != "" {
		s.sendUninstall(ctx, address, shop.ID, fake.JSON(hook), 1)
	}
	return &result, nil
}

// sendUninstall makes one attempt and arranges for the next.
func (s *Server) sendUninstall(ctx context.Context, address, shopID string, body []byte, attempt int) {
	if s.deliver(ctx, address, body, attempt).Status == http.StatusOK {
		return
	}
	if attempt > maxResends {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.mails = append(s.mails, Mail{ShopID: shopID, Kind: "hook_failed", Time: s.Now()})
		return
	}
	s.kernel.Clock.AfterFunc(resendEvery, func() {
		s.sendUninstall(s.life, address, shopID, body, attempt+1)
	})
}

// uninstall ends the installation of a shop; the caller holds the lock.
func (s *Server) uninstall(shop *Shop) uninstalled {
	in, now := shop.installed, s.Now()
	shop.installed = nil
	in.UninstalledAt = now
	s.auth.RevokeShop(shop.ID)
	shop.tags, shop.inlineTags, shop.oldTags = nil, nil, nil
	out := uninstalled{AccountID: shop.ID, ApplicationChargeSourceID: in.Plan.ID, UninstalledAt: now.Unix()}
	if in.Plan.Kind != OneTime {
		out.RecurringApplicationChargeID = in.ContractID
	}
	if in.Plan.Kind.metered() {
		begin := in.InstalledAt
		if in.TrialEndsAt.After(begin) {
			begin = in.TrialEndsAt
		}
		in.ClosingOn = closingOn(begin, now)
		out.UsageCharge = &usageTokens{ClosingOn: in.ClosingOn.Unix()}
		if !in.inTrial(now) {
			in.UsageToken = newSecret()
			out.UsageCharge.APIToken = in.UsageToken
			s.usage[in.UsageToken] = &token{shop: shop, installation: in, until: closing.End(in.ClosingOn)}
		}
	}
	return out
}
