package rakuten

import (
	"context"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// NavigationService reads Rakuten's own tree of genres and the attributes that items of a
// genre carry. It changes with its version.
type NavigationService service

// RootGenre is the id of the top of the tree.
const RootGenre int64 = 0

// NavigationVersion is a version of the tree.
type NavigationVersion struct {
	ID      int     `json:"id"`
	FixedAt AnyTime `json:"fixedAt,omitzero"`
}

// GenreResult is a genre as one version of the tree has it.
type GenreResult struct {
	Version NavigationVersion `json:"version"`
	Genre   Genre             `json:"genre"`
}

// BaseGenre is a genre without those around it.
type BaseGenre struct {
	GenreID     int64            `json:"genreId"`
	GenreIDPath []int64          `json:"genreIdPath,omitzero"` // from the top down
	NameJa      string           `json:"nameJa"`
	NameJaPath  []string         `json:"nameJaPath,omitzero"`
	Level       int              `json:"level"`
	Lowest      bool             `json:"lowest"` // there is none below it
	Properties  *GenreProperties `json:"properties,omitzero"`
}

// GenreProperties is what a genre is for.
type GenreProperties struct {
	ItemRegister bool `json:"itemRegisterFlg"` // items can be registered in it
}

// Genre is a genre, with those around it and its attributes where they were asked for.
type Genre struct {
	BaseGenre

	Ancestors  []BaseGenre      `json:"ancestors,omitzero"`
	Siblings   []BaseGenre      `json:"siblings,omitzero"`
	Children   []BaseGenre      `json:"children,omitzero"`
	Attributes []GenreAttribute `json:"attributes,omitzero"`
}

// GenreAttribute is a property that items of a genre carry.
type GenreAttribute struct {
	ID               int64               `json:"id"`
	NameJa           string              `json:"nameJa"` // VariantAttribute.Name
	DataType         string              `json:"dataType"`
	MinLength        *int                `json:"minLength"`
	MaxLength        *int                `json:"maxLength"`
	MinValue         *float64            `json:"minValue"`
	MaxValue         *float64            `json:"maxValue"`
	DateFormat       *string             `json:"dateFormat"`
	Unit             *string             `json:"unit"`
	SubUnits         []string            `json:"subUnits"`
	Properties       AttributeProperties `json:"properties"`
	DictionaryValues []DictionaryValue   `json:"dictionaryValues,omitzero"` // by DictionaryValues
}

// AttributeProperties is what an item must carry of an attribute.
type AttributeProperties struct {
	Mandatory       bool    `json:"rmsMandatoryFlg"`
	MultiValueLimit int     `json:"rmsMultiValueLimit"` // how many values an item may have
	InputMethod     string  `json:"rmsInputMethod"`
	SKUUnify        bool    `json:"rmsSkuUnifyFlg"` // all SKUs of an item have the same value
	Recommend       bool    `json:"rmsRecommend"`
	MandatoryType   *string `json:"rmsMandatoryType"` // provisional
}

// DictionaryValue is one of the values that an attribute may have.
type DictionaryValue struct {
	ID     int64  `json:"id"`
	NameJa string `json:"nameJa"`
}

// GenreParams selects the genres around one.
type GenreParams struct {
	ShowAncestors *bool `url:"showAncestors,omitempty"`
	ShowSiblings  *bool `url:"showSiblings,omitempty"`
	ShowChildren  *bool `url:"showChildren,omitempty"`
}

// Version returns the version of the tree. It is the cheapest call of the platform.
func (s *NavigationService) Version(ctx context.Context, opts ...shotengai.CallOption) (*NavigationVersion, error) {
	r := api.Request{Operation: probeOperation}
	return api.Pick(ctx, s.client.engine, r, func(w *versionReply) *NavigationVersion { return &w.Version }, opts...)
}

type versionReply struct {
	Version NavigationVersion `json:"version"`
}

// Genre returns one genre, RootGenre for the top.
func (s *NavigationService) Genre(ctx context.Context, genreID int64, params GenreParams, opts ...shotengai.CallOption) (*GenreResult, error) {
	return s.get(ctx, "GET /es/2.0/navigation/genres/{genreId}", []string{whole(genreID)}, params, opts...)
}

// Attributes returns a genre with all attributes of its items.
func (s *NavigationService) Attributes(ctx context.Context, genreID int64, params GenreParams, opts ...shotengai.CallOption) (*GenreResult, error) {
	return s.get(ctx, "GET /es/2.0/navigation/genres/{genreId}/attributes", []string{whole(genreID)}, params, opts...)
}

// Attribute returns a genre with one attribute of its items.
func (s *NavigationService) Attribute(ctx context.Context, genreID, attributeID int64, params GenreParams, opts ...shotengai.CallOption) (*GenreResult, error) {
	return s.get(ctx, "GET /es/2.0/navigation/genres/{genreId}/attributes/{attributeId}", []string{whole(genreID), whole(attributeID)}, params, opts...)
}

// DictionaryParams selects values of attributes.
type DictionaryParams struct {
	GenreParams

	Page  int `url:"page,omitempty"`  // from 1
	Limit int `url:"limit,omitempty"` // values a page
}

// AllAttributes stands for every attribute of a genre in DictionaryValues.
const AllAttributes int64 = 0

// DictionaryValues returns a genre with one page of the values that an attribute, or each
// of AllAttributes, may have. The answer does not say how many pages there are.
func (s *NavigationService) DictionaryValues(ctx context.Context, genreID, attributeID int64, params DictionaryParams, opts ...shotengai.CallOption) (*GenreResult, error) {
	attribute := "-"
	if attributeID != AllAttributes {
		attribute = whole(attributeID)
	}
	return s.get(ctx, "GET /es/2.0/navigation/genres/{genreId}/attributes/{attributeId}/dictionaryValues", []string{whole(genreID), attribute}, params, opts...)
}

func (s *NavigationService) get(ctx context.Context, operation string, path []string, params any, opts ...shotengai.CallOption) (*GenreResult, error) {
	return api.Get[GenreResult](ctx, s.client.engine, api.Request{Operation: operation, Path: path, Params: params}, opts...)
}

// whole is an id for a path; a negative one is refused when the call is made.
func whole(id int64) string {
	if id < 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
