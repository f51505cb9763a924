package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
)

// apiCall is what call is asked for.
type apiCall struct {
	method, path string
	document     []byte // of makeshop
	data         []byte // JSON, nil for none
	write        bool
}

func (p *program) callCommand() *cobra.Command {
	var c connection
	var data string
	var write bool
	cmd := &cobra.Command{
		Use:   "call PLATFORM METHOD PATH",
		Short: p.text("任意の API を呼び出す", "call any operation of a platform"),
		Long: p.text(`任意の API を、ライブラリの認証、レート制限、再試行、エラー処理で呼び出し、応答の本文を出力します。データを変更する
呼び出しには --write が必要です。makeshop では METHOD の代わりに query または mutation、PATH の代わりに
GraphQL のファイル（- なら標準入力）を指定し、--data に変数を指定します。`,
			`Calls any operation with the library's authorisation, pacing, retries and errors, and prints the body of the
answer. What changes data needs --write. For makeshop, METHOD is query or mutation, PATH is a file with the
GraphQL document, or - for the standard input, and --data has the variables.`) + "\n\n" + p.secretsHelp(),
		Example:           "  shotengai call colorme GET '/v1/sales?limit=5'\n  shotengai call rakuten POST /es/2.0/order/searchOrder/ --data search.json\n  echo '{ getShop { shop { shopName } } }' | shotengai call makeshop query -",
		Args:              p.platformOperand,
		ValidArgsFunction: completePlatform,
		RunE: func(cmd *cobra.Command, args []string) error {
			call := apiCall{method: args[1], path: args[2], write: write}
			if err := p.prepareCall(&call, args[0], data); err != nil {
				return err
			}
			return p.call(cmd.Context(), args[0], call, c)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&data, "data", "", p.text("JSON のファイル (`FILE`)。- なら標準入力", "`FILE` with JSON, or - for the standard input"))
	flags.BoolVar(&write, "write", false, p.text("データの変更を許可する", "allow a call that changes data"))
	c.flags(p, cmd)
	return cmd
}

// prepareCall reads the files of a call, and refuses a change that was not allowed.
func (p *program) prepareCall(call *apiCall, platform, data string) error {
	var err error
	if platform == "makeshop" {
		if call.method != "query" && call.method != "mutation" {
			return p.usagef("makeshop の METHOD は query または mutation です", "METHOD of makeshop is query or mutation")
		}
		if call.document, err = p.readData(call.path); err != nil {
			return err
		}
	} else {
		call.method = strings.ToUpper(call.method)
		if !strings.HasPrefix(call.path, "/") {
			return p.usagef("PATH は / で始めてください", "PATH has to begin with a slash")
		}
	}
	if data != "" {
		if call.data, err = p.readData(data); err != nil {
			return err
		}
		if !json.Valid(call.data) {
			return p.usagef("--data の内容が JSON ではありません", "what --data names is no JSON")
		}
	}
	if changes(platform, call.method, call.path) && !call.write {
		return p.usagef("データを変更する可能性があるため --write が必要です", "this may change data: add --write to allow it")
	}
	return nil
}

// changes reports whether a call may change data. RMS reads by POST too: its operations say so
// by their names.
func changes(platform, method, address string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, "query":
		return false
	case http.MethodPost:
		address, _, _ = strings.Cut(address, "?")
		name := path.Base(address)
		reads := strings.HasPrefix(name, "search") || strings.HasPrefix(name, "get") || name == "bulk-get"
		return platform != "rakuten" || !reads
	}
	return true
}

// caller is Do, as three of the clients have it.
type caller func(ctx context.Context, method, path string, in, out any, opts ...shotengai.CallOption) error

func (p *program) call(ctx context.Context, platform string, call apiCall, c connection) error {
	var response shotengai.Response
	err := p.send(ctx, platform, call, c, shotengai.WithResponse(&response))
	if err != nil {
		return err
	}
	body := bytes.TrimSpace(response.Body)
	if len(body) == 0 {
		return nil
	}
	_, err = p.out.Write(append(body, '\n'))
	return err
}

func (p *program) send(ctx context.Context, platform string, call apiCall, c connection, keep shotengai.CallOption) error {
	var do caller
	switch platform {
	case "makeshop":
		return p.sendDocument(ctx, call, c, keep)
	case "rakuten":
		client, err := p.rakuten(c)
		if err != nil {
			return err
		}
		do = client.Do
	case "stores":
		client, err := p.stores(c)
		if err != nil {
			return err
		}
		do = client.Do
	default:
		client, err := p.colorMe(c)
		if err != nil {
			return err
		}
		do = client.Do
	}
	in, address, err := p.input(call)
	if err != nil {
		return err
	}
	return do(ctx, call.method, address, in, nil, keep)
}

// input returns what a call sends: the query of its path, or the JSON body.
func (p *program) input(call apiCall) (in any, address string, err error) {
	address, query, _ := strings.Cut(call.path, "?")
	if call.method != http.MethodGet && call.method != http.MethodDelete {
		if query != "" {
			return nil, "", p.usagef("%s では PATH にクエリを指定できません", "the PATH of %s takes no query", call.method)
		}
		if call.data == nil {
			return nil, address, nil
		}
		return json.RawMessage(call.data), address, nil
	}
	if call.data != nil {
		return nil, "", p.usagef("%s では --data を使えません", "%s takes no --data", call.method)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, "", p.usagef("PATH のクエリを解釈できません: %w", "the query of PATH cannot be read: %w", err)
	}
	return values, address, nil
}

func (p *program) sendDocument(ctx context.Context, call apiCall, c connection, keep shotengai.CallOption) error {
	client, err := p.makeShop(c)
	if err != nil {
		return err
	}
	var variables any
	if call.data != nil {
		variables = json.RawMessage(call.data)
	}
	send := client.Query
	if call.method == "mutation" {
		send = client.Mutate
	}
	err = send(ctx, string(call.document), variables, nil, keep)
	if refused, ok := errors.AsType[*shotengai.Error](err); ok && refused.StatusCode == 0 && errors.Is(err, shotengai.ErrInvalid) {
		return usageError{err} // not sent
	}
	return err
}
