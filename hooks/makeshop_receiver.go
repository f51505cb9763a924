package hooks

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// MakeShopConfig configures a [MakeShop]. An event has to be
// proven genuine in one of two ways: by its signature, or by an unguessable address
// and the API itself. Without either, [NewMakeShop] fails.
type MakeShopConfig struct {
	// Signature, when not nil, verifies the signature of every event. Provisional.
	Signature *MakeShopSignature
	// PathToken, when not empty, has to be the last segment of the address of every
	// event: mount the handlers below a path that ends in a slash and declare the
	// address with the token appended. At least 32 characters.
	PathToken shotengai.Secret
	// Confirm, when not nil, asks the API whether an event is true, before its function
	// runs. For an install token is the one received, and a call with it has to work;
	// for other events it is empty, and the app looks up the shop's. After an uninstall
	// the shop's token must no longer work. An error refuses the event with 403. See
	// [ConfirmMakeShop].
	Confirm func(ctx context.Context, kind Kind, shopID string, token shotengai.Secret) error
	// OnInstall runs once for each install. Any answer but 200 stops the install.
	OnInstall func(context.Context, *MakeShopInstall) error
	// OnUninstall runs once between two installs of a shop.
	OnUninstall func(context.Context, *MakeShopEvent) error
	// On are the functions for all other kinds. A kind with a result falls back to the
	// function of its Event. They have to be idempotent: see Identity.
	On map[Kind]func(context.Context, *MakeShopEvent) error
	// Identity returns what identifies an event among all of its kind and shop, or "".
	// Nil, and for "": the signed time and the body, or without a signed time the body
	// alone for one minute, because no field of these events is documented and two of
	// them may well be equal.
	Identity func(*MakeShopEvent) string
	// Ledger lets each event take effect once. Nil is a [VolatileLedger]: one process,
	// empty after a restart.
	Ledger Ledger
	// Options are the limits and the observers.
	Options Options
}

// MakeShop receives the events of makeshop. It is safe for concurrent use.
type MakeShop struct {
	receiver
	config   MakeShopConfig
	verifier *makeShopVerifier
}

// minPathToken is the length of the shortest path token.
const minPathToken = 32

// NewMakeShop returns a receiver. It fails with [ErrSecret] for unusable secrets, and with
// [ErrConfig] when nothing would prove an event, without a function, and for options out of
// range. The error has all of that, a line each.
func NewMakeShop(config MakeShopConfig) (*MakeShop, error) {
	m := &MakeShop{config: config}
	m.config.On = maps.Clone(config.On)
	wrong := config.check()
	if config.Signature != nil {
		verifier, err := config.Signature.verifier(config.Options.Logger)
		m.verifier, wrong = verifier, append(wrong, err)
	}
	handled := config.OnInstall != nil || config.OnUninstall != nil || len(config.On) > 0
	var err error
	m.receiver, err = newReceiver(config.Options, config.Ledger, handled, "OnInstall, OnUninstall or On", wrong...)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// check returns everything that is wrong with what is makeshop's own.
func (c *MakeShopConfig) check() (wrong []error) {
	token := c.PathToken.Reveal()
	switch {
	case c.Signature == nil && token == "":
		wrong = append(wrong, fmt.Errorf("%w: makeshop events need a Signature, or a PathToken and Confirm", ErrConfig))
	case c.Signature == nil && c.Confirm == nil:
		wrong = append(wrong, fmt.Errorf("%w: a PathToken alone is no proof: it needs Confirm", ErrConfig))
	}
	if token != "" && (len(token) < minPathToken || strings.ContainsAny(token, "/\r\n ")) {
		wrong = append(wrong, fmt.Errorf("%w: PathToken needs %d or more characters, none of them a slash or white space", ErrSecret, minPathToken))
	}
	for _, kind := range slices.Sorted(maps.Keys(c.On)) {
		if !strings.HasPrefix(string(kind), makeShopKinds) {
			wrong = append(wrong, fmt.Errorf("%w: %q is not a kind of makeshop", ErrConfig, kind))
		}
		if c.On[kind] == nil {
			wrong = append(wrong, fmt.Errorf("%w: the function for %q is nil", ErrConfig, kind))
		}
	}
	return wrong
}

// AssertHandles fails with [ErrConfig], and names the events, when an app of this plan
// type has no function for one that makeshop requires. Call it at the start.
func (m *MakeShop) AssertHandles(plan MakeShopPlanType, options MakeShopPlanOptions) error {
	required, err := RequiredEvents(plan, options)
	if err != nil {
		return err
	}
	if missing := missingKinds(required, m.handles); len(missing) > 0 {
		return fmt.Errorf("%w: makeshop plan type %q requires functions for %v", ErrConfig, plan, missing)
	}
	return nil
}

func (m *MakeShop) handles(kind Kind) bool {
	switch kind {
	case MakeShopInstallKind:
		return m.config.OnInstall != nil
	case MakeShopUninstallKind:
		return m.config.OnUninstall != nil
	}
	return m.config.On[kind] != nil || m.config.On[kind.Event()] != nil
}

// Handler returns the handler for the URL of a kind of event. Without a function for
// it, it answers 501.
func (m *MakeShop) Handler(kind Kind) http.Handler {
	open := m.openEvent
	switch kind {
	case MakeShopInstallKind:
		open = m.openInstall
	case MakeShopUninstallKind:
		open = m.openUninstall
	}
	return m.endpoint(hook{
		kind:       kind,
		mediaTypes: []string{jsonType},
		handled:    m.handles(kind),
		pathToken:  m.config.PathToken,
		check:      m.check,
		open: func(r *http.Request, body []byte) (*event, error) {
			proof, err := m.verify(r.Header, body)
			if err != nil {
				return nil, err
			}
			return open(kind, body, proof)
		},
	})
}

// check compares the path token, by hashes so that its length does not show either.
func (m *MakeShop) check(r *http.Request) error {
	if token := m.config.PathToken.Reveal(); token != "" {
		expected, given := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(path.Base(r.URL.Path)))
		if subtle.ConstantTimeCompare(expected[:], given[:]) != 1 {
			return ErrPathToken
		}
	}
	if m.verifier == nil {
		return nil
	}
	return m.verifier.check(r.Header)
}

// makeShopProof is what a signature says beside that it is right.
type makeShopProof struct {
	secret string
	at     time.Time // zero when no time is signed
}

// when returns when an event happened: by makeshop's clock where it signs a time, else
// when the ledger first saw it. Events are compared by times of one clock.
func (p makeShopProof) when(first time.Time) time.Time {
	if p.at.IsZero() {
		return first
	}
	return p.at
}

func (m *MakeShop) verify(header http.Header, body []byte) (makeShopProof, error) {
	if m.verifier == nil {
		return makeShopProof{}, nil
	}
	at, matched, err := m.verifier.verify(header, body, m.options.Now())
	if err != nil {
		return makeShopProof{}, err
	}
	return makeShopProof{secret: secretName(matched), at: at}, nil
}

func (m *MakeShop) openInstall(kind Kind, body []byte, proof makeShopProof) (*event, error) {
	install, err := ParseMakeShopInstall(body)
	if err != nil {
		return nil, err
	}
	ref := digest([]byte(install.Token))
	return &event{
		id:      m.key("makeshop", "install", install.ShopID, ref),
		shop:    m.shop(install.ShopID),
		ref:     ref,
		secret:  proof.secret,
		install: true,
		plan: func(known Decision) step {
			newest := known.Newest
			mark := Mark{Kind: kind, Ref: ref, At: proof.when(known.First)}
			switch {
			case known.Ended, newest.Kind == MakeShopUninstallKind && newest.Ref == ref:
				return step{err: ErrSuperseded} // its token died with the uninstall
			case newest.Ref != ref && mark.At.Before(newest.At.Truncate(time.Second)):
				return step{err: ErrSuperseded} // it came before, and failed
			}
			again := newest.Kind == mark.Kind && newest.Ref == ref
			if again {
				mark.At = newest.At // what happened since stays later
			}
			return step{
				again: again,
				mark:  mark,
				ends:  newest.replaced(mark),
				run: func(ctx context.Context) ([]byte, error) {
					if err := m.confirm(ctx, kind, install.ShopID, install.Token); err != nil {
						return nil, err
					}
					return nil, m.config.OnInstall(ctx, install)
				},
			}
		},
	}, nil
}

// openUninstall makes an event that is forgotten once it is done: nothing in its body
// differs from the uninstall after the next install. What is kept is the mark, and two
// uninstalls differ by the install that the mark names.
func (m *MakeShop) openUninstall(kind Kind, body []byte, proof makeShopProof) (*event, error) {
	uninstall, err := ParseMakeShopEvent(kind, body)
	if err != nil {
		return nil, err
	}
	return &event{
		id:     m.key("makeshop", "uninstall", uninstall.ShopID),
		shop:   m.shop(uninstall.ShopID),
		secret: proof.secret,
		keep:   -1,
		plan: func(known Decision) step {
			newest := known.Newest
			id := m.key("makeshop", "uninstall", uninstall.ShopID, "of", millis(newest.At))
			mark := Mark{Kind: kind, Ref: newest.Ref, At: proof.when(known.First)}
			switch {
			case newest.Kind == mark.Kind:
				return step{verdict: Duplicate}
			case proof.at.Before(newest.At.Truncate(time.Second)) && !proof.at.IsZero():
				return step{verdict: Late, release: true}
			}
			return step{id: id, mark: mark, run: m.run(uninstall, m.config.OnUninstall)}
		},
	}, nil
}

func (m *MakeShop) openEvent(kind Kind, body []byte, proof makeShopProof) (*event, error) {
	in, err := ParseMakeShopEvent(kind, body)
	if err != nil {
		return nil, err
	}
	handle := m.config.On[kind]
	if handle == nil {
		handle = m.config.On[kind.Event()]
	}
	id, keep := m.identity(in, proof)
	return &event{
		id:     id,
		shop:   m.shop(in.ShopID),
		secret: proof.secret,
		keep:   keep,
		plan: func(known Decision) step {
			first := known.First
			if keep != indistinct {
				return step{run: m.run(in, handle)}
			}
			if now := m.options.Now(); now.Sub(first) > keep {
				first = now // an equal event before this one was never finished
			}
			return step{id: m.key(string(kind), in.ShopID, "body", digest(in.Raw), "at", millis(first)), run: m.run(in, handle)}
		},
	}, nil
}

// identity returns the ledger's key of an event, and for how long it holds.
func (m *MakeShop) identity(e *MakeShopEvent, proof makeShopProof) (string, time.Duration) {
	if m.config.Identity != nil {
		if id := m.config.Identity(e); id != "" {
			return m.key(string(e.Kind), e.ShopID, "id", id), 0
		}
	}
	if !proof.at.IsZero() {
		return m.key(string(e.Kind), e.ShopID, "at", proof.at.UTC().Format(time.RFC3339Nano), digest(e.Raw)), 0
	}
	return m.key(string(e.Kind), e.ShopID, "body", digest(e.Raw)), indistinct
}

// indistinct is for how long two equal bodies are one event where nothing in them is
// known to differ. makeshop reports orders every two minutes.
const indistinct = time.Minute

func (m *MakeShop) run(e *MakeShopEvent, handle func(context.Context, *MakeShopEvent) error) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		if err := m.confirm(ctx, e.Kind, e.ShopID, ""); err != nil {
			return nil, err
		}
		return nil, handle(ctx, e)
	}
}

func (m *MakeShop) confirm(ctx context.Context, kind Kind, shopID string, token shotengai.Secret) error {
	if m.config.Confirm == nil {
		return nil
	}
	if err := m.config.Confirm(ctx, kind, shopID, token); err != nil {
		return fmt.Errorf("%w: %w", ErrUnconfirmed, err)
	}
	return nil
}

// shop returns the key of a shop; an event without one is not serialised.
func (m *MakeShop) shop(id string) string {
	if id == "" {
		return ""
	}
	return m.key("makeshop", id)
}

// millis is an instant as part of a key.
func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// digest shortens bytes to a key that does not reveal them.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
