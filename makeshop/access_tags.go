package makeshop

import (
	"context"
	"encoding/json"

	"github.com/shotengai/shotengai-go"
)

// AccessTagsService reads the tags that an app has put into the storefront for analytics.
type AccessTagsService service

// AccessTag is a tag and its key.
type AccessTag struct {
	Tag string `json:"tag"`
	Key string `json:"key"`
}

// GetAccessTagRequest is the input of both operations: an object of which no field is
// known. Nil sends an empty one.
type GetAccessTagRequest map[string]any

// MarshalJSON writes an object in any case.
func (r GetAccessTagRequest) MarshalJSON() ([]byte, error) {
	if r == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]any(r))
}

var (
	getAccessBodyTag = operation{
		root: "getAccessBodyTag",
		text: "query getAccessBodyTag($input: GetAccessTagRequest!) { getAccessBodyTag(input: $input) { accessTag { tag key } } }",
	}
	getAccessHeadTag = operation{
		root: "getAccessHeadTag",
		text: "query getAccessHeadTag($input: GetAccessTagRequest!) { getAccessHeadTag(input: $input) { accessTag { tag key } } }",
	}
)

type getAccessTagResponse struct {
	AccessTag *AccessTag `json:"accessTag"`
}

// GetBody returns the tag in the body (getAccessBodyTag); nil if there is none.
func (s *AccessTagsService) GetBody(ctx context.Context, request GetAccessTagRequest, opts ...shotengai.CallOption) (*AccessTag, error) {
	return pick(ctx, s.client, getAccessBodyTag, request, nil, accessTag, opts)
}

// GetHead returns the tag in the head (getAccessHeadTag); nil if there is none.
func (s *AccessTagsService) GetHead(ctx context.Context, request GetAccessTagRequest, opts ...shotengai.CallOption) (*AccessTag, error) {
	return pick(ctx, s.client, getAccessHeadTag, request, nil, accessTag, opts)
}

func accessTag(r *getAccessTagResponse) *AccessTag { return r.AccessTag }
