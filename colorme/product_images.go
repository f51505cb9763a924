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

	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductImagesService works with the images of products: position 0 is the main image, 1
// to 3 the further ones that [Product.Images] lists too, 4 to 49 extra ones.
type ProductImagesService service

// MaxImageSize is the largest image that the platform takes, in bytes.
const MaxImageSize = 5 << 20

// ProductImages is all images of a product.
type ProductImages struct {
	ID     int64               `json:"id"` // the product
	Images []ProductImageEntry `json:"images"`
}

// ProductImageEntry is an image at its position.
type ProductImageEntry struct {
	Position int    `json:"position"` // 0 to 49
	URL      string `json:"url"`
}

// List returns all images of a product. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProductImages
func (s *ProductImagesService) List(ctx context.Context, productID int64, opts ...CallOption) (*ProductImages, error) {
	var out productEnvelope[ProductImages]
	r := api.Request{Method: http.MethodGet, Path: api.PathID("/v1/products/%s/images", productID)}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Product, nil
}

// Create uploads a JPEG, PNG or GIF of at most 5 MB to a position, and replaces the image
// that is there. The shop needs the Premium plan, else the error is [ErrPlan]. Uploads are
// paced at 5 in 10 seconds; a busy platform (503) is tried again, since an upload puts the
// same image into the same place. Scopes: read_products and write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/createProductImage
func (s *ProductImagesService) Create(ctx context.Context, productID int64, position int, image []byte, opts ...CallOption) (*ProductImageEntry, error) {
	var out struct {
		ProductImage ProductImageEntry `json:"product_image"`
	}
	body, err := imageForm(position, image)
	r := api.Request{
		Method: http.MethodPost, Path: api.PathID("/v1/products/%s/images", productID), Check: err,
		Body: body, Safety: api.RetryBusy, Limiter: s.client.uploads,
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.ProductImage, nil
}

// Delete deletes the image at a position. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/deleteProductImage
func (s *ProductImagesService) Delete(ctx context.Context, productID int64, position int, opts ...CallOption) error {
	return s.client.engine.Do(ctx, api.Request{
		Method: http.MethodDelete, Path: api.PathID("/v1/products/%s/images/", productID) + strconv.Itoa(position),
		Check: between("position", int64(position), 0, 49),
	}, nil, opts...)
}

func imageForm(position int, image []byte) (api.Content, error) {
	kind := http.DetectContentType(image)
	switch {
	case position < 0 || position > 49:
		return api.Content{}, between("position", int64(position), 0, 49)
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
