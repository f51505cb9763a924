package storestest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

const (
	imageHost  = "https://images.example.com"
	bucket     = "stores-image-uploads"
	uploadPath = "/storage/" + bucket
	ticketLife = 15 * time.Minute
	imageLimit = 5 << 20
)

// ticket is the permission to upload one file.
type ticket struct {
	shop   *Shop
	fields map[string]string
	size   int64
	until  time.Time
}

// makeTicket signs an upload to the storage, which is on the same server.
func (c *call) makeTicket() (int, any) {
	b := c.readBody("name", "content_type", "size")
	b.require("name", "content_type", "size")
	b.text("name", 1, 255)
	kind := b.oneOf("content_type", "image/png", "image/jpg", "image/jpeg", "image/pjpeg", "image/gif")
	size := b.integer("size", 1, imageLimit)
	if b.problem != "" {
		return bad(b.problem)
	}
	until := c.now.Add(ticketLife)
	key := "uploads/" + c.newID()
	policy := fake.JSON(object{"expiration": until.UTC().Format(time.RFC3339), "conditions": []object{{"bucket": bucket}, {"key": key}}})
	fields := map[string]string{
		"key": key, "Expires": until.UTC().Format(http.TimeFormat), "Content-Type": kind, "success_action_status": "201",
		"acl": "public-read", "Cache-Control": "max-age=31536000", "policy": base64.StdEncoding.EncodeToString(policy),
		"x-amz-credential": "FAKEACCESSKEY/" + c.now.UTC().Format("20060102") + "/ap-northeast-1/s3/aws4_request",
		"x-amz-algorithm":  "AWS4-HMAC-SHA256", "x-amz-date": c.now.UTC().Format("20060102T150405Z"),
		"x-amz-signature": fmt.Sprintf("%x", sha256.Sum256([]byte(newSecret()))),
	}
	c.tickets[key] = &ticket{shop: c.shop, fields: fields, size: size, until: until}
	return http.StatusOK, object{"signature": fields, "post_endpoint": c.URL + uploadPath}
}

// upload is the storage: it takes a form with all fields of the ticket first and the file
// last, and no credentials but these.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		storageError(w, http.StatusBadRequest, "InvalidArgument", "Only one auth mechanism allowed")
		return
	}
	fields, file, err := readForm(r)
	if err != nil {
		storageError(w, http.StatusBadRequest, "InvalidArgument", err.Error())
		return
	}
	t := s.tickets[fields["key"]]
	switch {
	case t == nil:
		storageError(w, http.StatusForbidden, "AccessDenied", "Invalid according to Policy")
		return
	case !s.Now().Before(t.until):
		storageError(w, http.StatusForbidden, "AccessDenied", "Invalid according to Policy: Policy expired.")
		return
	case int64(len(file)) > t.size:
		storageError(w, http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
		return
	}
	for name, value := range t.fields {
		if fields[name] != value {
			storageError(w, http.StatusForbidden, "AccessDenied", "Invalid according to Policy: "+name)
			return
		}
	}
	t.shop.images[fields["key"]] = true
	writeXML(w, http.StatusCreated, struct {
		XMLName  xml.Name `xml:"PostResponse"`
		Location string
		Bucket   string
		Key      string
		ETag     string
	}{Location: s.URL + uploadPath + "/" + fields["key"], Bucket: bucket, Key: fields["key"], ETag: fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(file))[:32])})
}

// readForm reads a form in which the file has to come last, as the storage does, which
// ignores what follows it.
func readForm(r *http.Request) (fields map[string]string, file []byte, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errors.New("the body is no multipart form")
	}
	fields = make(map[string]string)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, nil, errors.New("the form has no file")
		}
		if err != nil {
			return nil, nil, errors.New("the form is malformed")
		}
		data, err := io.ReadAll(io.LimitReader(part, 64<<20))
		if err != nil {
			return nil, nil, errors.New("the form is malformed")
		}
		if part.FormName() != "file" {
			fields[part.FormName()] = string(data)
			continue
		}
		return fields, data, last(form)
	}
}

// last demands that nothing follows the file.
func last(form *multipart.Reader) error {
	if _, err := form.NextPart(); !errors.Is(err, io.EOF) {
		return errors.New("the file has to be the last field")
	}
	return nil
}

func storageError(w http.ResponseWriter, status int, code, message string) {
	writeXML(w, status, struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: code, Message: message})
}

func writeXML(w http.ResponseWriter, status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil {
		panic("storestest: encode XML: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), body...))
}
