package rakuten_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

const statusOK = `<status><interfaceId>x</interfaceId><systemStatus>OK</systemStatus><message>OK</message><requestId>r1</requestId><requests/></status>`

const xmlHeader = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func TestCabinetUsageUnits(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<cabinetUsageGetResult><resultCode>0</resultCode><MaxSpace>5000</MaxSpace>`+
		`<FolderMax>6000</FolderMax><FileMax>2000</FileMax><UseSpace>11328.561</UseSpace><AvailSpace>5108671.439</AvailSpace>`+
		`<UseFolderCount>3</UseFolderCount><AvailFolderCount>5997</AvailFolderCount></cabinetUsageGetResult></result>`), shotengai.WithStrictDecoding())
	usage, err := client.Cabinet.Usage(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "/es/1.0/cabinet/usage/get", got.Path)
	assert.Equal(t, "text/xml, application/xml", got.Accept)
	assert.InDelta(t, float64(usage.MaxSpace)*1024, usage.UseSpace+usage.AvailSpace, 0.001)
	assert.Equal(t, 5997, usage.AvailFolderCount)
}

func TestQuirk8CabinetOffsetIsAPage(t *testing.T) {
	t.Parallel()
	var queries []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		id := len(queries)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<result>%s<cabinetFoldersGetResult><resultCode>0</resultCode><folderAllCount>3</folderAllCount><folderCount>1</folderCount>`+
			`<folders><folder><FolderId>%d</FolderId><FolderName>f</FolderName><TimeStamp>2024-01-31 12:34:56</TimeStamp></folder></folders></cabinetFoldersGetResult></result>`, statusOK, id)
	})
	var ids []int64
	for folder, err := range client.Cabinet.AllFolders(t.Context(), rakuten.CabinetPageParams{Limit: 1}) {
		require.NoError(t, err)
		assert.Equal(t, time.Date(2024, 1, 31, 12, 34, 56, 0, shotengai.JST), folder.TimeStamp.Time)
		ids = append(ids, folder.FolderID)
	}
	assert.Equal(t, []int64{1, 2, 3}, ids)
	assert.Equal(t, []string{"limit=1&offset=1", "limit=1&offset=2", "limit=1&offset=3"}, queries)
}

func TestCabinetAllIsResumable(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if calls.Add(1) == 2 {
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `<result><status><systemStatus>NG</systemStatus><message>no</message></status><cabinetTrashboxFilesGetResult><resultCode>3001</resultCode></cabinetTrashboxFilesGetResult></result>`)
			return
		}
		_, _ = io.WriteString(w, `<result>`+statusOK+`<cabinetTrashboxFilesGetResult><resultCode>0</resultCode><fileAllCount>150</fileAllCount><files><file><FileId>1</FileId></file></files></cabinetTrashboxFilesGetResult></result>`)
	})
	var last error
	for _, err := range client.Cabinet.AllTrash(t.Context(), rakuten.CabinetPageParams{}) {
		last = err
	}
	var page *shotengai.PageError
	require.ErrorAs(t, last, &page)
	assert.Equal(t, 2, page.Offset)
	require.ErrorIs(t, last, shotengai.ErrInvalid)
}

func TestQuirk5CabinetMixedCase(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<cabinetFilesSearchResult><resultCode>0</resultCode><fileAllCount>1</fileAllCount><fileCount>1</fileCount><files><file>`+
		`<FolderId>7</FolderId><FolderName>夏</FolderName><FolderNode>1</FolderNode><FolderPath>summer</FolderPath><FileId>9</FileId><FileName>傘</FileName>`+
		`<FileUrl>https://image.example.com/a.jpg</FileUrl><FilePath>a.jpg</FilePath><FileType>1</FileType><FileSize>12.5</FileSize><FileWidth>600</FileWidth>`+
		`<FileHeight>400</FileHeight><FileAccessDate/><TimeStamp/></file></files></cabinetFilesSearchResult></result>`), shotengai.WithStrictDecoding())
	page, err := client.Cabinet.SearchFiles(t.Context(), rakuten.SearchFilesParams{FileName: new("傘")})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.Equal(t, rakuten.CabinetFile{
		FolderID: 7, FolderName: "夏", FolderNode: 1, FolderPath: "summer", FileID: 9, FileName: "傘", FileURL: "https://image.example.com/a.jpg",
		FilePath: "a.jpg", FileType: 1, FileSize: 12.5, FileWidth: 600, FileHeight: 400,
	}, page.Items[0])
	assert.Equal(t, "fileName=%E5%82%98", got.Query)
}

// Against the fake, with its spellings of sizes, days and names.
func TestCabinetAgainstTheFake(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 31, 20, 0, 0, 0, time.UTC) // the next day in Japan
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits(), rakutentest.WithClock(func() time.Time { return start }))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithStrictDecoding())
	require.NoError(t, err)
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))))
	id, err := client.Cabinet.InsertFile(t.Context(), rakuten.InsertFileRequest{FileName: "傘", FolderID: rakuten.RootFolder, Picture: picture.Bytes()})
	require.NoError(t, err)
	params := rakuten.SearchFilesParams{FileID: &id}
	page, err := client.Cabinet.SearchFiles(t.Context(), params)
	require.NoError(t, err)
	assert.Empty(t, page.Items, "a search does not find it at once")
	srv.Advance(7 * time.Second)
	page, err = client.Cabinet.SearchFiles(t.Context(), params)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.Equal(t, shotengai.DateOf(start), page.Items[0].FileAccessDate)
	assert.Regexp(t, `^imgrc\d{10}\.jpg$`, page.Items[0].FilePath)
	usage, err := client.Cabinet.Usage(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, float64(picture.Len())/1024, usage.UseSpace, 0.001)
	assert.InDelta(t, float64(usage.MaxSpace)*1024, usage.UseSpace+usage.AvailSpace, 0.001)

	_, err = client.Cabinet.InsertFile(t.Context(), rakuten.InsertFileRequest{FileName: "傘", FilePath: new("ZZZ.png"), Picture: picture.Bytes()})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	require.ErrorContains(t, err, "Input Parameter Error")
}

func TestStrictDecodingNamesElements(t *testing.T) {
	t.Parallel()
	var got call
	answer := record(&got, 200, `<result>`+statusOK+`<cabinetFilesSearchResult><files><file><FileId>1</FileId><fileId>1</fileId></file></files><new>1</new></cabinetFilesSearchResult></result>`)
	_, err := serve(t, answer, shotengai.WithStrictDecoding()).Cabinet.SearchFiles(t.Context(), rakuten.SearchFilesParams{})
	require.ErrorContains(t, err, "[result.cabinetFilesSearchResult.files.file.fileId result.cabinetFilesSearchResult.new]")
	var drift []string
	report := shotengai.WithDriftReport(func(d shotengai.Drift) { drift = append(drift, d.Operation+" "+d.Path) })
	page, err := serve(t, answer, report).Cabinet.SearchFiles(t.Context(), rakuten.SearchFilesParams{})
	require.NoError(t, err)
	assert.Len(t, page.Items, 1)
	assert.Equal(t, []string{
		"GET /es/1.0/cabinet/files/search result.cabinetFilesSearchResult.files.file.fileId", "GET /es/1.0/cabinet/files/search result.cabinetFilesSearchResult.new",
	}, drift)
	_, err = serve(t, answer).Cabinet.SearchFiles(t.Context(), rakuten.SearchFilesParams{})
	require.NoError(t, err)
}

func TestXMLAnswersInOtherEncodings(t *testing.T) {
	t.Parallel()
	const answer = `<result>` + statusOK + `<cabinetFileDeleteResult><resultCode>0</resultCode></cabinetFileDeleteResult></result>`
	tests := []struct{ kind, body, want string }{
		{"text/xml", answer, ""},
		{"application/xml", answer, ""},
		{"application/xml; charset=UTF-8", `<?xml version="1.0" encoding="utf-8"?>` + answer, ""},
		{"text/xml;charset=utf-8", "\xef\xbb\xbf" + answer, ""},
		{"application/xml; charset=Shift_JIS", answer, "not in UTF-8 but in Shift_JIS"},
		{"application/xml", `<?xml version="1.0" encoding="EUC-JP"?>` + answer, "EUC-JP"},
		{"text/xml; charset=utf-8", strings.Replace(answer, "OK", "\x8f\x88\x97\x9d\x8a\xae\x97\xb9", 1), "not in UTF-8"},
	}
	for _, test := range tests {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			_, _ = io.WriteString(w, test.body)
		})
		err := client.Cabinet.DeleteFile(t.Context(), 1)
		if test.want == "" {
			require.NoError(t, err, test.kind)
			continue
		}
		require.ErrorContains(t, err, test.want)
		require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown, "the picture may be gone")
	}
}

func TestCabinetBodies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, body, answer string
		send                     func(*testing.T, *rakuten.CabinetService) error
	}{
		{
			"upperFolderId 0 is left out", "folder/insert",
			`<request><folderInsertRequest><folder><folderName>夏</folderName><directoryName>summer</directoryName></folder></folderInsertRequest></request>`,
			`<cabinetFolderInsertResult><resultCode>0</resultCode><FolderId>12</FolderId></cabinetFolderInsertResult>`,
			func(t *testing.T, s *rakuten.CabinetService) error {
				id, err := s.InsertFolder(t.Context(), rakuten.InsertFolderRequest{FolderName: "夏", DirectoryName: new("summer"), UpperFolderID: rakuten.RootFolder})
				assert.EqualValues(t, 12, id)
				return err
			},
		},
		{
			"a folder below another", "folder/insert",
			`<request><folderInsertRequest><folder><folderName>a</folderName><upperFolderId>7</upperFolderId></folder></folderInsertRequest></request>`,
			`<cabinetFolderInsertResult><resultCode>0</resultCode><FolderId>12</FolderId></cabinetFolderInsertResult>`,
			func(t *testing.T, s *rakuten.CabinetService) error {
				_, err := s.InsertFolder(t.Context(), rakuten.InsertFolderRequest{FolderName: "a", UpperFolderID: 7})
				return err
			},
		},
		{
			"delete", "file/delete", `<request><fileDeleteRequest><file><fileId>9</fileId></file></fileDeleteRequest></request>`,
			`<cabinetFileDeleteResult><resultCode>0</resultCode></cabinetFileDeleteResult>`,
			func(t *testing.T, s *rakuten.CabinetService) error { return s.DeleteFile(t.Context(), 9) },
		},
		{
			"revert into the root", "trashbox/file/revert", `<request><fileRevertRequest><file><fileId>9</fileId><folderId>0</folderId></file></fileRevertRequest></request>`,
			`<cabinetTrashboxFileRevertResult><resultCode>0</resultCode></cabinetTrashboxFileRevertResult>`,
			func(t *testing.T, s *rakuten.CabinetService) error {
				return s.RevertFile(t.Context(), 9, rakuten.RootFolder)
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got call
			client := serve(t, record(&got, 200, `<result>`+statusOK+test.answer+`</result>`), shotengai.WithStrictDecoding())
			require.NoError(t, test.send(t, client.Cabinet))
			assert.Equal(t, "POST /es/1.0/cabinet/"+test.path, got.Method+" "+got.Path)
			assert.Equal(t, "application/xml; charset=utf-8", got.ContentType)
			assert.Equal(t, xmlHeader+test.body, got.Body)
		})
	}
}

func TestCabinetUpload(t *testing.T) {
	t.Parallel()
	png := []byte("\x89PNG\x0d\x0a\x1a\x0a....")
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<cabinetFileInsertResult><resultCode>0</resultCode><FileId>9</FileId></cabinetFileInsertResult></result>`))
	id, err := client.Cabinet.InsertFile(t.Context(), rakuten.InsertFileRequest{FileName: "傘", FolderID: rakuten.RootFolder, FilePath: new("umbrella"), OverWrite: new(false), Picture: png})
	require.NoError(t, err)
	assert.EqualValues(t, 9, id)

	_, params, err := mime.ParseMediaType(got.ContentType)
	require.NoError(t, err)
	form, err := multipart.NewReader(strings.NewReader(got.Body), params["boundary"]).ReadForm(1 << 20)
	require.NoError(t, err)
	assert.Equal(t, []string{xmlHeader + `<request><fileInsertRequest><file><fileName>傘</fileName><folderId>0</folderId><filePath>umbrella</filePath><overWrite>false</overWrite></file></fileInsertRequest></request>`}, form.Value["xml"])
	require.Len(t, form.File["file"], 1)
	file := form.File["file"][0]
	assert.Equal(t, "file.png", file.Filename)
	assert.Equal(t, "image/png", file.Header.Get("Content-Type"))
	part, err := file.Open()
	require.NoError(t, err)
	sent, err := io.ReadAll(part)
	require.NoError(t, err)
	assert.Equal(t, png, sent)
}

func TestCabinetRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	cabinet, ctx := client.Cabinet, t.Context()
	picture := []byte("x")
	insert := func(f rakuten.InsertFileRequest) error { _, err := cabinet.InsertFile(ctx, f); return err }
	folder := func(f rakuten.InsertFolderRequest) error { _, err := cabinet.InsertFolder(ctx, f); return err }
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"too big", insert(rakuten.InsertFileRequest{FileName: "a", Picture: bytes.Repeat(picture, rakuten.MaxCabinetFile+1)}), "2097153 bytes, at most 2097152"},
		{"empty", insert(rakuten.InsertFileRequest{FileName: "a"}), "file: empty"},
		{"no name", insert(rakuten.InsertFileRequest{Picture: picture}), "fileName: required"},
		{"long name", insert(rakuten.InsertFileRequest{FileName: strings.Repeat("傘", 26), Picture: picture}), "fileName: 52 bytes, at most 50"},
		{"long path", insert(rakuten.InsertFileRequest{FileName: "a", FilePath: new(strings.Repeat("a", 21)), Picture: picture}), "filePath: 21 bytes"},
		{"control character", insert(rakuten.InsertFileRequest{FileName: "a\x01", Picture: picture}), "control character"},
		{"no file", cabinet.DeleteFile(ctx, 0), "fileId: 0 is no id"},
		{"empty update", cabinet.UpdateFile(ctx, rakuten.UpdateFileRequest{FileID: 1, Picture: []byte{}}), "file: empty"},
		{"no folder name", folder(rakuten.InsertFolderRequest{}), "folderName: required"},
		{"negative folder", folder(rakuten.InsertFolderRequest{FolderName: "a", UpperFolderID: -1}), "upperFolderId: -1 is no id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, test.err, shotengai.ErrInvalid)
			require.ErrorContains(t, test.err, test.want)
		})
	}
	_, err := cabinet.ListFolders(ctx, rakuten.CabinetPageParams{Limit: 101})
	require.ErrorContains(t, err, "limit: 101 is not between 1 and 100")
}

func TestCabinetCodes(t *testing.T) {
	t.Parallel()
	kinds := map[int]error{
		3001: shotengai.ErrInvalid, 3004: shotengai.ErrNotFound, 3005: shotengai.ErrNotFound, 3006: rakuten.ErrCabinetFull,
		3008: shotengai.ErrInvalid, 3012: shotengai.ErrConflict,
		6001: shotengai.ErrUnavailable, 6002: shotengai.ErrUnavailable, 6003: shotengai.ErrUnavailable, 6004: shotengai.ErrUnavailable, 6005: shotengai.ErrUnavailable,
		6006: shotengai.ErrUnavailable, 6007: shotengai.ErrUnavailable, 6008: shotengai.ErrUnavailable, 6009: shotengai.ErrUnavailable,
	}
	for code, kind := range kinds {
		for _, status := range []int{200, 400} {
			var got call
			client := serve(t, record(&got, status, fmt.Sprintf(`<result><status><interfaceId>cabinet.file.delete</interfaceId><systemStatus>NG</systemStatus><message>no</message>`+
				`<requestId>r1</requestId><requests/></status><cabinetFileDeleteResult><resultCode>%d</resultCode></cabinetFileDeleteResult></result>`, code)))
			err := client.Cabinet.DeleteFile(t.Context(), 1)
			require.ErrorIs(t, err, kind, "%d with status %d", code, status)
			var e *shotengai.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, strconv.Itoa(code), e.Code)
			assert.Equal(t, "no", e.Message)
			assert.Equal(t, "r1", e.RequestID)
		}
	}
}

func TestQuirk3XMLFamiliesAnswer401InJSON(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`))
	_, err := client.Cabinet.Usage(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	_, err = client.Shop.Master.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	_, err = client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{})
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	_, err = client.Products.Search(t.Context(), anyProduct)
	var e *shotengai.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "GA0001", e.Code)
}

func TestXMLReadsAreRepeatedWhenBrokenOff(t *testing.T) {
	t.Parallel()
	const whole = `<result>` + statusOK + `<cabinetUsageGetResult><resultCode>0</resultCode><MaxSpace>5000</MaxSpace></cabinetUsageGetResult></result>`
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		body := whole
		if calls.Add(1) == 1 {
			body = whole[:len(whole)-40]
		}
		_, _ = io.WriteString(w, body)
	}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 2}))
	usage, err := client.Cabinet.Usage(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 5000, usage.MaxSpace)

	calls.Store(0)
	err = client.Cabinet.DeleteFile(t.Context(), 1)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.EqualValues(t, 1, calls.Load(), "a write is not repeated")
}
