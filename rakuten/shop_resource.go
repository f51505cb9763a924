package rakuten

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"reflect"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// The resources of the shop are put together from the types below, one for each thing that
// can be done with a resource.

// ShopGet reads a resource of which the shop has one.
type ShopGet[T any] struct{ shopPart }

// Get returns the resource.
func (g ShopGet[T]) Get(ctx context.Context, opts ...shotengai.CallOption) (*T, error) {
	model, _, err := shopRead[T](ctx, resourceOf(g), nil, nil, opts...)
	return model, err
}

// ShopList reads a resource of which the shop has several, with ids of type K.
type ShopList[T any, K ~int | ~int64 | ~string] struct{ shopPart }

// List returns all, on one page.
func (l ShopList[T, K]) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	at := resourceOf(l)
	at.rows = at.id
	return shopList[T](ctx, at, nil, nil, opts...)
}

// Get returns the one with the given id.
func (l ShopList[T, K]) Get(ctx context.Context, id K, opts ...shotengai.CallOption) (*T, error) {
	at := resourceOf(l)
	at.wanted = at.id
	rows, _, err := shopRead[[]T](ctx, at, url.Values{at.id: {fmt.Sprint(id)}}, nil, opts...)
	if err != nil {
		return nil, err
	}
	return &(*rows)[0], nil
}

// ShopModels reads a resource of which the shape of the answer is in doubt: the one client
// that reads it takes the model of its edits.
type ShopModels[T any] struct{ shopPart }

// Get returns every element of the answer with its name, read with the model of the
// resource's edits. Look at the elements of a real shop before relying on it.
func (g ShopModels[T]) Get(ctx context.Context, opts ...shotengai.CallOption) ([]ShopModel[T], error) {
	result, _, err := shopRead[shopModels[T]](ctx, resourceOf(g), nil, nil, opts...)
	return value(result).Models, err
}

// ShopModel is an element of an answer whose shape is in doubt.
type ShopModel[T any] struct {
	Element string // its name
	Model   T
}

type shopModels[T any] struct {
	Models []ShopModel[T] `xml:",any"`
}

// UnmarshalXML reads an element of any name.
func (m *ShopModel[T]) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	m.Element = start.Name.Local
	return d.DecodeElement(&m.Model, &start)
}

// MarshalXML writes the element under its name.
func (m ShopModel[T]) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Name = xml.Name{Local: m.Element}
	return e.EncodeElement(m.Model, start)
}

func (ShopModel[T]) xmlShape() reflect.Type { return reflect.TypeFor[T]() }

// ShopInsert adds to a resource.
type ShopInsert[T any] struct{ shopPart }

// Insert adds model. Provisional.
func (i ShopInsert[T]) Insert(ctx context.Context, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, resourceOf(i), model, opts...)
}

// ShopUpdate changes a resource.
type ShopUpdate[T any] struct{ shopPart }

// Update changes the resource to model: start from what was read, since whether
// what is empty empties the shop's is not established. Provisional.
func (u ShopUpdate[T]) Update(ctx context.Context, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, resourceOf(u), model, opts...)
}

// ShopReplace replaces a resource.
type ShopReplace[T any] struct{ shopPart }

// Replace puts model in the place of ALL that is there: what is left out is gone.
// Provisional.
func (r ShopReplace[T]) Replace(ctx context.Context, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, resourceOf(r), model, opts...)
}

// ShopDelete deletes from a resource.
type ShopDelete[T any] struct{ shopPart }

// Delete deletes model. Provisional.
func (d ShopDelete[T]) Delete(ctx context.Context, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, resourceOf(d), model, opts...)
}

// ShopInput sets a resource.
type ShopInput[T any] struct{ shopPart }

// Set sets the resource to model, whether it was there before or not. Provisional.
func (i ShopInput[T]) Set(ctx context.Context, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, resourceOf(i), model, opts...)
}

// ShopResult is what the platform says of an edit that it carried out.
type ShopResult struct {
	ResultCode string        `xml:"resultCode"` // N000
	Messages   []ShopMessage `xml:"resultMessageList>resultMessage"`
}

// ShopMessage is one message of an edit. All but the first two are known from layouts only.
type ShopMessage struct {
	Code                string `xml:"code"`
	Message             string `xml:"message"`
	ResourceID          string `xml:"resourceId"`
	FieldID             string `xml:"fieldId"`
	ValidationErrorCode string `xml:"validationErrorCode"`
	MinValue            string `xml:"minValue"`
	MaxValue            string `xml:"maxValue"`
}

const shopNamespace = "http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource"

// shopAt is a resource and the elements around its model: within the result of a reading,
// within the root of an edit.
type shopAt struct {
	client *Client
	name   string   // the last part of the path, as a template
	path   []string // the values of the names in it
	within string   // element>element
	root   string   // the root of an edit's body, where it is not the name
	id     string   // the element that identifies one of several, and its name in a query
	rows   string   // the element that identifies a row of a list, each of which may fail alone
	wanted string   // the id of the one row that is asked for, which has to be there
}

// shopPart is what every part of a ShopService is made of.
type shopPart struct{ client *Client }

func (p *shopPart) connect(c *Client) { p.client = c }

func (p shopPart) owner() *Client { return p.client }

// resourceOf returns what a part works on.
func resourceOf(part interface{ owner() *Client }) shopAt {
	at := shopResources()[reflect.TypeOf(part)]
	at.client = part.owner()
	return at
}

// shopList reads a resource of which the shop has several.
func shopList[T any](ctx context.Context, at shopAt, params any, check error, opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	items, reply, err := shopRead[[]T](ctx, at, params, check, opts...)
	if err != nil {
		return nil, err
	}
	return &shotengai.Page[T]{Items: *items, RowErrors: reply.Notes.Rows, Total: new(len(*items) + len(reply.Notes.Rows))}, nil
}

// shopRead reads a resource. The answer's type differs only in the elements around T.
func shopRead[T any](ctx context.Context, at shopAt, params any, check error, opts ...shotengai.CallOption) (*T, *api.Reply, error) {
	within := "result"
	if at.within != "" {
		within += ">" + at.within
	}
	model := field[T]("Model", within)
	if at.rows != "" {
		model.Tag += reflect.StructTag(` rows:"` + at.rows + `"`)
	}
	out := reflect.New(reflect.StructOf([]reflect.StructField{
		field[struct{}]("XMLName", "shopBizApiResponse"),
		field[string]("ResultCode", "resultCode"),
		field[[]ShopMessage]("Messages", "resultMessageList>resultMessage"),
		model,
	}))
	r := api.Request{Operation: "GET /es/1.0/shop/" + at.name, Path: at.path, Params: params, Check: check}
	if at.wanted != "" {
		r.Judge = func(*api.Reply) (kind, cause error) {
			if out.Elem().FieldByName("Model").Len() == 0 {
				return shotengai.ErrNotFound, errors.New(at.wanted + ": there is none")
			}
			return nil, nil
		}
	}
	reply, err := at.client.engine.Call(ctx, r, out.Interface(), opts...)
	if err != nil {
		return nil, nil, err
	}
	found, _ := reflect.TypeAssert[*T](out.Elem().FieldByName("Model").Addr())
	return found, reply, nil
}

// shopEdit changes a resource. The root of the body is in the platform's namespace, all
// elements in it are in none.
func shopEdit[T any](ctx context.Context, at shopAt, model T, opts ...shotengai.CallOption) (*ShopResult, error) {
	body := reflect.New(reflect.StructOf([]reflect.StructField{
		field[xml.Name]("XMLName", ""),
		field[string]("Namespace", "xmlns:shopbiz,attr"),
		field[T]("Model", at.within),
	})).Elem()
	body.FieldByName("XMLName").Set(reflect.ValueOf(at.bodyRoot()))
	body.FieldByName("Namespace").SetString(shopNamespace)
	body.FieldByName("Model").Set(reflect.ValueOf(&model).Elem())
	content, err := xmlBody(body.Interface())
	if rows := body.FieldByName("Model"); rows.Kind() == reflect.Slice && rows.Len() == 0 {
		err = errors.New(at.within + ": no rows")
	}
	return shopPost(ctx, at, nil, content, err, opts...)
}

// shopPost sends an edit.
func shopPost(ctx context.Context, at shopAt, params any, body api.Content, check error, opts ...shotengai.CallOption) (*ShopResult, error) {
	var out struct {
		ShopResult

		XMLName struct{} `xml:"shopBizApiResponse"`
	}
	r := api.Request{Operation: "POST /es/1.0/shop/" + at.name, Path: at.path, Params: params, Body: body, Check: check}
	if err := at.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.ShopResult, nil
}

// bodyRoot is the root of an edit's body.
func (at shopAt) bodyRoot() xml.Name {
	return xml.Name{Local: "shopbiz:" + cmp.Or(at.root, at.name) + "BizModel"}
}

func field[T any](name, tag string) reflect.StructField {
	f := reflect.StructField{Name: name, Type: reflect.TypeFor[T]()}
	if tag != "" {
		f.Tag = reflect.StructTag(`xml:"` + tag + `"`)
	}
	return f
}
