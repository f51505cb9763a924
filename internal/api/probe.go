package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// Bounds of what a client remembers of refused tokens.
const (
	probeMemory  = time.Hour // after which a refused token is probed again
	probeAnswers = 1024      // answers, of a hundred bytes each
)

// probes finds out whether a token is alive that was refused in words that fit a dead token
// as well as a living one. Its zero value is ready for use.
type probes struct {
	mu      sync.Mutex
	answers map[question]finding
	running map[digest]*probe
}

// digest stands for a token, so that none is kept longer than its source keeps it.
type digest [sha256.Size]byte

// question is one that was answered. A token that is alive may die, and what another
// operation says of it then is no question of its scopes: the answer holds for the operation
// that was refused while the token was alive. That a token is dead holds for all, under the
// empty operation.
type question struct {
	token     digest
	operation string
}

type finding struct {
	dead  error // the kind of the refusal, nil for a token that is alive
	until time.Time
}

// probe is one that is under way.
type probe struct {
	done chan struct{}
	dead error // as in finding
	err  error // why nothing was found out
	left bool  // the caller that sent it went away before the answer
}

// ask returns the kind of a dead token's refusal, nil for a token that is alive, or why that
// cannot be found out now. Calls side by side share one probe.
func (p *probes) ask(ctx context.Context, token *oauth2.Token, operation string, now func() time.Time, send func() error) (dead, err error) {
	about := question{sha256.Sum256([]byte(token.AccessToken)), operation}
	for {
		known, running, mine := p.join(about, now())
		if running == nil {
			return known.dead, nil
		}
		if mine {
			p.run(ctx, running, about, now, send)
			return running.dead, running.err
		}
		select {
		case <-running.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !running.left {
			return running.dead, running.err
		}
	}
}

// join returns what is known, or the probe under way, or a new one that is the caller's.
func (p *probes) join(about question, now time.Time) (known finding, running *probe, mine bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, q := range []question{{token: about.token}, about} {
		if known, found := p.answers[q]; found && now.Before(known.until) {
			return known, nil, false
		}
	}
	if running = p.running[about.token]; running != nil {
		return finding{}, running, false
	}
	if p.running == nil {
		p.running = make(map[digest]*probe)
	}
	running = &probe{done: make(chan struct{})}
	p.running[about.token] = running
	return finding{}, running, true
}

// run sends a probe and keeps its answer. A failure that says nothing of the token is
// shared with those who wait, and not kept.
func (p *probes) run(ctx context.Context, running *probe, about question, now func() time.Time, send func() error) {
	defer close(running.done)
	running.left = true // unless send returns
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.running, about.token)
		if running.err == nil && !running.left {
			p.keep(about, running.dead, now())
		}
	}()
	err := send()
	e, ok := errors.AsType[*shotengai.Error](err)
	switch {
	case err == nil:
		running.left = false
	case ok && errors.Is(e.Kind, shotengai.ErrReauthorize):
		running.dead, running.left = e.Kind, false
	default:
		running.err, running.left = err, ctx.Err() != nil || ok && e.Kind == nil
	}
}

func (p *probes) keep(about question, dead error, now time.Time) {
	if p.answers == nil || len(p.answers) >= probeAnswers {
		p.answers = make(map[question]finding) // to ask once more costs less than to keep order
	}
	if dead != nil {
		about.operation = ""
	}
	p.answers[about] = finding{dead, now.Add(probeMemory)}
}

// settle decides what a refusal means that a dead token and a living one get alike. The
// token is only given up when the probe says that it is dead.
func (e *Engine) settle(ctx context.Context, c *call, o *outcome) {
	o.KeepCredential = true
	token, ok := o.reply.Credential.(*oauth2.Token)
	if !ok || e.platform.Probe == "" {
		return
	}
	dead, err := e.probes.ask(ctx, token, o.reply.Operation, e.Now, func() error {
		return e.Do(ctx, Request{Operation: e.platform.Probe, Auth: probing{token}}, nil, countedWith(c))
	})
	switch {
	case err != nil:
		o.cause = errors.Join(o.cause, fmt.Errorf("whether the token is dead was not found out: %w", sourceError{err}))
	case dead != nil:
		o.Kind, o.KeepCredential = dead, false
	default:
		o.Kind = o.IfAlive
	}
}

// countedWith counts a probe among the requests of the call that needs it.
func countedWith(c *call) shotengai.CallOption {
	return func(s *shotengai.CallSettings) error {
		s.Requests = c.settings.Requests
		return nil
	}
}

// probing authorises a probe with the token that is in question, whatever the source has by
// now.
type probing struct{ token *oauth2.Token }

func (p probing) Authorize(_ context.Context, h http.Header) (any, error) {
	h["Authorization"] = []string{"Bearer " + p.token.AccessToken}
	return nil, nil
}

func (probing) Renew(context.Context, any) (bool, error) { return false, nil }
