package hooks

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// ColorMeConfig configures a [ColorMe].
type ColorMeConfig struct {
	// Secrets are the app's webhook_secret, and during a rotation the one before it,
	// newest first.
	Secrets []shotengai.Secret
	// OnInstall runs once for each install and returns the https address to which the
	// owner's browser is sent: where the OAuth login begins. An error aborts the
	// install on the platform, which discards what it created and does not send the
	// event again.
	OnInstall func(context.Context, *ColorMeInstall) (redirectURL string, err error)
	// OnUninstall runs once for each uninstall. After an error the platform sends the
	// event again, two and a half hours later.
	OnUninstall func(context.Context, *ColorMeUninstall) error
	// OnLateUninstall, when not nil, is called for an uninstall that arrives after the shop
	// has installed the app again. It must not touch the grant of the new install;
	// what is left to do is to charge the usage of the old contract. Nil: a late
	// uninstall is answered with 200 and forgotten.
	OnLateUninstall func(context.Context, *ColorMeUninstall) error
	// Ledger lets each event take effect once. Nil is a [VolatileLedger]: one process,
	// empty after a restart.
	Ledger Ledger
	// RedirectHosts are the hosts to which OnInstall may send an owner. Empty: any.
	RedirectHosts []string
	// Insecure lets OnInstall return an http address of this machine too, as in
	// http://localhost:8080/login. It is for development without a certificate.
	Insecure bool
	// Options are the limits and the observers.
	Options Options
}

// ColorMe receives the install and uninstall hooks of Color Me. It is safe for
// concurrent use.
type ColorMe struct {
	receiver
	config ColorMeConfig
	keys   keyrings
}

// NewColorMe returns a receiver. It fails with [ErrSecret] when a secret is missing,
// empty, blank or has a line break in it, and with [ErrConfig] without a function and for
// options out of range. The error has all of that, a line each.
func NewColorMe(config ColorMeConfig) (*ColorMe, error) {
	handled := config.OnInstall != nil || config.OnUninstall != nil
	receiver, err := newReceiver(config.Options, config.Ledger, handled, "OnInstall or OnUninstall",
		checkConfigured(config.Secrets, config.Options.Logger))
	if err != nil {
		return nil, err
	}
	config.Secrets = slices.Clone(config.Secrets)
	config.RedirectHosts = slices.Clone(config.RedirectHosts)
	return &ColorMe{receiver: receiver, config: config}, nil
}

// InstallHandler returns the handler for the install hook's URL. A delivery that has
// been handled is answered with the same redirect_url again. Without OnInstall it
// answers 501.
func (c *ColorMe) InstallHandler() http.Handler {
	return c.endpoint(hook{
		kind:       ColorMeInstallKind,
		mediaTypes: []string{jsonType},
		handled:    c.config.OnInstall != nil,
		check:      checkColorMe,
		open:       c.openInstall,
	})
}

// UninstallHandler returns the handler for the uninstall hook's URL. An uninstall
// that is older than the shop's newest install does not reach OnUninstall. Without
// OnUninstall it answers 501.
func (c *ColorMe) UninstallHandler() http.Handler {
	return c.endpoint(hook{
		kind:       ColorMeUninstallKind,
		mediaTypes: []string{jsonType},
		handled:    c.config.OnUninstall != nil,
		check:      checkColorMe,
		open:       c.openUninstall,
	})
}

func checkColorMe(r *http.Request) error {
	return checkSignatureHeader(r.Header, ColorMeSignatureHeader)
}

func (c *ColorMe) openInstall(r *http.Request, body []byte) (*event, error) {
	matched, err := c.keys.match(c.config.Secrets, decodeBase64, r.Header.Get(ColorMeSignatureHeader), body)
	if err != nil {
		return nil, err
	}
	install, err := ParseColorMeInstall(body)
	if err != nil {
		return nil, err
	}
	return &event{
		id:      c.key("colorme", "install", install.AccountID, install.ContractID()),
		shop:    c.key("colorme", install.AccountID),
		ref:     key(install.ContractID()),
		secret:  secretName(matched),
		install: true,
		plan:    func(known Decision) step { return c.planInstall(install, known) },
	}, nil
}

// planInstall refuses the installs that cannot be new: those of contracts that have been
// uninstalled or followed by another, and those that came, and failed, before what is the newest
// event now. They are replays of old bodies.
func (c *ColorMe) planInstall(install *ColorMeInstall, known Decision) step {
	newest := known.Newest
	mark := Mark{Kind: ColorMeInstallKind, Ref: key(install.ContractID()), At: known.First}
	if known.Ended || newest.Kind == ColorMeUninstallKind && newest.Ref == mark.Ref || colorMeOlder(mark, newest) {
		return step{err: ErrSuperseded}
	}
	again := newest.Kind == mark.Kind && newest.Ref == mark.Ref
	if again {
		mark.At = newest.At // what happened since stays later
	}
	return step{
		again: again,
		mark:  mark,
		ends:  newest.replaced(mark),
		run: func(ctx context.Context) ([]byte, error) {
			redirect, err := c.config.OnInstall(ctx, install)
			if err != nil {
				return nil, err
			}
			return c.redirectBody(redirect)
		},
	}
}

// redirectBody is the answer without which the platform aborts the install.
func (c *ColorMe) redirectBody(redirect string) ([]byte, error) {
	u, err := url.Parse(redirect)
	switch {
	case redirect == "":
		return nil, fmt.Errorf("%w: empty", ErrRedirectURL)
	case err != nil, u.Host == "":
		return nil, fmt.Errorf("%w: not an absolute URL", ErrRedirectURL)
	case !c.secure(u):
		return nil, fmt.Errorf("%w: not https", ErrRedirectURL)
	case u.User != nil:
		return nil, fmt.Errorf("%w: it has user information", ErrRedirectURL)
	case len(c.config.RedirectHosts) > 0 && !slices.ContainsFunc(c.config.RedirectHosts,
		func(host string) bool { return strings.EqualFold(host, u.Host) }):
		return nil, fmt.Errorf("%w: foreign host", ErrRedirectURL)
	}
	body, _ := json.Marshal(struct {
		RedirectURL string `json:"redirect_url"`
	}{redirect})
	if len(body) > MaxResult {
		return nil, fmt.Errorf("%w: too long", ErrRedirectURL)
	}
	return body, nil
}

// secure reports whether an address is https, or an http one that Insecure allows.
func (c *ColorMe) secure(u *url.URL) bool {
	return u.Scheme == "https" || c.config.Insecure && u.Scheme == "http" && httpx.Loopback(u.Hostname())
}

func (c *ColorMe) openUninstall(r *http.Request, body []byte) (*event, error) {
	matched, err := c.keys.match(c.config.Secrets, decodeBase64, r.Header.Get(ColorMeSignatureHeader), body)
	if err != nil {
		return nil, err
	}
	uninstall, err := ParseColorMeUninstall(body)
	if err != nil {
		return nil, err
	}
	contract := cmp.Or(uninstall.RecurringApplicationChargeID, uninstall.ApplicationChargeSourceID)
	ref := uninstallRef(uninstall)
	return &event{
		id: c.key("colorme", "uninstall", uninstall.AccountID, contract,
			strconv.FormatInt(uninstall.UninstalledAt.Unix(), 10)),
		shop:   c.key("colorme", uninstall.AccountID),
		ref:    ref,
		secret: secretName(matched),
		plan:   func(known Decision) step { return c.planUninstall(uninstall, ref, known) },
	}, nil
}

// uninstallRef is the claim's of an uninstall: one for each contract, or where none is
// named, as after a one-time purchase, one for each moment. It differs from the install's,
// because the uninstall of a contract may come when a newer install has ended that one.
func uninstallRef(uninstall *ColorMeUninstall) string {
	if contract := uninstall.RecurringApplicationChargeID; contract != "" {
		return "uninstall/" + key(contract)
	}
	return "uninstall/at/" + strconv.FormatInt(uninstall.UninstalledAt.Unix(), 10)
}

// planUninstall runs an uninstall once, however long ago that was. One that names no
// contract is taken for that of the newest install.
func (c *ColorMe) planUninstall(uninstall *ColorMeUninstall, ref string, known Decision) step {
	newest := known.Newest
	mark := Mark{Kind: ColorMeUninstallKind, Ref: newest.Ref, At: uninstall.UninstalledAt}
	if mark.At.After(known.First.Add(clockTolerance)) {
		mark.At = known.First // the ledger's clock is behind, and tells when the next install comes
	}
	ends := []string{ref}
	if contract := uninstall.RecurringApplicationChargeID; contract != "" {
		mark.Ref = key(contract)
		ends = []string{ref, mark.Ref}
	}
	if known.Ended || newest.Kind == mark.Kind && newest.Ref == mark.Ref && newest.At.Equal(mark.At) {
		return step{verdict: Duplicate, ends: ends}
	}
	if colorMeLate(uninstall, newest) {
		late := step{verdict: Late, ends: ends}
		if c.config.OnLateUninstall != nil {
			late.run = func(ctx context.Context) ([]byte, error) {
				return nil, c.config.OnLateUninstall(ctx, uninstall)
			}
		}
		return late
	}
	return step{
		mark: mark,
		ends: append(ends, newest.replaced(mark)...),
		run: func(ctx context.Context) ([]byte, error) {
			return nil, c.config.OnUninstall(ctx, uninstall)
		},
	}
}

// clockTolerance is how far the clocks of a platform and of a ledger may differ
// before an event is put on the wrong side of another.
const clockTolerance = 5 * time.Minute

// colorMeOlder reports whether an install first came before the newest event, which is another's.
// The time of an install is the ledger's, that of an uninstall the platform's.
func colorMeOlder(install, newest Mark) bool {
	switch {
	case newest.Ref == install.Ref:
		return false
	case newest.Kind == ColorMeUninstallKind:
		return install.At.Before(newest.At.Add(-clockTolerance))
	}
	return install.At.Before(newest.At)
}

// colorMeLate reports whether a newer event of the shop is in force than this
// uninstall. The contract decides where both events have one: it is new on every
// install. An uninstall of another contract than the one installed is late within the
// tolerance too, because it cannot mean that one. An uninstall without a contract may
// mean it, and acts within the tolerance: an uninstall that acts too early is undone by
// the owner's next login, and one that is ignored does not come again.
func colorMeLate(uninstall *ColorMeUninstall, newest Mark) bool {
	contract := uninstall.RecurringApplicationChargeID
	switch {
	case newest.IsZero():
		return false
	case newest.Kind == ColorMeUninstallKind:
		return uninstall.UninstalledAt.Before(newest.At.Truncate(time.Second))
	case contract == "":
		return uninstall.UninstalledAt.Before(newest.At.Add(-clockTolerance))
	case key(contract) == newest.Ref:
		return false
	default:
		return uninstall.UninstalledAt.Before(newest.At.Add(clockTolerance))
	}
}
