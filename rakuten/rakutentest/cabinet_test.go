package rakutentest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func upload(t *testing.T, c *caller, path, request string, picture []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("xml", request))
	part, err := form.CreateFormFile("file", "a.png")
	require.NoError(t, err)
	_, err = part.Write(picture)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	return c.send(http.MethodPost, path, form.FormDataContentType(), body.Bytes())
}

// grey is a PNG of the given width.
func grey(t *testing.T, width int) []byte {
	t.Helper()
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, width, 2))))
	return picture.Bytes()
}

// Other pictures than those of the standard library: only what their size is read from.
var (
	bmp        = "BM" + strings.Repeat("\x00", 12) + "\x28\x00\x00\x00" + "\x07\x00\x00\x00" + "\x05\x00\x00\x00"
	tiffLittle = "II*\x00\x08\x00\x00\x00" + "\x02\x00" + "\x00\x01\x03\x00\x01\x00\x00\x00\x07\x00\x00\x00" + "\x01\x01\x04\x00\x01\x00\x00\x00\x05\x00\x00\x00"
	tiffBig    = "MM\x00*\x00\x00\x00\x08" + "\x00\x02" + "\x01\x00\x00\x03\x00\x00\x00\x01\x00\x07\x00\x00" + "\x01\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00\x05"
)

func TestPicturesBecomeJPEG(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithSearchLag(0))
	c := as(t, srv, srv.Shop())
	for name, picture := range map[string]string{"a.bmp": bmp, "b.tif": tiffLittle, "c.tiff": tiffBig} {
		request := `<request><fileInsertRequest><file><fileName>x</fileName><folderId>0</folderId><filePath>` + name + `</filePath></file></fileInsertRequest></request>`
		got := upload(t, c, "/es/1.0/cabinet/file/insert", request, []byte(picture))
		require.Equal(t, 200, got.status, "%s: %s", name, got.body)
		found := c.get("/es/1.0/cabinet/files/search?fileId=" + between(t, got, "FileId"))
		assert.Equal(t, name[:1]+".jpg", between(t, found, "FilePath"))
		assert.Equal(t, "7", between(t, found, "FileWidth"), name)
		assert.Equal(t, "5", between(t, found, "FileHeight"), name)
		for cut := range len(picture) {
			assert.NotEqual(t, 500, upload(t, c, "/es/1.0/cabinet/file/insert", request, []byte(picture[:cut])).status)
		}
	}
}

func TestCabinet(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const base = "/es/1.0/cabinet/"
	const insert = `<request><fileInsertRequest><file><fileName>扇子</fileName><folderId>%s</folderId><filePath>sensu.png</filePath></file></fileInsertRequest></request>`

	made := c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>夏物</folderName></folder></folderInsertRequest></request>`)
	require.Equal(t, 200, made.status, "%s", made.body)
	folder := between(t, made, "FolderId")
	root := c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>x</folderName><upperFolderId>0</upperFolderId></folder></folderInsertRequest></request>`)
	assert.Equal(t, 400, root.status, "the root is left out")
	assert.Equal(t, "3001", between(t, root, "resultCode"))
	assert.Equal(t, "NG", between(t, root, "systemStatus"))

	put := upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), grey(t, 3))
	require.Equal(t, 200, put.status, "%s", put.body)
	file := between(t, put, "FileId")
	listed := c.get(base + "folder/files/get?folderId=" + folder)
	assert.Equal(t, "sensu.jpg", between(t, listed, "FilePath"), "PNG becomes JPEG")
	assert.Equal(t, "3", between(t, listed, "FileWidth"))
	assert.Equal(t, "2026-11-01 19:00:00", between(t, listed, "TimeStamp"))
	assert.Equal(t, "1", between(t, listed, "fileAllCount"))
	assert.Equal(t, "0", between(t, c.get(base+"folder/files/get?offset=2&folderId="+folder), "fileCount"), "the offset is a page")
	assert.Equal(t, "2", between(t, c.get(base+"folders/get"), "folderAllCount"))
	assert.Equal(t, "5000", between(t, c.get(base+"usage/get"), "MaxSpace"))

	for _, refused := range []struct {
		why, code string
		answer    answer
	}{
		{"folder", "3005", c.get(base + "folder/files/get?folderId=9")},
		{"file", "3004", c.xml(base+"file/delete", `<request><fileDeleteRequest><file><fileId>9</fileId></file></fileDeleteRequest></request>`)},
		{"page 0", "3001", c.get(base + "folders/get?offset=0")},
		{"101 rows", "3001", c.get(base + "folders/get?limit=101")},
		{"pixels", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, "0"), grey(t, 3841))},
		{"51 bytes of a folder", "3001", c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>`+strings.Repeat("扇", 17)+`</folderName></folder></folderInsertRequest></request>`)},
		{"21 bytes of a directory", "3001", c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>x</folderName><directoryName>`+strings.Repeat("a", 21)+`</directoryName></folder></folderInsertRequest></request>`)},
		{"no picture", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), []byte("text"))},
		{"2 MB", "3008", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), make([]byte, 2<<20+1))},
		{"no folder", "3005", upload(t, c, base+"file/insert", fmt.Sprintf(insert, "9"), grey(t, 1))},
		{"51 bytes of a name", "3001", upload(t, c, base+"file/insert", strings.Replace(fmt.Sprintf(insert, folder), "扇子", strings.Repeat("扇", 17), 1), grey(t, 1))},
		{"21 bytes of a path", "3001", upload(t, c, base+"file/insert", strings.Replace(fmt.Sprintf(insert, folder), "sensu.png", strings.Repeat("a", 21), 1), grey(t, 1))},
		{"the same path again", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), grey(t, 1))},
	} {
		assert.Equal(t, 400, refused.answer.status, refused.why)
		assert.Equal(t, refused.code, between(t, refused.answer, "resultCode"), refused.why)
	}
	overwrite := strings.Replace(fmt.Sprintf(insert, folder), "</file>", "<overWrite>true</overWrite></file>", 1)
	assert.Equal(t, file, between(t, upload(t, c, base+"file/insert", overwrite, grey(t, 4)), "FileId"))
	assert.Equal(t, 200, c.xml(base+"file/delete", "<request><fileDeleteRequest><file><fileId>"+file+"</fileId></file></fileDeleteRequest></request>").status)
	assert.Equal(t, "1", between(t, c.get(base+"trashbox/files/get"), "fileAllCount"))
	assert.Equal(t, 200, c.xml(base+"trashbox/file/revert", "<request><fileRevertRequest><file><fileId>"+file+"</fileId><folderId>0</folderId></file></fileRevertRequest></request>").status)
	assert.Equal(t, "1", between(t, c.get(base+"folder/files/get?folderId=0"), "fileAllCount"))
	assert.Equal(t, 405, c.get(base+"no/such/function").status)
}

const insertRequest = `<request><fileInsertRequest><file><fileName>扇子</fileName><folderId>0</folderId>%s</file></fileInsertRequest></request>`

// A search finds a file 6 seconds after its upload; its folder has it at once.
func TestSearchFindsANewFileLater(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	found := func() string {
		return between(t, c.get("/es/1.0/cabinet/files/search?fileName=扇子"), "fileAllCount")
	}
	require.Equal(t, 200, upload(t, c, "/es/1.0/cabinet/file/insert", fmt.Sprintf(insertRequest, "<filePath>a.png</filePath>"), grey(t, 1)).status)
	assert.Equal(t, "0", found())
	assert.Equal(t, "1", between(t, c.get("/es/1.0/cabinet/folder/files/get?folderId=0"), "fileAllCount"))
	srv.Advance(5 * time.Second)
	assert.Equal(t, "0", found())
	srv.Advance(time.Second)
	assert.Equal(t, "1", found())
	again := upload(t, c, "/es/1.0/cabinet/file/insert", fmt.Sprintf(insertRequest, "<filePath>a.png</filePath><overWrite>true</overWrite>"), grey(t, 2))
	require.Equal(t, 200, again.status)
	assert.Equal(t, "1", found(), "a file that is written over stays found")
}

// Sizes are plain decimals, however much space there is.
func TestCabinetSizes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	empty := c.get("/es/1.0/cabinet/usage/get")
	assert.Equal(t, "0.000", between(t, empty, "UseSpace"))
	assert.Equal(t, "5120000.000", between(t, empty, "AvailSpace"))
	picture := append(grey(t, 1), make([]byte, 2<<20-1000)...)
	require.Equal(t, 200, upload(t, c, "/es/1.0/cabinet/file/insert", fmt.Sprintf(insertRequest, ""), picture).status)
	size := fmt.Sprintf("%.3f", float64(len(picture))/1024)
	used := c.get("/es/1.0/cabinet/usage/get")
	assert.Equal(t, size, between(t, used, "UseSpace"))
	assert.Equal(t, fmt.Sprintf("%.3f", 5000*1024-float64(len(picture))/1024), between(t, used, "AvailSpace"))
	assert.Equal(t, size, between(t, c.get("/es/1.0/cabinet/folder/files/get?folderId=0"), "FileSize"))
	assert.Equal(t, size, between(t, c.get("/es/1.0/cabinet/folders/get"), "FileSize"))
}
