package rakuten

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// CabinetService works with the shop's pictures, R-Cabinet. It has to be opened once in RMS
// before the API works.
type CabinetService service

// MaxCabinetPage is the most rows that a page of the cabinet has.
const MaxCabinetPage = 100

// RootFolder is the id of the cabinet's root.
const RootFolder = 0

// CabinetUsage is how much of the cabinet is taken. Mind the units: the space in all is in
// megabytes, the used and the free one in kilobytes.
type CabinetUsage struct {
	MaxSpace         int     `xml:"MaxSpace"`   // MB
	FolderMax        int     `xml:"FolderMax"`  // folders in all
	FileMax          int     `xml:"FileMax"`    // files in a folder
	UseSpace         float64 `xml:"UseSpace"`   // KB
	AvailSpace       float64 `xml:"AvailSpace"` // KB
	UseFolderCount   int     `xml:"UseFolderCount"`
	AvailFolderCount int     `xml:"AvailFolderCount"`
}

// CabinetFolder is a folder.
type CabinetFolder struct {
	FolderID   int64      `xml:"FolderId"` // 0 is the root
	FolderName string     `xml:"FolderName"`
	FolderNode int        `xml:"FolderNode"` // its depth
	FolderPath string     `xml:"FolderPath"`
	FileCount  int        `xml:"FileCount"`
	FileSize   float64    `xml:"FileSize"` // KB, of all its files
	TimeStamp  SpacedTime `xml:"TimeStamp"`
}

// CabinetFile is a picture, in a folder or in the trash.
type CabinetFile struct {
	FolderID       int64          `xml:"FolderId"`
	FolderName     string         `xml:"FolderName"`
	FolderNode     int            `xml:"FolderNode"` // 0 to 3
	FolderPath     string         `xml:"FolderPath"`
	FileID         int64          `xml:"FileId"`
	FileName       string         `xml:"FileName"` // the name to people
	FileURL        string         `xml:"FileUrl"`
	FilePath       string         `xml:"FilePath"` // the last part of the address
	FileType       int            `xml:"FileType"`
	FileSize       float64        `xml:"FileSize"`       // KB, to three decimals
	FileWidth      int            `xml:"FileWidth"`      // pixels
	FileHeight     int            `xml:"FileHeight"`     // pixels
	FileAccessDate shotengai.Date `xml:"FileAccessDate"` // zero when the platform has none
	TimeStamp      SpacedTime     `xml:"TimeStamp"`
}

// CabinetPageParams selects a page. Offset is the NUMBER OF THE PAGE, from 1, and no row.
type CabinetPageParams struct {
	Offset int `url:"offset,omitempty"` // page, from 1; the first when 0
	Limit  int `url:"limit,omitempty"`  // rows a page, 1 to 100
}

func (p CabinetPageParams) validate() error {
	return validPage("offset", p.Offset, "limit", p.Limit, MaxCabinetPage)
}

// full is the same with the largest page unless a size is given, from the first page.
func (p CabinetPageParams) full() CabinetPageParams {
	return CabinetPageParams{Offset: max(p.Offset, 1), Limit: cmp.Or(p.Limit, MaxCabinetPage)}
}

// FolderFilesParams selects files of a folder.
type FolderFilesParams struct {
	FolderID int64 `url:"folderId"` // RootFolder for the files in no folder
	CabinetPageParams
}

func (p FolderFilesParams) validate() error {
	return errors.Join(validID("folderId", p.FolderID, RootFolder), p.CabinetPageParams.validate())
}

// SearchFilesParams searches in all folders.
type SearchFilesParams struct {
	FileID     *int64  `url:"fileId,omitempty"`
	FilePath   *string `url:"filePath,omitempty"`
	FileName   *string `url:"fileName,omitempty"`
	FolderID   *int64  `url:"folderId,omitempty"`
	FolderPath *string `url:"folderPath,omitempty"`
	CabinetPageParams
}

// Usage returns how much of the cabinet is taken.
func (s *CabinetService) Usage(ctx context.Context, opts ...shotengai.CallOption) (*CabinetUsage, error) {
	r := api.Request{Operation: "GET /es/1.0/cabinet/usage/get"}
	return api.Pick(ctx, s.client.engine, r, func(w *cabinetUsageReply) *CabinetUsage { return &w.Result.CabinetUsage }, opts...)
}

type cabinetUsageReply struct {
	xmlAnswer

	XMLName struct{} `xml:"result"`
	Result  struct {
		cabinetResult
		CabinetUsage
	} `xml:"cabinetUsageGetResult"`
}

// ListFolders returns one page of folders.
func (s *CabinetService) ListFolders(ctx context.Context, params CabinetPageParams, opts ...shotengai.CallOption) (*shotengai.Page[CabinetFolder], error) {
	r := api.Request{Operation: "GET /es/1.0/cabinet/folders/get", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *cabinetListFoldersReply) *shotengai.Page[CabinetFolder] {
		return &shotengai.Page[CabinetFolder]{Items: w.Result.Folders, Total: &w.Result.FolderAllCount}
	}, opts...)
}

type cabinetListFoldersReply struct {
	xmlAnswer

	XMLName struct{} `xml:"result"`
	Result  struct {
		cabinetResult

		FolderAllCount int             `xml:"folderAllCount"`
		FolderCount    int             `xml:"folderCount"`
		Folders        []CabinetFolder `xml:"folders>folder" rows:"FolderId"`
	} `xml:"cabinetFoldersGetResult"`
}

// AllFolders yields the folders from the given page on, 100 at a time unless params.Limit
// says otherwise. A row that cannot be read is yielded as a *shotengai.RowError. A PageError's
// Offset is a page. Rows that leave the list while it runs end it with
// [shotengai.ErrRowsMoved].
func (s *CabinetService) AllFolders(ctx context.Context, params CabinetPageParams, opts ...shotengai.CallOption) iter.Seq2[*CabinetFolder, error] {
	params = params.full()
	return walk(ctx, params.Offset, byPage(params.Limit), func(f *CabinetFolder) int64 { return f.FolderID },
		func(ctx context.Context, page int) (*shotengai.Page[CabinetFolder], error) {
			params.Offset = page
			return s.ListFolders(ctx, params, opts...)
		}, opts...)
}

// ListFiles returns one page of the files of a folder.
func (s *CabinetService) ListFiles(ctx context.Context, params FolderFilesParams, opts ...shotengai.CallOption) (*shotengai.Page[CabinetFile], error) {
	var out struct {
		xmlAnswer

		XMLName struct{}     `xml:"result"`
		Result  cabinetFiles `xml:"cabinetFolderFilesGetResult"`
	}
	return s.files(ctx, "GET /es/1.0/cabinet/folder/files/get", params, params.validate(), &out, &out.Result, opts...)
}

// AllFiles yields the files of a folder as AllFolders does folders.
func (s *CabinetService) AllFiles(ctx context.Context, params FolderFilesParams, opts ...shotengai.CallOption) iter.Seq2[*CabinetFile, error] {
	return allFiles(ctx, params.CabinetPageParams, func(ctx context.Context, page CabinetPageParams) (*shotengai.Page[CabinetFile], error) {
		params.CabinetPageParams = page
		return s.ListFiles(ctx, params, opts...)
	}, opts)
}

// SearchFiles returns one page of the files that match. It finds a new file 5 to 7 seconds
// after its upload, as observed, and not at once.
func (s *CabinetService) SearchFiles(ctx context.Context, params SearchFilesParams, opts ...shotengai.CallOption) (*shotengai.Page[CabinetFile], error) {
	var out struct {
		xmlAnswer

		XMLName struct{}     `xml:"result"`
		Result  cabinetFiles `xml:"cabinetFilesSearchResult"`
	}
	return s.files(ctx, "GET /es/1.0/cabinet/files/search", params, params.validate(), &out, &out.Result, opts...)
}

// SearchAllFiles yields the files that match as AllFolders does folders.
func (s *CabinetService) SearchAllFiles(ctx context.Context, params SearchFilesParams, opts ...shotengai.CallOption) iter.Seq2[*CabinetFile, error] {
	return allFiles(ctx, params.CabinetPageParams, func(ctx context.Context, page CabinetPageParams) (*shotengai.Page[CabinetFile], error) {
		params.CabinetPageParams = page
		return s.SearchFiles(ctx, params, opts...)
	}, opts)
}

// ListTrash returns one page of the files in the trash.
func (s *CabinetService) ListTrash(ctx context.Context, params CabinetPageParams, opts ...shotengai.CallOption) (*shotengai.Page[CabinetFile], error) {
	var out struct {
		xmlAnswer

		XMLName struct{}     `xml:"result"`
		Result  cabinetFiles `xml:"cabinetTrashboxFilesGetResult"`
	}
	return s.files(ctx, "GET /es/1.0/cabinet/trashbox/files/get", params, params.validate(), &out, &out.Result, opts...)
}

// AllTrash yields the files in the trash as AllFolders does folders.
func (s *CabinetService) AllTrash(ctx context.Context, params CabinetPageParams, opts ...shotengai.CallOption) iter.Seq2[*CabinetFile, error] {
	return allFiles(ctx, params, func(ctx context.Context, page CabinetPageParams) (*shotengai.Page[CabinetFile], error) {
		return s.ListTrash(ctx, page, opts...)
	}, opts)
}

// cabinetResult is what all results of the cabinet begin with.
type cabinetResult struct {
	ResultCode int `xml:"resultCode"` // 0; all others are errors
}

type cabinetFiles struct {
	cabinetResult

	FileAllCount int           `xml:"fileAllCount"`
	FileCount    int           `xml:"fileCount"`
	Files        []CabinetFile `xml:"files>file" rows:"FileId"`
}

// files reads a list of files into out, in which result is the list.
func (s *CabinetService) files(ctx context.Context, operation string, params any, check error, out any, result *cabinetFiles, opts ...shotengai.CallOption) (*shotengai.Page[CabinetFile], error) {
	r := api.Request{Operation: operation, Params: params, Check: check}
	reply, err := s.client.engine.Call(ctx, r, out, opts...)
	if err != nil {
		return nil, err
	}
	return &shotengai.Page[CabinetFile]{Items: result.Files, Total: &result.FileAllCount, RowErrors: reply.Notes.Rows}, nil
}

func allFiles(ctx context.Context, params CabinetPageParams, list func(context.Context, CabinetPageParams) (*shotengai.Page[CabinetFile], error), opts []shotengai.CallOption) iter.Seq2[*CabinetFile, error] {
	params = params.full()
	return walk(ctx, params.Offset, byPage(params.Limit), func(f *CabinetFile) int64 { return f.FileID },
		func(ctx context.Context, page int) (*shotengai.Page[CabinetFile], error) {
			params.Offset = page
			return list(ctx, params)
		}, opts...)
}
