package graphql_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest/internal/graphql"
)

const schemaText = `
scalar Uint64
scalar Int64
scalar Any
scalar Upload
type Query { shop: ShopResponse!  search(input: SearchRequest!, note: String): SearchResponse!  any(input: Any!): Shop }
type Mutation { save(input: SaveRequest!): SearchResponse!  upload(file: Upload!): Shop }
type ShopResponse { shop: Shop }
type Shop { id: String name: String }
enum Sort { ASC DESC }
input SearchRequest { codes: [String!] sort: Sort limit: Int open: Boolean rate: Float id: ID }
type SearchResponse { rows: [Row] count: Int }
type Row { id: String tags: [String] shop: Shop }
input SaveRequest { rows: [RowRequest!]! }
input RowRequest { id: String! points: Uint64 groups: [Int64!] }
`

func schema(t testing.TB) *graphql.Schema {
	t.Helper()
	s, err := graphql.ReadSchema(schemaText)
	require.NoError(t, err)
	return s
}

// answer is what a root field gets; it repeats its arguments in row 1.
func answer(field string, arguments map[string]any) (any, *graphql.Error) {
	shop := map[string]any{"id": "s1", "name": "商店"}
	switch field {
	case "shop":
		return map[string]any{"shop": shop}, nil
	case "any":
		return shop, nil
	case "upload":
		file, _ := arguments["file"].(*graphql.Upload)
		return map[string]any{"id": file.Name}, nil
	}
	text, _ := json.Marshal(arguments)
	return map[string]any{"count": 2, "rows": []map[string]any{
		{"id": "1", "tags": []any{string(text)}, "shop": shop}, {"id": "2", "tags": nil},
	}}, nil
}

func variables(t testing.TB, text string) map[string]any {
	t.Helper()
	if text == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v map[string]any
	require.NoError(t, decoder.Decode(&v))
	return v
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query, variables, operation, want string
	}{
		{"shorthand", `{ shop { shop { name id } } }`, "", "", `{"shop":{"shop":{"name":"商店","id":"s1"}}}`},
		{"alias", `{ a: shop { b: shop { c: id } } }`, "", "", `{"a":{"b":{"c":"s1"}}}`},
		{"typename", `{ __typename shop { __typename shop { t: __typename } } }`, "", "", `{"__typename":"Query","shop":{"__typename":"ShopResponse","shop":{"t":"Shop"}}}`},
		{"merge", `{ shop { shop { id } } shop { shop { name } } }`, "", "", `{"shop":{"shop":{"id":"s1","name":"商店"}}}`},
		{"fragments", `query { shop { ...a ... { shop { name } } ... on ShopResponse @include(if: true) { shop { n: name } } } } fragment a on ShopResponse { shop { ...b } } fragment b on Shop { id }`, "", "", `{"shop":{"shop":{"id":"s1","name":"商店","n":"商店"}}}`},
		{"include and skip", `query($y: Boolean!, $n: Boolean = false) { shop { shop { id @skip(if: $y) name @include(if: $n) x: id @include(if: $y) @skip(if: $n) } } }`, `{"y":true}`, "", `{"shop":{"shop":{"x":"s1"}}}`},
		{"lists and nulls", `{ search(input: {}) { count rows { id tags shop { id } } } }`, "", "", `{"search":{"count":2,"rows":[{"id":"1","tags":["{\"input\":{}}"],"shop":{"id":"s1"}},{"id":"2","tags":null,"shop":null}]}}`},
		{"literals", `{ search(input: {codes: "a", sort: DESC, limit: -5, open: true, rate: 1.5e1, id: 7}, note: """b "q" """) { rows { tags } } }`, "", "", `{"search":{"rows":[{"tags":["{\"input\":{\"codes\":[\"a\"],\"id\":\"7\",\"limit\":-5,\"open\":true,\"rate\":15,\"sort\":\"DESC\"},\"note\":\"b \\\"q\\\" \"}"]},{"tags":null}]}}`},
		{"single value to list", `query q($in: SearchRequest!) { search(input: $in) { rows { tags } } }`, `{"in":{"codes":"a","limit":"12"}}`, "q", `{"search":{"rows":[{"tags":["{\"input\":{\"codes\":[\"a\"],\"limit\":12}}"]},{"tags":null}]}}`},
		{"numbers as texts, and texts as numbers", `query q($in: SearchRequest!) { search(input: $in) { rows { tags } } }`, `{"in":{"codes":["a",7],"rate":"1.5","id":8}}`, "q", `{"search":{"rows":[{"tags":["{\"input\":{\"codes\":[\"a\",\"7\"],\"id\":\"8\",\"rate\":1.5}}"]},{"tags":null}]}}`},
		{"single object to list", `mutation($in: SaveRequest!) { save(input: $in) { rows { tags } } }`, `{"in":{"rows":{"id":"1","points":3,"groups":4}}}`, "", `{"save":{"rows":[{"tags":["{\"input\":{\"rows\":[{\"groups\":[4],\"id\":\"1\",\"points\":3}]}}"]},{"tags":null}]}}`},
		{"variables within", `mutation($p: Uint64, $id: String!, $note: String) { save(input: {rows: [{id: $id, points: $p}]}) { rows { tags } } }`, `{"id":"7","unused":1}`, "", ``},
		{"default", `query($s: Sort = DESC, $c: [String!] = ["x"]) { search(input: {sort: $s, codes: $c}) { rows { tags } } }`, "", "", `{"search":{"rows":[{"tags":["{\"input\":{\"codes\":[\"x\"],\"sort\":\"DESC\"}}"]},{"tags":null}]}}`},
		{"named operation", `query a { shop { shop { id } } } query b { shop { shop { name } } }`, "", "b", `{"shop":{"shop":{"name":"商店"}}}`},
		{"escapes", `{ search(input: {codes: ["\u0041\n\"\\"]}) { rows { tags } } } # end`, "", "", `{"search":{"rows":[{"tags":["{\"input\":{\"codes\":[\"A\\n\\\"\\\\\"]}}"]},{"tags":null}]}}`},
		{"scalar that is an object", `query($x: String) { any(input: {a: [$x, 1, {b: 2.5}], c: E}) { id } }`, `{"x":"y"}`, "", `{"any":{"id":"s1"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op, errs := schema(t).Prepare(graphql.Call{Query: tt.query, OperationName: tt.operation, Variables: variables(t, tt.variables)})
			if tt.want == "" {
				require.NotEmpty(t, errs, "a variable is not used")
				return
			}
			require.Empty(t, errs)
			data, errs := op.Run(answer)
			require.Empty(t, errs)
			got, err := json.Marshal(data)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("{ a ", 1001) + strings.Repeat("}", 1001)
	for _, tt := range []struct {
		query, code, want string
	}{
		{`{ shop { shop { nam } } }`, graphql.CodeValidation, `Cannot query field "nam" on type "Shop".`},
		{`{ shops }`, graphql.CodeValidation, `Cannot query field "shops" on type "Query".`},
		{`{ shop(id: 1) { shop { id } } }`, graphql.CodeValidation, `Unknown argument "id" on field "Query.shop".`},
		{`{ search { count } }`, graphql.CodeValidation, `Field "search" argument "input" of type "SearchRequest!" is required, but it was not provided.`},
		{`{ shop }`, graphql.CodeValidation, `Field "shop" of type "ShopResponse!" must have a selection of subfields. Did you mean "shop { ... }"?`},
		{`{ shop { shop { id { x } } } }`, graphql.CodeValidation, `Field "id" must not have a selection since type "String" has no subfields.`},
		{`{ __typename { x } }`, graphql.CodeValidation, `Field "__typename" must not have a selection since type "String" has no subfields.`},
		{`{ shop { ...x } }`, graphql.CodeValidation, `Unknown fragment "x".`},
		{`{ shop { shop { id } } } fragment x on Shop { id }`, graphql.CodeValidation, `Fragment "x" is never used.`},
		{`{ shop { shop { ...x } } } fragment x on Shop { ...y } fragment y on Shop { ...x }`, graphql.CodeValidation, `Cannot spread fragment "x" within itself via "y".`},
		{`{ shop { ...x } } fragment x on Shop { id }`, graphql.CodeValidation, `Fragment "x" cannot be spread here as objects of type "ShopResponse" can never be of type "Shop".`},
		{`{ shop { ... on Shop { id } } }`, graphql.CodeValidation, `Fragment cannot be spread here as objects of type "ShopResponse" can never be of type "Shop".`},
		{`{ shop { ... on Nobody { id } } }`, graphql.CodeValidation, `Unknown type "Nobody".`},
		{`{ shop { ...x } } fragment x on Nobody { id }`, graphql.CodeValidation, `Unknown type "Nobody".`},
		{`{ shop { ...x } } fragment x on Sort { id }`, graphql.CodeValidation, `Fragment "x" cannot condition on non composite type "Sort".`},
		{`{ shop { shop { id @upper } } }`, graphql.CodeValidation, `Unknown directive "@upper".`},
		{`{ shop { shop { id @skip } } }`, graphql.CodeValidation, `Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.`},
		{`{ shop { shop { id @skip(if: 1) } } }`, graphql.CodeValidation, `Boolean cannot represent a non boolean value: 1`},
		{`{ shop { shop { a: id a: name } } }`, graphql.CodeValidation, `Fields "a" conflict because "id" and "name" are different fields. Use different aliases on the fields to fetch both if this was intentional.`},
		{`{ search(input: {}) { count } search(input: {limit: 1}) { count } }`, graphql.CodeValidation, `Fields "search" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.`},
		{`{ search(input: {status: "N"}) { count } }`, graphql.CodeValidation, `Field "status" is not defined by type "SearchRequest".`},
		{`{ search(input: {limit: "1"}) { count } }`, graphql.CodeValidation, `Int cannot represent non-integer value: "1"`},
		{`{ search(input: {sort: UP}) { count } }`, graphql.CodeValidation, `Value "UP" does not exist in "Sort" enum.`},
		{`{ search(input: {codes: [null]}) { count } }`, graphql.CodeValidation, `Expected value of type "String!", found null.`},
		{`{ search(input: 5) { count } }`, graphql.CodeValidation, `Expected value of type "SearchRequest!", found 5.`},
		{`mutation { save(input: {rows: [{}]}) { count } }`, graphql.CodeValidation, `Field "RowRequest.id" of required type "String!" was not provided.`},
		{`query q { search(input: $in) { count } }`, graphql.CodeValidation, `Variable "$in" is not defined by operation "q".`},
		{`query q($in: SearchRequest) { search(input: $in) { count } }`, graphql.CodeValidation, `Variable "$in" of type "SearchRequest" used in position expecting type "SearchRequest!".`},
		{`query($x: Int) { shop { shop { id } } }`, graphql.CodeValidation, `Variable "$x" is never used.`},
		{`query($x: Nobody) { any(input: $x) { id } }`, graphql.CodeValidation, `Unknown type "Nobody".`},
		{`query($x: Shop) { any(input: $x) { id } }`, graphql.CodeValidation, `Variable "$x" cannot be non-input type "Shop".`},
		{`{ shop { shop { id } } } { shop { shop { id } } }`, graphql.CodeValidation, `This anonymous operation must be the only defined operation.`},
		{`query a { shop { shop { id } } } query a { shop { shop { id } } }`, graphql.CodeValidation, `There can be only one operation named "a".`},
		{`subscription { x }`, graphql.CodeValidation, `Schema does not support operation type "subscription"`},
		{`query a { shop { shop { id } } } query b { shop { shop { id } } }`, graphql.CodeValidation, `operation  not found`},
		{``, graphql.CodeValidation, `no operation provided`},
		{`{ }`, graphql.CodeParse, `expected at least one definition, found }`},
		{`{ shop`, graphql.CodeParse, `Expected Name, found <EOF>`},
		{`{ shop { shop { id } } } }`, graphql.CodeParse, `Unexpected }`},
		{`{ a(b: "x`, graphql.CodeParse, `Unexpected <Invalid>`},
		{`{ a(b: "\x") }`, graphql.CodeParse, `Unexpected <Invalid>`},
		{`{ a(b: 01) }`, graphql.CodeParse, `Unexpected <Invalid>`},
		{`{ a(b: 1x) }`, graphql.CodeParse, `Expected :, found )`},
		{`{ a ? }`, graphql.CodeParse, `Expected Name, found <Invalid>`},
		{`query($x: Int = $y) { a }`, graphql.CodeParse, `Unexpected $`},
		{`fragment on on Shop { id }`, graphql.CodeParse, `Unexpected Name "on"`},
		{deep, graphql.CodeParse, `exceeded maximum nesting depth of 1000`},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			_, errs := schema(t).Prepare(graphql.Call{Query: tt.query})
			require.NotEmpty(t, errs)
			var messages []string
			for _, err := range errs {
				messages = append(messages, err.Message)
				assert.Equal(t, map[string]any{"code": tt.code}, err.Extensions)
			}
			assert.Contains(t, messages, tt.want)
		})
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	const search = `query q($input: SearchRequest!) { search(input: $input) { count } }`
	const save = `mutation($input: SaveRequest!) { save(input: $input) { count } }`
	for _, tt := range []struct {
		query, variables, want, path string
	}{
		{search, `{}`, "must be defined", `["variable","input"]`},
		{search, `{"input":null}`, "cannot be null", `["variable","input"]`},
		{search, `{"input":{"name":1}}`, "unknown field", `["variable","input","name"]`},
		{search, `{"input":5}`, "must be a SearchRequest, not a string", `["variable","input"]`},
		{search, `{"input":{"limit":"x"}}`, "cannot use string as Int", `["variable","input","limit"]`},
		{search, `{"input":{"limit":2147483648}}`, "cannot use value 2147483648 as Int", `["variable","input","limit"]`},
		{search, `{"input":{"limit":1.5}}`, "cannot use string as Int", `["variable","input","limit"]`},
		{search, `{"input":{"codes":["a",true]}}`, "cannot use bool as String", `["variable","input","codes",1]`},
		{search, `{"input":{"sort":"UP"}}`, "UP is not a valid Sort", `["variable","input","sort"]`},
		{search, `{"input":{"sort":"asc"}}`, "asc is not a valid Sort", `["variable","input","sort"]`},
		{search, `{"input":{"sort":true}}`, "enums must be ints or strings", `["variable","input","sort"]`},
		{search, `{"input":{"sort":1}}`, "1 is not a valid Sort", `["variable","input","sort"]`},
		{search, `{"input":{"open":"true"}}`, "cannot use string as Boolean", `["variable","input","open"]`},
		{search, `{"input":{"rate":"x"}}`, "cannot use string as Float", `["variable","input","rate"]`},
		{search, `{"input":{"id":[]}}`, "cannot use slice as ID", `["variable","input","id"]`},
		{save, `{"input":{"rows":[{"points":1}]}}`, "must be defined", `["variable","input","rows",0,"id"]`},
		{save, `{"input":{"rows":[{"id":"1","points":-1}]}}`, "cannot use value -1 as Uint64", `["variable","input","rows",0,"points"]`},
		{`mutation($f: Upload!) { upload(file: $f) { id } }`, `{"f":"x"}`, "string is not an Upload", `["variable","f"]`},
	} {
		t.Run(tt.path+" "+tt.want, func(t *testing.T) {
			t.Parallel()
			_, errs := schema(t).Prepare(graphql.Call{Query: tt.query, Variables: variables(t, tt.variables)})
			require.Len(t, errs, 1)
			assert.Equal(t, tt.want, errs[0].Message)
			path, err := json.Marshal(errs[0].Path)
			require.NoError(t, err)
			assert.Equal(t, tt.path, string(path))
		})
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	_, errs := schema(t).Prepare(graphql.Call{Query: "{ shop {\n  # 商店\n  nam } }"})
	require.Len(t, errs, 1)
	assert.Equal(t, []gqlerror.Location{{Line: 3, Column: 3}}, errs[0].Locations)
}

func TestFailedRoot(t *testing.T) {
	t.Parallel()
	op, errs := schema(t).Prepare(graphql.Call{Query: `{ a: shop { shop { id } } b: shop { shop { id } } }`})
	require.Empty(t, errs)
	data, errs := op.Run(func(string, map[string]any) (any, *graphql.Error) { return nil, graphql.Coded("FORBIDDEN", "no") })
	assert.Nil(t, data)
	require.Len(t, errs, 2)
	assert.Equal(t, "b", errs[1].Path.String())
}

func TestIntrospects(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		`{ __schema { types { name } } }`:                              true,
		`{ shop { shop { id } } ...x } fragment x on Query { __type }`: true,
		`{ __typename shop { shop { __typename } } }`:                  false,
		`{ __schema`: false,
		`query a { __typename } query b { x: __type(name: "Shop") { name } }`: true,
	} {
		assert.Equal(t, want, graphql.Introspects(query), query)
	}
}

func TestReadSchema(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"type A { b: C }", "union A = B", "type B { c: Int } union A = B", "type A {", "type A { b(c: D): String }", "type A { b String }"} {
		_, err := graphql.ReadSchema(text)
		require.Error(t, err, text)
	}
	s, err := graphql.ReadSchema("type Query { a: Int } extend type Query { b: Int }")
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, s.Operations("Query"))
	assert.Empty(t, s.Operations("Mutation"))
	require.NoError(t, s.Conform("Query", map[string]any{"a": 1}))
	require.Error(t, s.Conform("Query", []any{map[string]any{"c": 1}}))
}

func FuzzPrepare(f *testing.F) {
	for _, seed := range []string{
		`{ shop { shop { id } } }`, `query q($in: SearchRequest! = {codes: "a"}) { search(input: $in) { rows { ...r } } } fragment r on Row { id }`,
		`mutation { save(input: {rows: [{id: "1", points: 3, groups: [1, 2]}]}) { count @skip(if: false) } }`,
		`{ any(input: [{a: $x}]) { id } }`, `fragment a on Shop { ...a } { shop { shop { ...a } } }`, "\"\"\"\\\"\"\"", `query($x: [[Int!]!]!) { a }`,
	} {
		f.Add(seed, `{"in":{"codes":["a"],"limit":1}}`)
	}
	f.Add(`mutation { save(input: {rows: [{id: "1", points: 3, groups: [A]}]}) { count } }`, "{}")
	s := schema(f)
	f.Fuzz(func(t *testing.T, query, text string) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var given map[string]any
		_ = decoder.Decode(&given)
		graphql.Introspects(query)
		op, errs := s.Prepare(graphql.Call{Query: query, Variables: given})
		if errs != nil {
			for _, err := range errs {
				assert.NotEmpty(t, err.Message)
				assert.NotEmpty(t, err.Extensions["code"])
			}
			return
		}
		data, errs := op.Run(answer)
		for _, err := range errs { // literals of scalars that gqlparser leaves to the run
			assert.NotEmpty(t, err.Message)
			assert.NotEmpty(t, err.Path)
		}
		_, err := json.Marshal(data)
		require.NoError(t, err)
	})
}

// What gqlparser leaves to the server is refused when the field is run.
func TestLiteralsOfOwnScalars(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`mutation { save(input: {rows: [{id: "1", points: "x"}]}) { count } }`: `save.input.rows[0].points cannot use value x as Uint64`,
		`mutation { a: upload(file: "x") { id } }`:                             `a.file string is not an Upload`,
		`{ any(input: 99999999999999999999) { id } }`:                          `any.input strconv.ParseInt: parsing "99999999999999999999": value out of range`,
	} {
		op, errs := schema(t).Prepare(graphql.Call{Query: query})
		require.Empty(t, errs)
		_, errs = op.Run(answer)
		require.Len(t, errs, 1)
		assert.Equal(t, "input: "+want, errs[0].Error())
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	s, err := graphql.ReadSchema(`type Query { a(in: In = {}, n: Int = 3): String } input In { b: [Int] = 5 }`)
	require.NoError(t, err)
	op, errs := s.Prepare(graphql.Call{Query: `query($n: Int) { a(n: $n) }`})
	require.Empty(t, errs)
	_, errs = op.Run(func(_ string, arguments map[string]any) (any, *graphql.Error) {
		assert.Equal(t, map[string]any{"in": map[string]any{"b": []any{int64(5)}}, "n": int64(3)}, arguments)
		return nil, nil
	})
	require.Empty(t, errs)
}
