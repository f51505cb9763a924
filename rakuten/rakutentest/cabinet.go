package rakutentest

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/gif"  // pictures that are measured
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of the cabinet.
const (
	maxPicture    = 2 << 20
	maxPixels     = 3840
	cabinetSpace  = 5000 // MB
	cabinetFiles  = 2000 // of a folder
	cabinetFolder = 500
)

// Codes of the cabinet.
const (
	cabinetParameter = 3001
	cabinetNoFile    = 3004
	cabinetNoFolder  = 3005
	cabinetFull      = 3006
	cabinetTooBig    = 3008
	cabinetNoSpace   = 3012
)

var cabinetTexts = map[int]string{
	cabinetParameter: "Parameter is wrong", cabinetNoFile: "File not found", cabinetNoFolder: "Folder not found", cabinetFull: "Too many files",
	cabinetTooBig: "File is too big", cabinetNoSpace: "No space left",
}

var cabinetRoutes = []route{
	cabinetRoute("GET", "usage/get", (*call).cabinetUsage),
	cabinetRoute("GET", "folders/get", (*call).cabinetFolders),
	cabinetRoute("GET", "folder/files/get", (*call).folderFiles),
	cabinetRoute("GET", "files/search", (*call).searchFiles),
	cabinetRoute("GET", "trashbox/files/get", (*call).trashFiles),
	cabinetRoute("POST", "folder/insert", (*call).insertFolder),
	cabinetRoute("POST", "file/insert", (*call).insertFile),
	cabinetRoute("POST", "file/update", (*call).updateFile),
	cabinetRoute("POST", "file/delete", (*call).deleteFile),
	cabinetRoute("POST", "trashbox/file/revert", (*call).revertFile),
	{pattern: "/es/1.0/cabinet/", name: "cabinet.unknown", rate: "cabinet", handle: (*call).wrongMethod},
}

func cabinetRoute(method, name string, handle func(*call) reply) route {
	return route{pattern: method + " /es/1.0/cabinet/" + name, name: "cabinet." + strings.ReplaceAll(name, "/", "."), rate: "cabinet", handle: handle}
}

type folder struct {
	FolderID   int64   `xml:"FolderId"`
	FolderName string  `xml:"FolderName"`
	FolderNode int     `xml:"FolderNode"`
	FolderPath string  `xml:"FolderPath"`
	FileCount  int     `xml:"FileCount"`
	FileSize   float64 `xml:"FileSize"`
	TimeStamp  string  `xml:"TimeStamp"`
}

type picture struct {
	FolderID       int64   `xml:"FolderId"`
	FolderName     string  `xml:"FolderName"`
	FolderNode     int     `xml:"FolderNode"`
	FolderPath     string  `xml:"FolderPath"`
	FileID         int64   `xml:"FileId"`
	FileName       string  `xml:"FileName"`
	FileURL        string  `xml:"FileUrl"`
	FilePath       string  `xml:"FilePath"`
	FileType       int     `xml:"FileType"`
	FileSize       float64 `xml:"FileSize"`
	FileWidth      int     `xml:"FileWidth"`
	FileHeight     int     `xml:"FileHeight"`
	FileAccessDate string  `xml:"FileAccessDate"`
	TimeStamp      string  `xml:"TimeStamp"`

	trashed bool
}

// cabinetResult is the second part of an answer, named after the operation.
type cabinetResult struct {
	XMLName xml.Name

	Code           int        `xml:"resultCode"`
	FileID         int64      `xml:"FileId,omitempty"`
	FolderID       int64      `xml:"FolderId,omitempty"`
	FolderAllCount *int       `xml:"folderAllCount"`
	FolderCount    *int       `xml:"folderCount"`
	Folders        []*folder  `xml:"folders>folder"`
	FileAllCount   *int       `xml:"fileAllCount"`
	FileCount      *int       `xml:"fileCount"`
	Files          []*picture `xml:"files>file"`
	*usage
}

type usage struct {
	MaxSpace         int     `xml:"MaxSpace"` // MB
	FolderMax        int     `xml:"FolderMax"`
	FileMax          int     `xml:"FileMax"`
	UseSpace         float64 `xml:"UseSpace"`   // KB
	AvailSpace       float64 `xml:"AvailSpace"` // KB
	UseFolderCount   int     `xml:"UseFolderCount"`
	AvailFolderCount int     `xml:"AvailFolderCount"`
}

// cabinet is an answer; another code than 0 is NG in HTTP 400.
func (c *call) cabinet(result cabinetResult) reply {
	var name strings.Builder
	name.WriteString("cabinet")
	for word := range strings.SplitSeq(strings.TrimPrefix(c.r.URL.Path, "/es/1.0/cabinet/"), "/") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	name.WriteString("Result")
	result.XMLName.Local = name.String()
	status, head := http.StatusOK, c.status("OK", "OK")
	if result.Code != 0 {
		status, head = http.StatusBadRequest, c.status("NG", cabinetTexts[result.Code])
	}
	return xmlAnswer(status, struct {
		XMLName xml.Name  `xml:"result"`
		Status  xmlStatus `xml:"status"`
		Result  cabinetResult
	}{Status: head, Result: result})
}

func (c *call) cabinetFails(code int) reply { return c.cabinet(cabinetResult{Code: code}) }

func (shop *Shop) seedCabinet(now time.Time) {
	shop.folders = []*folder{{FolderName: "基本フォルダ", FolderPath: "/", TimeStamp: stamp(now)}}
}

func stamp(t time.Time) string { return t.In(jst).Format(time.DateTime) }

func (shop *Shop) folder(id int64) *folder {
	i := slices.IndexFunc(shop.folders, func(f *folder) bool { return f.FolderID == id })
	if i < 0 {
		return nil
	}
	return shop.folders[i]
}

// window is the rows of the page that the query asks for; the offset is a page from 1.
func (c *call) window(n int) (from, to int, fine bool) {
	page, pageFine := c.number("offset", 1, 1, 1<<30)
	limit, limitFine := c.number("limit", 100, 1, 100)
	from = min((page-1)*limit, n)
	return from, min(from+limit, n), pageFine && limitFine
}

func (c *call) cabinetUsage() reply {
	used := 0.0
	for _, p := range c.shop.pictures {
		used += p.FileSize
	}
	folders := len(c.shop.folders)
	return c.cabinet(cabinetResult{usage: &usage{
		MaxSpace: cabinetSpace, FolderMax: cabinetFolder, FileMax: cabinetFiles, UseSpace: used, AvailSpace: cabinetSpace*1024 - used,
		UseFolderCount: folders, AvailFolderCount: cabinetFolder - folders,
	}})
}

func (c *call) cabinetFolders() reply {
	from, to, fine := c.window(len(c.shop.folders))
	if !fine {
		return c.cabinetFails(cabinetParameter)
	}
	for _, f := range c.shop.folders {
		f.FileCount, f.FileSize = 0, 0
		for _, p := range c.shop.pictures {
			if p.FolderID == f.FolderID && !p.trashed {
				f.FileCount++
				f.FileSize += p.FileSize
			}
		}
	}
	return c.cabinet(cabinetResult{FolderAllCount: new(len(c.shop.folders)), FolderCount: new(to - from), Folders: c.shop.folders[from:to]})
}

// files lists the pictures that are chosen.
func (c *call) files(chosen func(*picture) bool) reply {
	var found []*picture
	for _, p := range c.shop.pictures {
		if chosen(p) {
			found = append(found, p)
		}
	}
	from, to, fine := c.window(len(found))
	if !fine {
		return c.cabinetFails(cabinetParameter)
	}
	return c.cabinet(cabinetResult{FileAllCount: new(len(found)), FileCount: new(to - from), Files: found[from:to]})
}

func (c *call) folderFiles() reply {
	id, err := strconv.ParseInt(c.query.Get("folderId"), 10, 64)
	if err != nil {
		return c.cabinetFails(cabinetParameter)
	}
	if c.shop.folder(id) == nil {
		return c.cabinetFails(cabinetNoFolder)
	}
	return c.files(func(p *picture) bool { return p.FolderID == id && !p.trashed })
}

func (c *call) searchFiles() reply {
	q := c.query
	return c.files(func(p *picture) bool {
		return !p.trashed && (q.Get("fileId") == "" || q.Get("fileId") == strconv.FormatInt(p.FileID, 10)) &&
			(q.Get("folderId") == "" || q.Get("folderId") == strconv.FormatInt(p.FolderID, 10)) &&
			strings.Contains(p.FileName, q.Get("fileName")) && strings.Contains(p.FilePath, q.Get("filePath")) &&
			strings.Contains(p.FolderPath, q.Get("folderPath"))
	})
}

func (c *call) trashFiles() reply { return c.files(func(p *picture) bool { return p.trashed }) }

// insertFolder makes a folder. The root above it has to be left out: 0 is refused.
func (c *call) insertFolder() reply {
	var q struct {
		Folder struct {
			Name  string `xml:"folderName"`
			Path  string `xml:"directoryName"`
			Upper *int64 `xml:"upperFolderId"`
		} `xml:"folderInsertRequest>folder"`
	}
	if !c.readXML(&q) || q.Folder.Name == "" || len(q.Folder.Name) > 50 || len(q.Folder.Path) > 20 || q.Folder.Upper != nil && *q.Folder.Upper == 0 {
		return c.cabinetFails(cabinetParameter)
	}
	above := c.shop.folders[0]
	if q.Folder.Upper != nil {
		if above = c.shop.folder(*q.Folder.Upper); above == nil {
			return c.cabinetFails(cabinetNoFolder)
		}
	}
	f := &folder{FolderID: c.newID(), FolderName: q.Folder.Name, FolderNode: above.FolderNode + 1, TimeStamp: stamp(c.now)}
	f.FolderPath = path.Join(above.FolderPath, cmp.Or(q.Folder.Path, strconv.FormatInt(f.FolderID, 10)))
	c.shop.folders = append(c.shop.folders, f)
	return c.cabinet(cabinetResult{FolderID: f.FolderID})
}

type fileRequest struct {
	ID        int64   `xml:"fileId"`
	Name      *string `xml:"fileName"`
	Folder    int64   `xml:"folderId"`
	Path      *string `xml:"filePath"`
	OverWrite bool    `xml:"overWrite"`
}

func (q fileRequest) fits() bool { return len(text(q.Name)) <= 50 && len(text(q.Path)) <= 20 }

// measure reads a picture's size. PNG and the like become JPEG.
func (p *picture) measure(data []byte) int {
	if len(data) > maxPicture {
		return cabinetTooBig
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width > maxPixels || config.Height > maxPixels {
		return cabinetParameter
	}
	p.FileWidth, p.FileHeight, p.FileSize = config.Width, config.Height, float64(len(data))/1024
	extension := map[string]string{"gif": ".gif"}[kind]
	p.FilePath = strings.TrimSuffix(p.FilePath, path.Ext(p.FilePath)) + cmp.Or(extension, ".jpg")
	return 0
}

func (c *call) insertFile() reply {
	var q struct {
		File fileRequest `xml:"fileInsertRequest>file"`
	}
	parts := c.parts()
	if xml.Unmarshal(parts["xml"], &q) != nil || text(q.File.Name) == "" || !q.File.fits() || len(parts["file"]) == 0 {
		return c.cabinetFails(cabinetParameter)
	}
	f := c.shop.folder(q.File.Folder)
	if f == nil {
		return c.cabinetFails(cabinetNoFolder)
	}
	p := &picture{
		FileID: c.newID(), FileName: *q.File.Name, FolderID: f.FolderID, FolderName: f.FolderName, FolderNode: f.FolderNode, FolderPath: f.FolderPath,
		FileType: 1, TimeStamp: stamp(c.now),
	}
	p.FilePath = cmp.Or(text(q.File.Path), fmt.Sprintf("img%d", p.FileID))
	if code := p.measure(parts["file"]); code != 0 {
		return c.cabinetFails(code)
	}
	count := 0
	for i, other := range c.shop.pictures {
		if other.trashed || other.FolderID != p.FolderID {
			continue
		}
		if count++; other.FilePath == p.FilePath {
			if !q.File.OverWrite {
				return c.cabinetFails(cabinetParameter)
			}
			p.FileID = other.FileID
			c.shop.pictures = slices.Delete(c.shop.pictures, i, i+1)
			break
		}
	}
	if count >= cabinetFiles {
		return c.cabinetFails(cabinetFull)
	}
	c.address(p)
	c.shop.pictures = append(c.shop.pictures, p)
	return c.cabinet(cabinetResult{FileID: p.FileID})
}

func (c *call) address(p *picture) {
	p.FileURL = "https://image.example.jp/" + c.shop.ID + "/cabinet" + path.Join("/", p.FolderPath, p.FilePath)
}

// file finds a picture in the folders or in the trash.
func (c *call) file(id int64, trashed bool) *picture {
	i := slices.IndexFunc(c.shop.pictures, func(p *picture) bool { return p.FileID == id && p.trashed == trashed })
	if i < 0 {
		return nil
	}
	return c.shop.pictures[i]
}

func (c *call) updateFile() reply {
	var q struct {
		File fileRequest `xml:"fileUpdateRequest>file"`
	}
	parts := c.parts()
	if xml.Unmarshal(parts["xml"], &q) != nil || !q.File.fits() {
		return c.cabinetFails(cabinetParameter)
	}
	old := c.file(q.File.ID, false)
	if old == nil {
		return c.cabinetFails(cabinetNoFile)
	}
	p := *old
	p.FileName, p.TimeStamp = cmp.Or(text(q.File.Name), p.FileName), stamp(c.now)
	p.FilePath = cmp.Or(text(q.File.Path), p.FilePath)
	if data := parts["file"]; len(data) > 0 {
		if code := p.measure(data); code != 0 {
			return c.cabinetFails(code)
		}
	}
	c.address(&p)
	*old = p
	return c.cabinet(cabinetResult{})
}

func (c *call) deleteFile() reply {
	var q struct {
		File fileRequest `xml:"fileDeleteRequest>file"`
	}
	if !c.readXML(&q) {
		return c.cabinetFails(cabinetParameter)
	}
	p := c.file(q.File.ID, false)
	if p == nil {
		return c.cabinetFails(cabinetNoFile)
	}
	p.trashed = true
	return c.cabinet(cabinetResult{})
}

func (c *call) revertFile() reply {
	var q struct {
		File fileRequest `xml:"fileRevertRequest>file"`
	}
	if !c.readXML(&q) {
		return c.cabinetFails(cabinetParameter)
	}
	p, f := c.file(q.File.ID, true), c.shop.folder(q.File.Folder)
	switch {
	case p == nil:
		return c.cabinetFails(cabinetNoFile)
	case f == nil:
		return c.cabinetFails(cabinetNoFolder)
	}
	p.trashed, p.FolderID, p.FolderName, p.FolderNode, p.FolderPath = false, f.FolderID, f.FolderName, f.FolderNode, f.FolderPath
	c.address(p)
	return c.cabinet(cabinetResult{})
}
