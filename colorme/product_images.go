package colorme

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductImagesService works with the images of products: position 0 is the main image, 1
// to 3 the further ones that [Product.Images] lists too, 4 to 49 extra ones.
type ProductImagesService service

// MaxImageSize is the largest image that the platform takes, in bytes.
const MaxImageSize = 5 << 20

// ProductImageEntry is an image at its position.
type ProductImageEntry struct {
	Position int    `json:"position"` // 0 to 49
	URL      string `json:"url"`
}

// List returns all images of a product; there are no pages. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProductImages
func (s *ProductImagesService) List(ctx context.Context, productID int64, opts ...shotengai.CallOption) (*shotengai.Page[ProductImageEntry], error) {
	type reply = productEnvelope[productImages]
	r := api.Request{Operation: "GET /v1/products/{product_id}/images", Path: api.ID(productID)}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ProductImageEntry { return w.Product.Images }, opts...)
}

type productImages struct {
	ID     int64               `json:"id"` // the product
	Images []ProductImageEntry `json:"images" rows:"position"`
}

// Create uploads a JPEG, PNG or GIF of at most 5 MB to a position, and replaces the image
// that is there. The shop needs the Premium plan, else the error is [ErrPlan]. Uploads are
// paced at 5 in 10 seconds; a busy platform (503) is tried again, since an upload puts the
// same image into the same place. Scopes: read_products and write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/createProductImage
func (s *ProductImagesService) Create(ctx context.Context, productID int64, position int, image []byte, opts ...shotengai.CallOption) (*ProductImageEntry, error) {
	type reply struct {
		ProductImage ProductImageEntry `json:"product_image"`
	}
	body, err := imageForm(position, image)
	r := api.Request{
		Operation: "POST /v1/products/{product_id}/images", Path: api.ID(productID), Check: err,
		Body: body, Safety: api.RetryBusy, Limiter: s.client.uploadLimiter(),
	}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) *ProductImageEntry { return &w.ProductImage }, opts...)
}

// Delete deletes the image at a position. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/deleteProductImage
func (s *ProductImagesService) Delete(ctx context.Context, productID int64, position int, opts ...shotengai.CallOption) error {
	r := api.Request{
		Operation: "DELETE /v1/products/{product_id}/images/{position}",
		Path:      append(api.ID(productID), strconv.Itoa(position)), Check: check.Between("position", position, 0, 49),
	}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

func imageForm(position int, image []byte) (api.Content, error) {
	kind := http.DetectContentType(image)
	switch {
	case position < 0 || position > 49:
		return api.Content{}, check.Between("position", position, 0, 49)
	case len(image) == 0:
		return api.Content{}, errors.New("image: empty")
	case len(image) > MaxImageSize:
		return api.Content{}, fmt.Errorf("image: %d bytes, at most %d are allowed", len(image), MaxImageSize)
	case !slices.Contains([]string{"image/jpeg", "image/png", "image/gif"}, kind):
		return api.Content{}, fmt.Errorf("image: %s is neither JPEG, PNG nor GIF", kind)
	}
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="image"; filename="image.` + kind[len("image/"):] + `"`},
		"Content-Type":        {kind},
	})
	if err == nil {
		_, err = part.Write(image)
	}
	err = errors.Join(err, form.WriteField("position", strconv.Itoa(position)), form.Close())
	return api.Content{Type: form.FormDataContentType(), Data: buf.Bytes()}, err
}
