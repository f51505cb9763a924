package colormetest

import (
	"net/http"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// apiError is one element of the platform's error body.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  int    `json:"status"`
	Field   string `json:"field,omitempty"`
}

// Codes of the platform.
const (
	codeInvalidToken = 401001
	codeNoPermission = 401010
	codePlan         = 401200
	codeForbidden    = 403100
	codeNotFound     = 404100
	codeChoice       = 422001
	codeMalformed    = 422003
	codeRequired     = 422007
	codeRange        = 422014
	codeNotImage     = 422043
	codeNoImage      = 422050
	codeParameter    = 422100
	codeEmptyObject  = 422210
	codeCharacter    = 422250
	codeTooMany      = 429000
	codeInternal     = 500000
	codeBusy         = 503002
)

var messages = map[int]string{
	codeInvalidToken: "アクセストークンが無効です。",
	codeNoPermission: "有効なアクセストークンではないか、必要なスコープがありません。",
	codePlan:         "ご利用中のプランではこの機能を利用できません。",
	codeForbidden:    "この操作を行う権限がありません。",
	codeNotFound:     "指定されたリソースが見つかりません。",
	codeChoice:       "選択肢にない値です。",
	codeMalformed:    "値の形式が正しくありません。",
	codeRequired:     "必須の値が入力されていません。",
	codeRange:        "値が範囲外です。",
	codeNotImage:     "画像として利用できないファイルです。",
	codeNoImage:      "指定された位置に画像がありません。",
	codeParameter:    "リクエストパラメータが正しくありません。",
	codeEmptyObject:  "オブジェクトが空です。",
	codeCharacter:    "利用できない文字が含まれています。",
	codeTooMany:      "リクエスト数が上限を超えました。しばらく待ってからお試しください。",
	codeInternal:     "サーバー内部でエラーが発生しました。",
	codeBusy:         "サーバーが混み合っています。しばらく待ってからお試しください。",
}

// Refusal is the fault of answering as the platform refuses, with the code,
// such as 429000 or 503002, and its status. Field, in the platform's internal
// spelling such as customer.email, may be empty.
func Refusal(code int, field string) shotengaitest.Fault {
	status, body := refuseField(code, field)
	return shotengaitest.Fault{Status: status, Body: string(fake.JSON(body))}
}

// problem builds the element for code; the status is its first three digits.
func problem(code int, field string) apiError {
	message, ok := messages[code]
	if !ok {
		message = "エラーが発生しました。"
	}
	return apiError{Code: code, Message: message, Status: code / 1000, Field: field}
}

// refuse is the reply for one problem without a field.
func refuse(code int) (int, any) {
	return refuseAll(problem(code, ""))
}

// refuseField is the reply for one problem with the platform's name of a field.
func refuseField(code int, field string) (int, any) {
	return refuseAll(problem(code, field))
}

// refuseAll is the reply for several problems at once.
func refuseAll(problems ...apiError) (int, any) {
	return problems[0].Status, object{"errors": problems}
}

// notFound is the reply for what does not exist.
func notFound() (int, any) { return refuse(codeNotFound) }

// object is a JSON object.
type object = map[string]any

// noContent is the reply of a delete.
func noContent() (int, any) { return http.StatusNoContent, nil }
