package rakutentest_test

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

const inquiries = "/es/1.0/inquirymng-api/"

func TestInquiries(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const october = "fromDate=2026-10-02T00:00:00&toDate=2026-11-01T23:59:59"

	all := c.get(inquiries + "inquiries?" + october).json(t)
	assert.EqualValues(t, 3, at(t, all, "totalCount"))
	assert.EqualValues(t, 2, at(t, c.get(inquiries+"inquiries/count?noMerchantReply=true&"+october).json(t), "result", "count"))
	page := c.get(inquiries + "inquiries?limit=2&page=2&" + october).json(t)
	assert.Len(t, at(t, page, "list"), 1)
	assert.EqualValues(t, 2, at(t, page, "totalPageCount"))
	asked := at(t, page, "list", 0)
	assert.Equal(t, "2026-11-01T17:00:00", at(t, asked, "regDate"), "without an offset")
	assert.Contains(t, at(t, asked, "userMaskEmail"), "masked")
	assert.True(t, strings.HasPrefix(at(t, asked, "orderNumber").(string), "400001-"))

	number := srv.Shop().AddInquiry(object{"message": "いつ届きますか。", "regDate": "2026-10-31T12:00:00"})
	got := c.get(inquiries + "inquiry/" + number).json(t)
	assert.Equal(t, "いつ届きますか。", at(t, got, "result", "message"))
	assert.Nil(t, at(t, got, "result", "completedDate"))
	assert.Equal(t, 404, c.get(inquiries+"inquiry/none").status)

	for q, field := range map[string]string{
		"toDate=2026-11-01T23:59:59":                                        "fromDate",
		"fromDate=2026-10-02T00:00:00":                                      "toDate",
		"fromDate=2026-10-02T00:00:00%2B09:00&toDate=2026-11-01T00:00:00":   "fromDate",
		"fromDate=2026-10-02T00:00:00&toDate=2026-11-02T00:00:01":           "toDate",
		"fromDate=2026-11-02T00:00:00&toDate=2026-11-01T00:00:00":           "toDate",
		"fromDate=2026-11-01T00:00:00&toDate=2026-11-01T00:00:01.5":         "toDate",
		"fromDate=2026-11-01T00:00:00&toDate=2026-11-01T00:00:01&page=zero": "page",
	} {
		got := c.get(inquiries + "inquiries?" + q)
		assert.Equal(t, 400, got.status, q)
		assert.Equal(t, "IE001", at(t, got.json(t), "error", "code"), q)
		assert.Contains(t, at(t, got.json(t), "error", "targets"), field, q)
	}
	assert.Equal(t, 200, c.get(inquiries+"inquiries/count?fromDate=2026-10-02T00:00:00&toDate=2026-11-02T00:00:00").status, "31 days")
}

func TestReplyToAnInquiry(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	number := srv.Shop().AddInquiry(nil)
	c := as(t, srv, srv.Shop())
	send := func(name string, content []byte) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", name)
		require.NoError(t, err)
		_, err = part.Write(content)
		require.NoError(t, err)
		require.NoError(t, form.Close())
		return c.send(http.MethodPost, inquiries+"attachment", form.FormDataContentType(), body.Bytes())
	}
	sent := send("写真.jpg", []byte("\xff\xd8\x00")).json(t)
	file, _ := at(t, sent, "result").(object)
	assert.Equal(t, "写真.jpg", at(t, file, "label"))
	path, _ := at(t, file, "path").(string)
	back := c.get(inquiries + "attachment?" + url.Values{"path": {path}, "label": {"写真.jpg"}}.Encode())
	assert.Equal(t, "\xff\xd8\x00", string(back.body))
	assert.Equal(t, "application/octet-stream", back.header.Get("Content-Type"))
	assert.Equal(t, 404, c.get(inquiries+"attachment?path=/none&label=x").status)
	assert.Equal(t, 400, send("big", make([]byte, 5<<20+1)).status)
	assert.Equal(t, 400, send("none", nil).status)

	reply := func(more object) answer {
		q := object{"inquiryNumber": number, "shopId": "400001", "message": "はい。", "attachments": []object{file}}
		maps.Copy(q, more)
		return c.json(http.MethodPost, inquiries+"inquiry/reply", q)
	}
	got := reply(nil)
	assert.Equal(t, 200, got.status, "%s", got.body)
	assert.Equal(t, "はい。", at(t, got.json(t), "result", "message"))
	reply(nil)
	read := c.get(inquiries + "inquiry/" + number).json(t)
	assert.Len(t, at(t, read, "result", "replies"), 2, "a second call sends a second reply")
	assert.Equal(t, "写真.jpg", at(t, read, "result", "replies", 0, "attachments", 0, "label"))

	for name, more := range map[string]object{
		"another shop": {"shopId": "1"}, "no message": {"message": ""}, "four files": {"attachments": []object{file, file, file, file}},
		"an unknown file": {"attachments": []object{{"label": "x", "path": "/y"}}},
	} {
		assert.Equal(t, 400, reply(more).status, name)
	}
	assert.Equal(t, 404, reply(object{"inquiryNumber": "none"}).status)
	other := as(t, srv, srv.AddShop(rakutentest.Seed{}))
	assert.Equal(t, 404, other.get(inquiries+"inquiry/"+number).status, "another shop's inquiry")
}

func TestMarkInquiries(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	number := srv.Shop().AddInquiry(nil)
	c := as(t, srv, srv.Shop())
	mark := func(as string) answer {
		return c.json(http.MethodPatch, inquiries+"inquiries/"+as, object{"inquiryNumbers": []string{number, "none"}})
	}
	is := func(member string) any { return at(t, c.get(inquiries+"inquiry/"+number).json(t), "result", member) }
	for _, as := range []string{"read", "complete"} {
		got := mark(as)
		assert.Equal(t, 200, got.status, "failed rows come with 200")
		assert.Equal(t, []any{number}, at(t, got.json(t), "result", "ok"))
		assert.Equal(t, "none", at(t, got.json(t), "result", "error", 0, "inquiryNumber"))
	}
	assert.Equal(t, true, is("readByMerchant"))
	assert.Equal(t, true, is("isCompleted"))
	assert.Equal(t, "2026-11-01T19:00:00", is("completedDate"))
	mark("incomplete")
	assert.Equal(t, false, is("isCompleted"))
	assert.Nil(t, is("completedDate"))
	assert.Equal(t, 400, c.json(http.MethodPatch, inquiries+"inquiries/read", object{"inquiryNumbers": []string{}}).status)
}
