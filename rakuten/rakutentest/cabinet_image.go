package rakutentest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"image"
	_ "image/gif"  // pictures that are measured
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"path"
	"strings"
)

// Limits of a picture.
const (
	maxPicture = 2 << 20 // bytes
	maxPixels  = 3840    // of either side
)

// measure reads a picture's size and returns what is wrong with it. PNG, TIFF and BMP
// become JPEG. Which code a picture with too many pixels gets is not known.
func (p *picture) measure(data []byte) int {
	if len(data) > maxPicture {
		return cabinetTooBig
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		config.Width, config.Height = cmp.Or(bmpSize(data), tiffSize(data)).sides()
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels || config.Height > maxPixels {
		return cabinetParameter
	}
	p.FileWidth, p.FileHeight, p.FileSize = config.Width, config.Height, kilobytes(len(data))
	extension := ".jpg"
	if kind == "gif" {
		extension = ".gif"
	}
	p.FilePath = strings.TrimSuffix(p.FilePath, path.Ext(p.FilePath)) + extension
	return 0
}

type pixels struct{ width, height uint32 }

func (p pixels) sides() (width, height int) { return int(p.width), int(p.height) }

// bmpSize is the size of a BMP, and nothing for another file.
func bmpSize(data []byte) pixels {
	if len(data) < 26 || !bytes.HasPrefix(data, []byte("BM")) {
		return pixels{}
	}
	return pixels{binary.LittleEndian.Uint32(data[18:]), binary.LittleEndian.Uint32(data[22:])}
}

// tiffSize is the size of a TIFF's first picture, and nothing for another file.
func tiffSize(data []byte) (size pixels) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(data, []byte("II*\x00")):
		return pixels{}
	}
	if len(data) < 8 {
		return pixels{}
	}
	at := int(order.Uint32(data[4:]))
	if at+2 > len(data) {
		return pixels{}
	}
	const width, height, short = 256, 257, 3
	for entries := data[at+2:]; len(entries) >= 12; entries = entries[12:] {
		value := order.Uint32(entries[8:])
		if order.Uint16(entries[2:]) == short {
			value = uint32(order.Uint16(entries[8:]))
		}
		switch order.Uint16(entries) {
		case width:
			size.width = value
		case height:
			size.height = value
			return size // tags are in order
		}
	}
	return pixels{}
}
