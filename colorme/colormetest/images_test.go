package colormetest_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The first bytes of pictures, as far as they show the kind.
const (
	png = "\x89PNG\x0D\x0A\x1A\x0A rest"
	gif = "GIF89a rest"
	jpg = "\xFF\xD8\xFF rest"
)

const boundary = "arcade"

var formType = []string{"Content-Type", "multipart/form-data; boundary=" + boundary}

// form is an upload; an empty part is left out.
func form(t *testing.T, image, position string) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	require.NoError(t, w.SetBoundary(boundary))
	if image != "" {
		part, err := w.CreateFormFile("image", "picture")
		require.NoError(t, err)
		_, err = part.Write([]byte(image))
		require.NoError(t, err)
	}
	if position != "" {
		require.NoError(t, w.WriteField("position", position))
	}
	require.NoError(t, w.Close())
	return body.String()
}

func TestImages(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	product := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(nil))
	images := product + "/images"
	upload := func(body string) (int, object) {
		status, raw := a.call(http.MethodPost, images, body, formType...)
		return status, decode(t, raw)
	}

	status, got := upload(form(t, gif, "0"))
	require.Equal(t, http.StatusCreated, status)
	assertKeys(t, "position url", at(t, got, "product_image"))
	assert.Equal(t, at(t, got, "product_image", "url"), at(t, a.get(product), "product", "image_url"), "0 is the main picture")
	for _, position := range []string{"3", "4", "49"} {
		status, _ = upload(form(t, jpg, position))
		require.Equal(t, http.StatusCreated, status)
	}
	_, got = upload(form(t, png, "49"))
	list := a.get(images)
	assertKeys(t, "id images", at(t, list, "product"))
	all := rows(t, at(t, list, "product"), "images")
	assert.Equal(t, at(t, got, "product_image", "url"), at(t, all[len(all)-1], "url"), "the same position overwrites")
	for _, shown := range rows(t, at(t, a.get(product), "product"), "images") {
		assert.LessOrEqual(t, id(t, shown, "position"), int64(3))
		assert.Positive(t, id(t, shown, "position"))
	}

	refusals := []struct {
		name string
		body string
		code int64
	}{
		{"text", form(t, "hello", "1"), 422043},
		{"too large", form(t, png+strings.Repeat("x", 5<<20), "1"), 422043},
		{"position", form(t, png, "50"), 422014},
		{"no position", form(t, png, ""), 422007},
		{"no picture", form(t, "", "1"), 422007},
	}
	for _, tt := range refusals {
		_, got := upload(tt.body)
		assert.Equal(t, tt.code, id(t, got, "errors", 0, "code"), tt.name)
	}
	a.refused(http.MethodPost, images, `{}`, 422100)

	assert.Nil(t, a.want(204, http.MethodDelete, images+"/49", nil))
	a.refused(http.MethodDelete, images+"/49", nil, 422050, "product_image.position")
}
