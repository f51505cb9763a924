package makeshop_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

const uploadDocument = "mutation addImages($input: In!) { addImages(input: $input) { id } }"

func TestUpload(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"addImages":{"id":7}}}`))
	type image struct {
		Order int   `json:"order"`
		File  *bool `json:"file"`
	}
	variables := map[string]any{"input": map[string]any{"big": int64(9007199254740993), "images": []image{{Order: 1}, {Order: 2}}}}
	var out struct{ AddImages struct{ ID int } }
	require.NoError(t, newClient(t, srv).Upload(t.Context(), uploadDocument, variables, map[string]makeshop.File{
		"variables.input.images.1.file": {Name: "b \"2\".png", Type: "image/png", Data: []byte("two")},
		"variables.input.images.0.file": {Name: "a.bin", Data: []byte("one")},
	}, &out))
	assert.Equal(t, 7, out.AddImages.ID)

	got := srv.only(t)
	kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	require.NoError(t, err)
	assert.Equal(t, "multipart/form-data", kind)
	reader := multipart.NewReader(bytes.NewReader([]byte(got.Raw)), params["boundary"])
	var names, files, texts []string
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		data, err := io.ReadAll(part)
		require.NoError(t, err)
		names, files, texts = append(names, part.FormName()), append(files, part.FileName()), append(texts, string(data))
	}
	assert.Equal(t, []string{"operations", "map", "0", "1"}, names, "in the order that the convention asks for")
	assert.Equal(t, []string{"", "", "a.bin", `b "2".png`}, files)
	assert.Equal(t, []string{"one", "two"}, texts[2:])
	assert.JSONEq(t, `{"0":["variables.input.images.0.file"],"1":["variables.input.images.1.file"]}`, texts[1])
	var operations struct {
		Query         string          `json:"query"`
		OperationName string          `json:"operationName"`
		Variables     json.RawMessage `json:"variables"`
	}
	require.NoError(t, json.Unmarshal([]byte(texts[0]), &operations))
	assert.Equal(t, uploadDocument, operations.Query)
	assert.Equal(t, "addImages", operations.OperationName)
	assert.Equal(t, `{"input":{"big":9007199254740993,"images":[{"file":null,"order":1},{"file":null,"order":2}]}}`, string(operations.Variables))
}

func TestUploadRefuses(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{}}`))
	client := newClient(t, srv)
	good := makeshop.File{Name: "a", Data: []byte("x")}
	for reason, files := range map[string]map[string]makeshop.File{
		"none; use Mutate":    nil,
		"no place":            {"variables.other.file": good},
		`"variables"`:         {"variables": good},
		`"input.file"`:        {"input.file": good},
		`"variables.list.2"`:  {"variables.list.2": good},
		`"variables.list.-1"`: {"variables.list.-1": good},
		"no name":             {"variables.file": {Data: []byte("x")}},
		"or is empty":         {"variables.file": {Name: "a"}},
		"is no media type":    {"variables.file": {Name: "a", Type: "image/png\r\nX: y", Data: []byte("x")}},
		"stay below 5000000":  {"variables.file": {Name: "a", Data: make([]byte, makeshop.MaxRequestBytes)}},
	} {
		err := client.Upload(t.Context(), uploadDocument, map[string]any{"file": nil, "list": []any{1}}, files, nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid, reason)
		assert.Contains(t, err.Error(), reason)
	}
	require.ErrorIs(t, client.Upload(t.Context(), uploadDocument, func() {}, map[string]makeshop.File{"variables.a": good}, nil), shotengai.ErrInvalid)
	assert.Empty(t, srv.requests())

	lost := newServer(t, answer{})
	err := newClient(t, lost).Upload(t.Context(), uploadDocument, map[string]any{"file": nil}, map[string]makeshop.File{"variables.file": good}, nil)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Len(t, lost.requests(), 1)
	assert.True(t, strings.HasPrefix(lost.only(t).Header.Get("Content-Type"), "multipart/form-data; boundary="))
}
