package hooks

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Headers of makeshop's events, as far as known.
const (
	MakeShopSignatureHeader = "X-Makeshop-Signature"
	MakeShopTimestampHeader = "X-Makeshop-Request-Timestamp"
)

// MakeShopEncoding is the spelling of a signature.
type MakeShopEncoding string

// The spellings of a signature.
const (
	MakeShopHex    MakeShopEncoding = "hex"
	MakeShopBase64 MakeShopEncoding = "base64"
)

// The places in a MakeShopSignature.SignedText.
const (
	placeTimestamp = "{timestamp}"
	placeBody      = "{body}"
)

// MakeShopSignature is how the events of makeshop are signed: an HMAC-SHA256 in the header
// x-makeshop-signature and a time in x-makeshop-request-timestamp. Provisional.
//
// The defaults of the fields are assumptions, and a wrong one refuses every event. Try them
// against a real event, and until then use [MakeShopConfig.PathToken] and
// [MakeShopConfig.Confirm].
type MakeShopSignature struct {
	// Secrets are the keys, newest first. The API secret that is issued beside the
	// API key is the likely one.
	Secrets []shotengai.Secret
	// SignedText is what the signature is made over, with {timestamp} and {body} in
	// their places; "{timestamp}.{body}" when empty. It has to hold {body} once.
	// Without {timestamp} no time is checked.
	SignedText string
	// Encoding is the spelling; MakeShopHex when empty.
	Encoding MakeShopEncoding
	// Tolerance is how far the signed time may be off, in either direction; 5 minutes
	// when zero.
	Tolerance time.Duration
	// TimestampUnit is what the timestamp counts; time.Second when zero.
	TimestampUnit time.Duration
}

// Format writes the signature with its secrets masked, whatever the verb: for a verb that
// does not fit fmt shows what is behind a pointer without asking it.
func (s MakeShopSignature) Format(f fmt.State, _ rune) {
	type plain MakeShopSignature
	_, _ = fmt.Fprintf(f, "%+v", plain(s))
}

// makeShopVerifier is a MakeShopSignature made ready.
type makeShopVerifier struct {
	MakeShopSignature
	keys                  keyrings
	decode                encoding
	before, between, tail []byte
	timestampFirst        bool
	signsTime             bool
}

func (s MakeShopSignature) verifier(logger *slog.Logger) (*makeShopVerifier, error) {
	wrong := []error{checkConfigured(s.Secrets, logger)}
	if s.SignedText == "" {
		s.SignedText = placeTimestamp + "." + placeBody
	}
	if s.Tolerance == 0 {
		s.Tolerance = 5 * time.Minute
	}
	if s.TimestampUnit == 0 {
		s.TimestampUnit = time.Second
	}
	s.Secrets = slices.Clone(s.Secrets)
	v := &makeShopVerifier{MakeShopSignature: s, signsTime: strings.Contains(s.SignedText, placeTimestamp)}
	switch s.Encoding {
	case "", MakeShopHex:
		v.decode = decodeHex
	case MakeShopBase64:
		v.decode = decodeBase64
	default:
		wrong = append(wrong, fmt.Errorf("%w: unknown signature encoding %q", ErrConfig, s.Encoding))
	}
	if s.Tolerance < 0 || s.TimestampUnit < 0 || s.TimestampUnit > time.Second {
		wrong = append(wrong, fmt.Errorf("%w: tolerance or unit of the timestamp out of range", ErrConfig))
	}
	if strings.Count(s.SignedText, placeBody) != 1 || strings.Count(s.SignedText, placeTimestamp) > 1 {
		wrong = append(wrong, fmt.Errorf("%w: SignedText needs %s once and %s at most once", ErrConfig, placeBody, placeTimestamp))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	v.split()
	return v, nil
}

// VerifyMakeShop checks the signature of an event of makeshop over the body exactly as
// received, and the time that it covers against now. It fails with [ErrSecret] and
// [ErrConfig] for a signature that cannot be checked, with [ErrSignatureMissing],
// [ErrSignatureAmbiguous], [ErrSignatureMalformed] or [ErrSignature], and with
// [ErrTimestamp].
func VerifyMakeShop(header http.Header, body []byte, signature MakeShopSignature, now time.Time) error {
	_, err := matchMakeShop(header, body, signature, now)
	return err
}

func matchMakeShop(header http.Header, body []byte, signature MakeShopSignature, now time.Time) (int, error) {
	v, err := signature.verifier(nil)
	if err != nil {
		return -1, err
	}
	if err := v.check(header); err != nil {
		return -1, err
	}
	_, matched, err := v.verify(header, body, now)
	return matched, err
}

// OpenMakeShopInstall verifies an install as [VerifyMakeShop] does, and then parses it: for
// an application that takes its events from a queue rather than from [MakeShop].
func OpenMakeShopInstall(header http.Header, body []byte, signature MakeShopSignature, now time.Time) (Verified[*MakeShopInstall], error) {
	matched, err := matchMakeShop(header, body, signature, now)
	return verified(matched, err, func() (*MakeShopInstall, error) { return ParseMakeShopInstall(body) })
}

// OpenMakeShopEvent verifies any event but an install as [VerifyMakeShop] does, and then
// parses it. The kind is that of the route, which no signature covers.
func OpenMakeShopEvent(kind Kind, header http.Header, body []byte, signature MakeShopSignature, now time.Time) (Verified[*MakeShopEvent], error) {
	matched, err := matchMakeShop(header, body, signature, now)
	return verified(matched, err, func() (*MakeShopEvent, error) { return ParseMakeShopEvent(kind, body) })
}

// split cuts the signed text at its places.
func (v *makeShopVerifier) split() {
	before, after, _ := strings.Cut(v.SignedText, placeBody)
	if head, middle, ok := strings.Cut(before, placeTimestamp); ok {
		v.timestampFirst = true
		v.before, v.between, v.tail = []byte(head), []byte(middle), []byte(after)
		return
	}
	middle, tail, _ := strings.Cut(after, placeTimestamp)
	v.before, v.between, v.tail = []byte(before), []byte(middle), []byte(tail)
}

// check looks at the headers alone.
func (v *makeShopVerifier) check(header http.Header) error {
	if err := checkSignatureHeader(header, MakeShopSignatureHeader); err != nil {
		return err
	}
	if v.signsTime && len(header.Values(MakeShopTimestampHeader)) > 1 {
		return fmt.Errorf("%w: more than one", ErrTimestamp)
	}
	return nil
}

// verify checks the signature, then the time that it covers. The time is zero when
// none is signed.
func (v *makeShopVerifier) verify(header http.Header, body []byte, now time.Time) (time.Time, int, error) {
	stamp := header.Get(MakeShopTimestampHeader)
	first, second := body, []byte(stamp)
	if v.timestampFirst {
		first, second = second, first
	}
	if !v.signsTime {
		second = nil
	}
	matched, err := v.keys.match(v.Secrets, v.decode, header.Get(MakeShopSignatureHeader),
		v.before, first, v.between, second, v.tail)
	if err != nil || !v.signsTime {
		return time.Time{}, matched, err
	}
	at, err := parseTimestamp(stamp, v.TimestampUnit)
	if err != nil {
		return time.Time{}, -1, err
	}
	if skew := now.Sub(at); skew.Abs() > v.Tolerance {
		return time.Time{}, -1, &SkewError{Skew: skew, Tolerance: v.Tolerance}
	}
	return at, matched, nil
}

// parseTimestamp accepts digits alone, as many as a time before the year 10000 has.
func parseTimestamp(text string, unit time.Duration) (time.Time, error) {
	if text == "" {
		return time.Time{}, fmt.Errorf("%w: missing", ErrTimestamp)
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return time.Time{}, fmt.Errorf("%w: not a whole number", ErrTimestamp)
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	perSecond := int64(time.Second / unit)
	if err != nil || n/perSecond > maxUnix {
		return time.Time{}, fmt.Errorf("%w: out of range", ErrTimestamp)
	}
	return time.Unix(n/perSecond, n%perSecond*int64(unit)), nil
}
