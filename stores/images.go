package stores

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/text"
)

// ImagesService uploads images of items.
type ImagesService service

// MaxImageSize is the largest image that the platform takes, in bytes.
const MaxImageSize = 5 << 20

// ImageTicket permits one upload: a form to be sent to PostEndpoint, with all fields of
// Signature first and the file last.
type ImageTicket struct {
	Signature    ImageSignature `json:"signature"`
	PostEndpoint string         `json:"post_endpoint"`
}

// ImageSignature is the fields of an upload form. Their names and order are the storage's.
type ImageSignature struct {
	Key                 string           `json:"key"` // what an item's Images take
	Expires             string           `json:"Expires"`
	ContentType         string           `json:"Content-Type"`
	SuccessActionStatus string           `json:"success_action_status"`
	ACL                 string           `json:"acl"`
	CacheControl        string           `json:"Cache-Control"`
	Policy              shotengai.Secret `json:"policy"`
	XAmzCredential      shotengai.Secret `json:"x-amz-credential"`
	XAmzAlgorithm       string           `json:"x-amz-algorithm"`
	XAmzDate            string           `json:"x-amz-date"`
	XAmzSignature       shotengai.Secret `json:"x-amz-signature"`
}

// Upload uploads a PNG, JPEG or GIF of at most 5 MB and returns its key, to be used in an
// item's Images. Uploads that no item uses are purged after an unspecified time. The image
// goes to the storage that the platform names, without the shop's token; that answer is
// not paced and not tried again. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *ImagesService) Upload(ctx context.Context, name string, image io.Reader, opts ...shotengai.CallOption) (string, error) {
	data, size, kind, err := readImage(name, image)
	if err != nil {
		return "", s.client.engine.Invalid(ctx, api.Request{Operation: ticketOperation}, err)
	}
	ticket, err := s.Ticket(ctx, name, kind, size, opts...)
	if err != nil {
		return "", err
	}
	if err := s.send(ctx, ticket, name, data); err != nil {
		return "", err
	}
	return ticket.Signature.Key, nil
}

const ticketOperation = "POST " + root + "/items/image_upload"

// Ticket asks for the permission to upload one image. Upload does that by itself. Scope:
// retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *ImagesService) Ticket(ctx context.Context, name, contentType string, size int, opts ...shotengai.CallOption) (*ImageTicket, error) {
	form := ticketRequest{name, contentType, size}
	r := api.Request{Operation: ticketOperation, Body: form, Check: form.validate(), Decode: wholeTicket}
	return api.Get[ImageTicket](ctx, s.client.engine, r, opts...)
}

type ticketRequest struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
}

func (r ticketRequest) validate() error {
	return errors.Join(
		check.NotEmpty("name", r.Name), check.Between("size", r.Size, 1, MaxImageSize),
		check.Exactly("content_type", r.ContentType, "image/png", "image/jpg", "image/jpeg", "image/pjpeg", "image/gif"),
	)
}

var wholeTicket = api.Needs("signature.key", func(t *ImageTicket) bool { return t.Signature.Key != "" })

func readImage(name string, image io.Reader) (data [][]byte, size int, kind string, err error) {
	if name == "" || image == nil {
		return nil, 0, "", errors.New("an image needs a name and content")
	}
	data, size, err = readPieces(image, MaxImageSize+1)
	kind = http.DetectContentType(data[0])
	switch {
	case err != nil:
		return nil, 0, "", fmt.Errorf("reading the image: %w", err)
	case size > MaxImageSize:
		return nil, 0, "", fmt.Errorf("the image is larger than %d bytes", MaxImageSize)
	case !slices.Contains([]string{"image/png", "image/jpeg", "image/gif"}, kind):
		return nil, 0, "", fmt.Errorf("%s is neither PNG, JPEG nor GIF", kind)
	}
	return data, size, kind, nil
}

// pieceSize is how much of an image is read at once, in bytes. Its size is not known before it
// ends, and one that is kept in pieces is not copied when it grows.
const pieceSize = 32 << 10

// readPieces reads up to the end, or up to limit bytes.
func readPieces(from io.Reader, limit int) (pieces [][]byte, size int, err error) {
	for err == nil && size < limit {
		piece, n := make([]byte, min(pieceSize, limit-size)), 0
		for n < len(piece) && err == nil {
			var more int
			more, err = from.Read(piece[n:])
			n += more
		}
		pieces, size = append(pieces, piece[:n]), size+n
	}
	if err == io.EOF { // and no error that has it as its cause
		err = nil
	}
	return pieces, size, err
}

// send posts the form to the storage. The address came from an answer, so it has to be an
// https one of the storage service, or the fake's.
func (s *ImagesService) send(ctx context.Context, ticket *ImageTicket, name string, data [][]byte) error {
	form, err := ticket.Signature.form(name, data)
	if err = errors.Join(s.client.checkStorage(ticket.PostEndpoint), err); err != nil {
		return &shotengai.Error{
			Platform: platform, Operation: storageOperation, Method: http.MethodPost, Path: storagePath, Kind: shotengai.ErrUnavailable, Cause: err,
		}
	}
	return s.client.engine.Upload(ctx, storageOperation, ticket.PostEndpoint, form, 1<<20, func(status int, answer []byte, err error) error {
		if status == http.StatusCreated {
			return nil
		}
		return ticket.failed(status, answer, err)
	})
}

// The names of an upload in errors: its address is the storage's, and signed.
const (
	storagePath      = "(storage)"
	storageOperation = "POST " + storagePath
)

// failed is an upload that failed at the storage, which answers in XML. A redirect is a
// failure, too.
func (t *ImageTicket) failed(status int, answer []byte, cause error) error {
	kind := api.KindOf(status)
	if kind == nil {
		kind = shotengai.ErrUnavailable
	}
	signature := httpx.NewRedactor(t.Signature.Policy.Reveal(), t.Signature.XAmzCredential.Reveal(), t.Signature.XAmzSignature.Reveal())
	body := signature.Bytes(answer)
	return &shotengai.Error{
		Platform: platform, Operation: storageOperation, Method: http.MethodPost, Path: storagePath, StatusCode: status,
		Attempts: 1, Body: slices.Clip(body[:min(len(body), text.MaxExcerpt)]), Kind: kind, Cause: cause,
	}
}

func (c *Client) checkStorage(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return errors.New("the platform named an address that is not well formed")
	}
	if c.engine.TestServer() && httpx.Loopback(u.Hostname()) {
		return nil
	}
	if u.Scheme != "https" || u.Port() != "" || !isStorage(u.Hostname()) {
		return fmt.Errorf("the platform named an address at %q, which is no storage that it uses", u.Hostname())
	}
	return nil
}

// isStorage reports whether a host is the storage service, with or without the bucket in front.
func isStorage(host string) bool {
	name, aws := strings.CutSuffix(host, ".amazonaws.com")
	service := false
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
		service = service || label == "s3" || strings.HasPrefix(label, "s3-")
	}
	return aws && service
}

// form is the image between the two ends of a form.
func (s ImageSignature) form(name string, image [][]byte) (api.Pieces, error) {
	var ends bytes.Buffer
	form := multipart.NewWriter(&ends)
	var errs []error
	for _, field := range [][2]string{
		{"key", s.Key},
		{"Expires", s.Expires},
		{"Content-Type", s.ContentType},
		{"success_action_status", s.SuccessActionStatus},
		{"acl", s.ACL},
		{"Cache-Control", s.CacheControl},
		{"policy", s.Policy.Reveal()},
		{"x-amz-credential", s.XAmzCredential.Reveal()},
		{"x-amz-algorithm", s.XAmzAlgorithm},
		{"x-amz-date", s.XAmzDate},
		{"x-amz-signature", s.XAmzSignature.Reveal()},
	} {
		errs = append(errs, form.WriteField(field[0], field[1]))
	}
	_, err := form.CreateFormFile("file", name)
	before := ends.Len()
	err = errors.Join(append(errs, err, form.Close())...)
	data := slices.Concat([][]byte{ends.Bytes()[:before]}, image, [][]byte{ends.Bytes()[before:]})
	return api.Pieces{Type: form.FormDataContentType(), Data: data}, err
}
