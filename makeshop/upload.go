package makeshop

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// File is a file that a mutation takes, such as an image.
type File struct {
	Name string
	Type string // such as image/jpeg; "application/octet-stream" when empty
	Data []byte
}

// Upload is Mutate with files. Each is named by its place in the variables, such as
// "variables.input.images.0", where the document declares an upload; what the variables
// have there is replaced. The limit of [MaxRequestBytes] holds for all of it together.
//
// Provisional: the platform documents only that requests with images are not of type
// application/json. Upload sends them by the GraphQL multipart request convention, which
// servers of this make understand. Which fields take files is not known.
func (c *Client) Upload(ctx context.Context, document string, variables any, files map[string]File, out any, opts ...shotengai.CallOption) error {
	d, err := parseDocument(document)
	if err == nil && d.kind != "mutation" {
		err = errors.New("document: files go with a mutation only")
	}
	out, wrong := into(out)
	if err = cmp.Or(err, wrong); err != nil {
		return c.invalid(ctx, "mutation (anonymous)", err)
	}
	content, err := multipartBody(d, document, variables, files)
	r := api.Request{Operation: d.label(), Body: content, Check: err, Decode: decoding, Safety: api.Write}
	reply, err := c.engine.Call(ctx, r, newEnvelope(out), opts...)
	return c.beside(reply, newEnvelope(out), err)
}

// multipartBody writes the parts operations, map and one for each file.
func multipartBody(d document, text string, variables any, files map[string]File) (api.Content, error) {
	if len(files) == 0 {
		return api.Content{}, errors.New("files: none; use Mutate")
	}
	places := slices.Sorted(maps.Keys(files))
	cleared, err := clearPlaces(variables, places)
	if err != nil {
		return api.Content{}, err
	}
	operations, err := encode(d, text, cleared)
	if err != nil {
		return api.Content{}, err
	}
	mapping := make(map[string][]string, len(places))
	for i, place := range places {
		mapping[strconv.Itoa(i)] = []string{place}
	}
	index, err := json.Marshal(mapping)
	if err != nil {
		return api.Content{}, err
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	errs := []error{w.WriteField("operations", string(operations)), w.WriteField("map", string(index))}
	for i, place := range places {
		errs = append(errs, writeFile(w, strconv.Itoa(i), files[place]))
	}
	errs = append(errs, w.Close(), checkSize(buf.Len()))
	return api.Content{Type: w.FormDataContentType(), Data: buf.Bytes()}, errors.Join(errs...)
}

func writeFile(w *multipart.Writer, field string, file File) error {
	if file.Name == "" || len(file.Data) == 0 {
		return errors.New("files: one has no name, or is empty")
	}
	kind := file.Type
	if kind == "" {
		kind = "application/octet-stream"
	}
	if _, _, err := mime.ParseMediaType(kind); err != nil || strings.ContainsAny(kind, "\r\n") {
		return fmt.Errorf("files: %q is no media type", kind)
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(field, file.Name)},
		"Content-Type":        {kind},
	})
	if err != nil {
		return err
	}
	_, err = part.Write(file.Data)
	return err
}

// clearPlaces returns the variables with null at the places of files, as the convention
// has it.
func clearPlaces(variables any, places []string) (any, error) {
	data, err := json.Marshal(variables)
	if err != nil {
		return nil, fmt.Errorf("variables: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, fmt.Errorf("variables: %w", err)
	}
	for _, place := range places {
		steps := strings.Split(place, ".")
		if len(steps) < 2 || steps[0] != "variables" || !clearPlace(tree, steps[1:]) {
			return nil, fmt.Errorf("files: the variables have no place %q", place)
		}
	}
	return tree, nil
}

func clearPlace(node any, steps []string) bool {
	switch node := node.(type) {
	case map[string]any:
		if len(steps) == 1 {
			node[steps[0]] = nil
			return true
		}
		return clearPlace(node[steps[0]], steps[1:])
	case []any:
		i, err := strconv.Atoi(steps[0])
		if err != nil || i < 0 || i >= len(node) {
			return false
		}
		if len(steps) == 1 {
			node[i] = nil
			return true
		}
		return clearPlace(node[i], steps[1:])
	}
	return false
}
