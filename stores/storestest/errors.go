package storestest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// refusal is the message of an error. Which shape it takes depends on the operation.
type refusal string

// shape builds the error body of an operation: {"message"} for 503 and the statuses in
// plain, {"errors":[{"message"}]} for all else.
func (rt route) shape(status int, message string) any {
	if status == http.StatusServiceUnavailable || slices.Contains(rt.plain, status) {
		return object{"message": message}
	}
	return object{"errors": []object{{"message": message}}}
}

// Refusal is the fault of answering a call as the platform refuses: with the status, such
// as 423 or 503, in the shape that it has for the operation. The path is that of the call,
// such as /retail/202211/coupons.
func Refusal(method, path string, status int, message string) shotengaitest.Fault {
	rt := find(method, path)
	return shotengaitest.Fault{Method: method, Path: path, Status: status, Body: string(fake.JSON(rt.shape(status, message)))}
}

// find returns the operation that a call means.
func find(method, path string) route {
	want := strings.Split(strings.TrimPrefix(path, root), "/")
	for _, rt := range apiRoutes {
		parts := strings.Split(rt.path, "/")
		same := func(a, b string) bool { return a == b || strings.HasPrefix(a, "{") }
		if rt.method == method && slices.EqualFunc(parts, want, same) {
			return rt
		}
	}
	return route{}
}

// bad is the reply for a request that is not understood.
func bad(message string) (int, any) { return http.StatusBadRequest, refusal(message) }

// edgePage is what the edge in front of the API shows to a caller it does not like.
const edgePage = `<!DOCTYPE html>
<html lang="en-US">
<head><title>Access denied | api.stores.dev used Cloudflare to restrict access</title></head>
<body>
<h1><span>Error</span> <span>1010</span></h1>
<h2>Access denied</h2>
<p>The owner of this website (api.stores.dev) has banned your access based on your browser's signature.</p>
</body>
</html>
`
