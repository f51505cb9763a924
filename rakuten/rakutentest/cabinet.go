package rakutentest

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of the cabinet.
const (
	cabinetSpace  = 5000 // MB
	cabinetFiles  = 2000 // of a folder
	cabinetFolder = 500
)

// Codes of the cabinet. It never runs out of space, and so it never says 3012.
const (
	cabinetParameter = 3001
	cabinetNoFile    = 3004
	cabinetNoFolder  = 3005
	cabinetFull      = 3006
	cabinetTooBig    = 3008
)

// cabinetTexts are recorded for 3001 and 3005, and the fake's own for the others.
var cabinetTexts = map[int]string{
	cabinetParameter: "Input Parameter Error", cabinetNoFile: "Not exists file", cabinetNoFolder: "Not exists folder",
	cabinetFull: "Too many files", cabinetTooBig: "File is too big",
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
	FileSize   decimal `xml:"FileSize"` // KB
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
	FileSize       decimal `xml:"FileSize"` // KB
	FileWidth      int     `xml:"FileWidth"`
	FileHeight     int     `xml:"FileHeight"`
	FileAccessDate string  `xml:"FileAccessDate"`
	TimeStamp      string  `xml:"TimeStamp"`

	trashed bool
	found   time.Time // when a search finds it for the first time
}

// cabinetResult is the second part of an answer, named after the operation.
type cabinetResult struct {
	XMLName xml.Name

	Code           int       `xml:"resultCode"`
	FileID         int64     `xml:"FileId,omitempty"`
	FolderID       int64     `xml:"FolderId,omitempty"`
	FolderAllCount *int      `xml:"folderAllCount"`
	FolderCount    *int      `xml:"folderCount"`
	Folders        *folders  `xml:"folders"`
	FileAllCount   *int      `xml:"fileAllCount"`
	FileCount      *int      `xml:"fileCount"`
	Files          *pictures `xml:"files"`
	*usage
}

type folders struct {
	Rows []*folder `xml:"folder"`
}

type pictures struct {
	Rows []*picture `xml:"file"`
}

type usage struct {
	MaxSpace         int     `xml:"MaxSpace"` // MB
	FolderMax        int     `xml:"FolderMax"`
	FileMax          int     `xml:"FileMax"`
	UseSpace         decimal `xml:"UseSpace"`   // KB
	AvailSpace       decimal `xml:"AvailSpace"` // KB
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
	var used decimal
	for _, p := range c.shop.pictures {
		used += p.FileSize
	}
	folders := len(c.shop.folders)
	return c.cabinet(cabinetResult{usage: &usage{
		MaxSpace: cabinetSpace, FolderMax: cabinetFolder, FileMax: cabinetFiles, UseSpace: used, AvailSpace: cabinetSpace*1024*1000 - used,
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
	return c.cabinet(cabinetResult{FolderAllCount: new(len(c.shop.folders)), FolderCount: new(to - from), Folders: &folders{c.shop.folders[from:to]}})
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
	return c.cabinet(cabinetResult{FileAllCount: new(len(found)), FileCount: new(to - from), Files: &pictures{found[from:to]}})
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

// searchFiles searches in all folders. It does not find a new file at once; lists of a
// folder have it, which is a guess.
func (c *call) searchFiles() reply {
	q := c.query
	return c.files(func(p *picture) bool {
		return !p.trashed && !c.now.Before(p.found) && (q.Get("fileId") == "" || q.Get("fileId") == strconv.FormatInt(p.FileID, 10)) &&
			(q.Get("folderId") == "" || q.Get("folderId") == strconv.FormatInt(p.FolderID, 10)) &&
			strings.Contains(p.FileName, q.Get("fileName")) && strings.Contains(p.FilePath, q.Get("filePath")) &&
			strings.Contains(p.FolderPath, q.Get("folderPath"))
	})
}

func (c *call) trashFiles() reply { return c.files(func(p *picture) bool { return p.trashed }) }
