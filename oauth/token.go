package oauth

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

const (
	// tokenTimeout is the whole time for a call to the token endpoint. A shorter one
	// loses grants: a rotation that takes longer has happened all the same.
	tokenTimeout = 20 * time.Second
	// maxAnswer is how much of an answer is read, in bytes.
	maxAnswer = 1 << 20

	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// tokenCall is one request to the token or revocation endpoint.
type tokenCall struct {
	*Provider
	op      string
	address string         // where the request goes, without a query
	secrets []string       // the credentials of the request
	sent    httpx.Redactor // masks them

	began time.Time
	seen  shotengai.Call // what an observer learns of it
}

// answer is what an endpoint replied, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	sentAt time.Time
}

// token asks the token endpoint for a grant. It may return an error together with a grant
// that is not to be used.
func (p *Provider) token(ctx context.Context, op string, form url.Values) (g *Grant, err error) {
	c := &tokenCall{Provider: p, op: op, began: time.Now()}
	defer func() { c.observed(ctx, err) }()
	a, err := c.post(ctx, p.TokenURL, form)
	if err != nil {
		return nil, err
	}
	return c.grant(a)
}

// renew asks the token endpoint for the next version of a grant. It may return one together
// with what was wrong with the answer.
func (p *Provider) renew(ctx context.Context, form url.Values, nonce shotengai.Secret) (g *Grant, flaw, err error) {
	c := &tokenCall{Provider: p, op: "refresh", began: time.Now()}
	defer func() { c.observed(ctx, err) }()
	a, err := c.post(ctx, p.TokenURL, form)
	if a == nil {
		return nil, nil, err
	}
	return c.renewed(a, nonce, err)
}

func (p *Provider) revoke(ctx context.Context, form url.Values) (err error) {
	c := &tokenCall{Provider: p, op: "revoke", began: time.Now()}
	defer func() { c.observed(ctx, err) }()
	a, err := c.post(ctx, p.RevokeURL, form)
	if err != nil {
		return err
	}
	if a.success() {
		return nil
	}
	m, _ := a.members()
	return c.refused(a, m)
}

// post sends the form once. Its errors are those without a whole answer; what has come of one
// is returned together with the error.
func (c *tokenCall) post(ctx context.Context, address string, form url.Values) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	c.address, _, _ = strings.Cut(address, "?")
	header := http.Header{
		"Accept":       {"application/json"},
		"Content-Type": {"application/x-www-form-urlencoded"},
		"User-Agent":   {"shotengai-go/" + shotengai.Version + " (" + c.Name + "; oauth)"},
	}
	if err := c.authenticate(ctx, header, form); err != nil {
		return nil, fmt.Errorf("oauth: %s: %s: %w: %w", c.Name, c.op, ErrNotSent, err)
	}
	c.secrets = c.credentials(header, form)
	c.sent = httpx.NewRedactor(c.secrets...)
	watched, sent := httpx.WatchSent(ctx)
	req, err := http.NewRequestWithContext(watched, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, c.unsent(err)
	}
	req.Header, req.Pattern = header, c.operation()
	req.Close = true
	if err := ctx.Err(); err != nil {
		return nil, c.unsent(err)
	}
	a := &answer{sentAt: now()}
	departed := time.Now()
	defer func() {
		c.seen.Attempt, c.seen.Wire = 1, time.Since(departed)
		c.seen.StatusCode, c.seen.Sent, c.seen.Received = a.status, req.ContentLength, int64(len(a.body))
	}()
	resp, err := c.httpClient().Do(req) //nolint:bodyclose // ReadBody closes it
	if err != nil {
		if sent() {
			return nil, c.unanswered(err)
		}
		return nil, c.unsent(err)
	}
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, err = readAnswer(resp)
	if err != nil && a.status < 300 {
		return a, c.unanswered(err)
	}
	return a, nil // of a refusal the status says enough, however much of it came
}

// readAnswer reads a body up to the limit. It returns what there is of one that is longer or
// breaks off.
func readAnswer(resp *http.Response) ([]byte, error) {
	resp.ContentLength = min(resp.ContentLength, maxAnswer)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer+1), resp.Body}
	body, err := httpx.ReadBody(resp, maxAnswer+1)
	if len(body) > maxAnswer {
		return body[:maxAnswer], fmt.Errorf("%w: more than %d bytes", shotengai.ErrResponseTooLarge, maxAnswer)
	}
	return body, err
}

// authenticate proves who is asking, in the one style of the platform.
func (c *tokenCall) authenticate(ctx context.Context, header http.Header, form url.Values) error {
	secret := c.Client.Secret.Reveal()
	form.Set("client_id", c.Client.ID)
	switch c.AuthStyle {
	case SecretInBody:
		form.Set("client_secret", secret)
	case SecretInHeader:
		id := c.Client.ID
		if !c.RawBasic {
			id, secret = url.QueryEscape(id), url.QueryEscape(secret)
		}
		header["Authorization"] = []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))}
	case PrivateKeyJWT:
		assertion, err := c.Assert(ctx, c.TokenURL)
		if err != nil {
			return fmt.Errorf("client assertion: %w", err)
		}
		form.Set("client_assertion_type", assertionType)
		form.Set("client_assertion", assertion)
	}
	return nil
}

// credentials are the parts of a request that no error may quote.
func (c *tokenCall) credentials(header http.Header, form url.Values) []string {
	credentials := []string{c.Client.Secret.Reveal(), strings.TrimPrefix(header.Get("Authorization"), "Basic ")}
	for _, name := range []string{"code", "code_verifier", "refresh_token", "token", "client_assertion"} {
		credentials = append(credentials, form[name]...)
	}
	return credentials
}

func (p *Provider) httpClient() *http.Client {
	client := http.Client{}
	if p.HTTPClient != nil {
		client = *p.HTTPClient
	}
	client.Transport = withoutKeepAlive(client.Transport)
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// withoutKeepAlive gives a request a connection of its own. A server may close a kept one just
// when the request goes out, and then nobody knows whether a code or a single-use refresh token
// is used up.
func withoutKeepAlive(transport http.RoundTripper) http.RoundTripper {
	if transport == nil {
		transport = http.DefaultTransport
	}
	pooled, ok := transport.(*http.Transport)
	if !ok {
		return transport
	}
	own := pooled.Clone()
	own.DisableKeepAlives = true
	return own
}

func (c *tokenCall) unsent(err error) error {
	return &callError{c.Name, c.op, c.address, ErrNotSent, safe(err)}
}

func (c *tokenCall) unanswered(err error) error {
	return &callError{c.Name, c.op, c.address, shotengai.ErrOutcomeUnknown, safe(err)}
}

// callError is a call that got no whole answer.
type callError struct {
	platform, op, address string
	reason, cause         error
}

func (e *callError) Error() string {
	return fmt.Sprintf("oauth: %s: %s: %v: %s: %v", e.platform, e.op, e.reason, e.address, e.cause)
}

func (e *callError) Unwrap() []error {
	if errors.Is(e.cause, context.Canceled) {
		return []error{e.reason, e.cause}
	}
	return []error{e.reason, e.cause, shotengai.ErrUnavailable}
}

// safe hides the text of an error that may quote what was sent or received.
func safe(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e
	}
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF,
		syscall.ECONNRESET, syscall.EPIPE, net.ErrClosed, shotengai.ErrResponseTooLarge,
	} {
		if errors.Is(err, known) {
			return httpx.Masked(known.Error(), err)
		}
	}
	return httpx.Masked("the connection failed or the answer was not HTTP", err)
}
