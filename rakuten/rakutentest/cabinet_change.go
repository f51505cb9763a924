package rakutentest

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"
)

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

// fits reports whether the texts are as the platform wants them.
func (q fileRequest) fits() bool {
	path := text(q.Path)
	return len(text(q.Name)) <= 50 && len(path) <= 20 && (path == "" || filePath.MatchString(path))
}

// filePath has no capitals: paths of capitals were refused, whichever their extension. That
// nothing but these characters is accepted is a guess.
var filePath = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9]+)?$`)

func (c *call) insertFile() reply {
	var q struct {
		File fileRequest `xml:"fileInsertRequest>file"`
	}
	parts := c.parts()
	if xml.Unmarshal(parts["xml"].data, &q) != nil || text(q.File.Name) == "" || !q.File.fits() || len(parts["file"].data) == 0 {
		return c.cabinetFails(cabinetParameter)
	}
	f := c.shop.folder(q.File.Folder)
	if f == nil {
		return c.cabinetFails(cabinetNoFolder)
	}
	p := &picture{
		FileID: c.newID(), FileName: *q.File.Name, FolderID: f.FolderID, FolderName: f.FolderName, FolderNode: f.FolderNode, FolderPath: f.FolderPath,
		FileType: 1, TimeStamp: stamp(c.now), FileAccessDate: c.now.In(jst).Format(time.DateOnly), found: c.now.Add(c.config.searchLag),
	}
	p.FilePath = cmp.Or(text(q.File.Path), fmt.Sprintf("imgrc%010d", p.FileID))
	if code := p.measure(parts["file"].data); code != 0 {
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
			p.FileID, p.found = other.FileID, other.found
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
	if xml.Unmarshal(parts["xml"].data, &q) != nil || !q.File.fits() {
		return c.cabinetFails(cabinetParameter)
	}
	old := c.file(q.File.ID, false)
	if old == nil {
		return c.cabinetFails(cabinetNoFile)
	}
	p := *old
	p.FileName, p.TimeStamp = cmp.Or(text(q.File.Name), p.FileName), stamp(c.now)
	p.FilePath = cmp.Or(text(q.File.Path), p.FilePath)
	if data := parts["file"].data; len(data) > 0 {
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
