package colormetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
)

// maxImage is the largest picture, in bytes.
const maxImage = 5 << 20

// galleryImage is a picture with its position: 0 the main one, 1 to 3 beside
// it, 4 to 49 extra.
type galleryImage struct {
	Position int64  `json:"position"`
	URL      string `json:"url"`
}

// showImages shows the pictures at 0 to 3 in the product itself.
func (p *product) showImages() {
	p.ImageURL, p.ThumbnailImageURL, p.Images = nil, nil, []productImage{}
	if url, ok := p.gallery[0]; ok {
		p.ImageURL, p.ThumbnailImageURL = new(url), new(url+"?thumbnail")
	}
	for position := range int64(4) {
		if url, ok := p.gallery[position]; ok && position > 0 {
			p.Images = append(p.Images, productImage{Src: url, Position: position})
		}
	}
}

func (c *call) listImages() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	images := []galleryImage{}
	for _, position := range slices.Sorted(maps.Keys(p.gallery)) {
		images = append(images, galleryImage{Position: position, URL: p.gallery[position]})
	}
	return http.StatusOK, object{"product": object{"id": p.ID, "images": images}}
}

// uploadImage takes a multipart form with image and position; the same
// position overwrites. Its success has never been seen.
func (c *call) uploadImage() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	image, position, code := c.imageForm()
	if code != 0 {
		return refuse(code)
	}
	if position < 0 || position > 49 {
		return refuseField(codeRange, "product_image.position")
	}
	kind := http.DetectContentType(image)
	extension, ok := map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}[kind]
	if !ok || len(image) > maxImage {
		return refuseField(codeNotImage, "product_image.image")
	}
	url := fmt.Sprintf("https://img.example.com/%s/product/%d_%d.%s?%d", c.shop.ID, p.ID, position, extension, c.now.Unix())
	p.gallery[position] = url
	p.showImages()
	return http.StatusCreated, object{"product_image": galleryImage{Position: position, URL: url}}
}

// imageForm reads the two parts of an upload.
func (c *call) imageForm() (image []byte, position int64, code int) {
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return nil, 0, codeParameter
	}
	seen := false
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, codeInternal
		}
		data, err := io.ReadAll(io.LimitReader(part, maxImage+1))
		if err != nil {
			return nil, 0, codeInternal
		}
		switch part.FormName() {
		case "image":
			image = data
		case "position":
			position, err = strconv.ParseInt(string(data), 10, 64)
			seen = err == nil
		}
	}
	if len(image) == 0 || !seen {
		return nil, 0, codeRequired
	}
	return image, position, 0
}

func (c *call) deleteImage() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	position, err := strconv.ParseInt(c.r.PathValue("position"), 10, 64)
	if _, ok := p.gallery[position]; err != nil || !ok {
		return refuseField(codeNoImage, "product_image.position")
	}
	delete(p.gallery, position)
	p.showImages()
	p.UpdateDate = c.now.Unix()
	return noContent()
}
