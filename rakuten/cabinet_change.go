package rakuten

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// MaxCabinetFile is the most bytes of a picture: 2 MB. It may have 3840 x 3840 pixels.
const MaxCabinetFile = 2 << 20

// InsertFileRequest is a new picture. PNG, TIFF and BMP become JPEG.
type InsertFileRequest struct {
	FileName string `xml:"fileName"` // the name to people, at most 50 bytes
	FolderID int64  `xml:"folderId"` // RootFolder for none
	// FilePath is the last part of the address, at most 20 bytes. Paths in capitals were
	// refused (3001). The platform makes one up when it is nil: imgrc and ten digits.
	FilePath  *string `xml:"filePath"`
	OverWrite *bool   `xml:"overWrite"`

	Picture []byte `xml:"-"` // at most MaxCabinetFile
}

func (f InsertFileRequest) validate() error {
	var err error
	if f.FileName == "" {
		err = errors.New("fileName: required")
	}
	return errors.Join(err, atMostBytes("fileName", f.FileName, 50), atMostBytes("filePath", value(f.FilePath), 20),
		validID("folderId", f.FolderID, RootFolder), validPicture(f.Picture))
}

// UpdateFileRequest changes a picture or what it is called. What is nil stays.
type UpdateFileRequest struct {
	FileID   int64   `xml:"fileId"`
	FileName *string `xml:"fileName"` // at most 50 bytes
	FilePath *string `xml:"filePath"` // at most 20 bytes, no capitals; changes the address

	Picture []byte `xml:"-"` // at most MaxCabinetFile
}

func (f UpdateFileRequest) validate() error {
	err := errors.Join(validID("fileId", f.FileID, 1), atMostBytes("fileName", value(f.FileName), 50), atMostBytes("filePath", value(f.FilePath), 20))
	if f.Picture != nil {
		err = errors.Join(err, validPicture(f.Picture))
	}
	return err
}

// InsertFolderRequest is a new folder.
type InsertFolderRequest struct {
	FolderName    string  `xml:"folderName"`    // at most 50 bytes
	DirectoryName *string `xml:"directoryName"` // its part of the address, at most 20 bytes

	// UpperFolderID is the folder above. RootFolder is left out of the request: the platform
	// makes a folder in the root without it, and refuses it when it is 0.
	UpperFolderID int64 `xml:"upperFolderId,omitempty"`
}

func (f InsertFolderRequest) validate() error {
	var err error
	if f.FolderName == "" {
		err = errors.New("folderName: required")
	}
	return errors.Join(err, atMostBytes("folderName", f.FolderName, 50), atMostBytes("directoryName", value(f.DirectoryName), 20),
		validID("upperFolderId", f.UpperFolderID, RootFolder))
}

// InsertFile adds a picture and returns its id. SearchFiles finds it a few seconds later.
func (s *CabinetService) InsertFile(ctx context.Context, file InsertFileRequest, opts ...shotengai.CallOption) (fileID int64, err error) {
	body, err := cabinetForm(struct {
		XMLName struct{}          `xml:"request"`
		File    InsertFileRequest `xml:"fileInsertRequest>file"`
	}{File: file}, file.Picture)
	r := api.Request{Operation: "POST /es/1.0/cabinet/file/insert", Body: body, Check: errors.Join(file.validate(), err)}
	return api.Pick(ctx, s.client.engine, r, func(w *cabinetInsertFileReply) int64 { return w.Result.FileID }, opts...)
}

type cabinetInsertFileReply struct {
	xmlAnswer

	XMLName struct{} `xml:"result"`
	Result  struct {
		cabinetResult

		FileID int64 `xml:"FileId"`
	} `xml:"cabinetFileInsertResult"`
}

// UpdateFile changes a picture or what it is called.
func (s *CabinetService) UpdateFile(ctx context.Context, file UpdateFileRequest, opts ...shotengai.CallOption) error {
	body, err := cabinetForm(struct {
		XMLName struct{}          `xml:"request"`
		File    UpdateFileRequest `xml:"fileUpdateRequest>file"`
	}{File: file}, file.Picture)
	r := api.Request{Operation: "POST /es/1.0/cabinet/file/update", Body: body, Check: errors.Join(file.validate(), err)}
	return s.client.engine.Do(ctx, r, new(cabinetUpdateFileReply), opts...)
}

type cabinetUpdateFileReply struct {
	xmlAnswer

	XMLName struct{}      `xml:"result"`
	Result  cabinetResult `xml:"cabinetFileUpdateResult"`
}

// DeleteFile puts a picture into the trash.
func (s *CabinetService) DeleteFile(ctx context.Context, fileID int64, opts ...shotengai.CallOption) error {
	body, err := xmlBody(struct {
		XMLName struct{} `xml:"request"`
		FileID  int64    `xml:"fileDeleteRequest>file>fileId"`
	}{FileID: fileID})
	r := api.Request{Operation: "POST /es/1.0/cabinet/file/delete", Body: body, Check: errors.Join(validID("fileId", fileID, 1), err)}
	return s.client.engine.Do(ctx, r, new(cabinetDeleteFileReply), opts...)
}

type cabinetDeleteFileReply struct {
	xmlAnswer

	XMLName struct{}      `xml:"result"`
	Result  cabinetResult `xml:"cabinetFileDeleteResult"`
}

// RevertFile takes a picture out of the trash and puts it into a folder.
func (s *CabinetService) RevertFile(ctx context.Context, fileID, folderID int64, opts ...shotengai.CallOption) error {
	body, err := xmlBody(struct {
		XMLName  struct{} `xml:"request"`
		FileID   int64    `xml:"fileRevertRequest>file>fileId"`
		FolderID int64    `xml:"fileRevertRequest>file>folderId"`
	}{FileID: fileID, FolderID: folderID})
	return s.client.engine.Do(ctx, api.Request{
		Operation: "POST /es/1.0/cabinet/trashbox/file/revert", Body: body,
		Check: errors.Join(validID("fileId", fileID, 1), validID("folderId", folderID, RootFolder), err),
	}, new(cabinetRevertFileReply), opts...)
}

type cabinetRevertFileReply struct {
	xmlAnswer

	XMLName struct{}      `xml:"result"`
	Result  cabinetResult `xml:"cabinetTrashboxFileRevertResult"`
}

// InsertFolder adds a folder and returns its id.
func (s *CabinetService) InsertFolder(ctx context.Context, folder InsertFolderRequest, opts ...shotengai.CallOption) (folderID int64, err error) {
	body, err := xmlBody(struct {
		XMLName struct{}            `xml:"request"`
		Folder  InsertFolderRequest `xml:"folderInsertRequest>folder"`
	}{Folder: folder})
	r := api.Request{Operation: "POST /es/1.0/cabinet/folder/insert", Body: body, Check: errors.Join(folder.validate(), err)}
	return api.Pick(ctx, s.client.engine, r, func(w *cabinetInsertFolderReply) int64 { return w.Result.FolderID }, opts...)
}

type cabinetInsertFolderReply struct {
	xmlAnswer

	XMLName struct{} `xml:"result"`
	Result  struct {
		cabinetResult

		FolderID int64 `xml:"FolderId"`
	} `xml:"cabinetFolderInsertResult"`
}

// cabinetForm is a body of two parts: xml, the request, and file, the picture, unless
// there is none.
func cabinetForm(request any, picture []byte) (api.Content, error) {
	content, err := xmlBody(request)
	if err != nil {
		return content, err
	}
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	err = addPart(form, `form-data; name="xml"`, content.Type, content.Data)
	if picture != nil {
		kind := http.DetectContentType(picture)
		err = errors.Join(err, addPart(form, multipart.FileContentDisposition("file", "file"+pictureExtensions[kind]), kind, picture))
	}
	err = errors.Join(err, form.Close())
	return api.Content{Type: form.FormDataContentType(), Data: buf.Bytes()}, err
}

var pictureExtensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp"}

func addPart(form *multipart.Writer, disposition, kind string, data []byte) error {
	part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
	if err == nil {
		_, err = part.Write(data)
	}
	return err
}

func validPicture(picture []byte) error {
	switch {
	case len(picture) == 0:
		return errors.New("file: empty")
	case len(picture) > MaxCabinetFile:
		return fmt.Errorf("file: %d bytes, at most %d are allowed", len(picture), MaxCabinetFile)
	}
	return nil
}

// validID wants an id that is not below the least one.
func validID(field string, id, least int64) error {
	if id < least {
		return fmt.Errorf("%s: %d is no id", field, id)
	}
	return nil
}

// atMostBytes refuses text that is too long however it is counted. The platform's own
// encoding is not UTF-8: it has one byte for letters and half-width kana and two for the
// rest.
func atMostBytes(field, text string, limit int) error {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x80 && (r < 0xff61 || r > 0xff9f) {
			n++
		}
	}
	if n > limit {
		return fmt.Errorf("%s: %d bytes, at most %d are allowed", field, n, limit)
	}
	return nil
}
