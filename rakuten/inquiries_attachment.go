package rakuten

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Upload stores a file that a reply can carry, and returns its name. Sending it again
// stores another one.
func (s *InquiriesService) Upload(ctx context.Context, fileName string, content []byte, opts ...shotengai.CallOption) (*InquiryAttachment, error) {
	r := api.Request{Operation: "POST /es/1.0/inquirymng-api/attachment"}
	if r.Check = validAttachment(fileName, content); r.Check == nil {
		r.Body, r.Check = filePart(fileName, content)
	}
	return api.Pick(ctx, s.client.engine, r, func(w *inquiriesUploadReply) *InquiryAttachment { return &w.Result }, opts...)
}

type inquiriesUploadReply struct {
	Result InquiryAttachment `json:"result"`
}

func validAttachment(fileName string, content []byte) error {
	switch {
	case fileName == "" || strings.ContainsAny(fileName, "/\\\r\n\x00"):
		return errors.New("file: the name is empty or has a path in it")
	case len(content) == 0:
		return errors.New("file: it is empty")
	case len(content) > MaxAttachmentSize:
		return fmt.Errorf("file: %d bytes, at most %d are allowed", len(content), MaxAttachmentSize)
	}
	return nil
}

// filePart is a form with one file.
func filePart(fileName string, content []byte) (api.Content, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", fileName)
	if err == nil {
		_, err = part.Write(content)
	}
	if err := errors.Join(err, form.Close()); err != nil {
		return api.Content{}, err
	}
	return api.Content{Type: form.FormDataContentType(), Data: body.Bytes()}, nil
}

// Download returns the bytes of a file of an inquiry or reply.
func (s *InquiriesService) Download(ctx context.Context, attachment InquiryAttachment, opts ...shotengai.CallOption) ([]byte, error) {
	var content []byte
	params := struct {
		Path  string `url:"path"`
		Label string `url:"label"`
	}{attachment.Path, attachment.Label}
	r := api.Request{Operation: "GET /es/1.0/inquirymng-api/attachment", Params: params, Accept: "*/*"}
	if attachment.Path == "" || attachment.Label == "" {
		r.Check = errors.New("path and label are required")
	}
	if err := s.client.engine.Do(ctx, r, &content, opts...); err != nil {
		return nil, err
	}
	return content, nil
}
