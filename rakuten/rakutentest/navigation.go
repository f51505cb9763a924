package rakutentest

import (
	"net/http"
	"slices"
	"strconv"
)

const dictionaryOperation = "navigation.genres.attributes.dictionaryValues.get"

const genrePath = "/es/2.0/navigation/genres/{genreId}"

var navigationRoutes = []route{
	{pattern: "GET /es/2.0/navigation/version", name: "navigation.version.get", rate: "navigation", handle: (*call).navigationVersion},
	{pattern: "GET " + genrePath, name: "navigation.genres.get", rate: "navigation", handle: (*call).getGenre},
	{pattern: "GET " + genrePath + "/attributes", name: "navigation.genres.attributes.list", rate: "navigation", handle: (*call).getAttributes},
	{pattern: "GET " + genrePath + "/attributes/{attributeId}", name: "navigation.genres.attributes.get", rate: "navigation", handle: (*call).getAttributes},
	{pattern: "GET " + genrePath + "/attributes/{attributeId}/dictionaryValues", name: dictionaryOperation, rate: "navigation", handle: (*call).getAttributes},
}

// genre is one of a small tree that stands for the platform's.
type genre struct {
	id, parent int64
	name       string
}

var genres = []genre{{0, -1, "ルート"}, {100001, 0, "和雑貨"}, {100002, 100001, "布小物"}, {100003, 100002, "手ぬぐい"}, {100004, 100002, "風呂敷"}, {100005, 0, "食品"}}

// attribute is what items of the lowest genres carry.
type attribute struct {
	id        int64
	name      string
	mandatory bool
	values    []string
}

var attributes = []attribute{{1, "ブランド名", true, []string{"-", "商店街"}}, {2, "代表カラー", false, []string{"レッド", "ブルー", "ホワイト"}}}

func version() object {
	return object{"id": 42, "fixedAt": "2026-10-01T10:00:00+09:00"}
}

func (c *call) navigationVersion() reply { return ok(object{"version": version()}) }

func findGenre(id int64) (genre, bool) {
	i := slices.IndexFunc(genres, func(g genre) bool { return g.id == id })
	if i < 0 {
		return genre{}, false
	}
	return genres[i], true
}

// line is the genre and what is above it, the root first.
func (g genre) line() []genre {
	line := []genre{g}
	for g.parent >= 0 {
		g, _ = findGenre(g.parent)
		line = slices.Insert(line, 0, g)
	}
	return line
}

func below(parent int64) []genre {
	return slices.DeleteFunc(slices.Clone(genres), func(g genre) bool { return g.parent != parent })
}

func (g genre) show() object {
	ids, names := []int64{}, []string{}
	for _, step := range g.line() {
		ids, names = append(ids, step.id), append(names, step.name)
	}
	lowest := len(below(g.id)) == 0
	return object{
		"genreId": g.id, "genreIdPath": ids, "nameJa": g.name, "nameJaPath": names, "level": len(ids) - 1, "lowest": lowest,
		"properties": object{"itemRegisterFlg": lowest},
	}
}

func showAll(list []genre) []object {
	out := []object{}
	for _, g := range list {
		out = append(out, g.show())
	}
	return out
}

// genre is the genre of the path with the relatives that are asked for.
func (c *call) genre() (object, bool) {
	id, err := strconv.ParseInt(c.r.PathValue("genreId"), 10, 64)
	g, known := findGenre(id)
	if err != nil || !known {
		return nil, false
	}
	out := g.show()
	line := g.line()
	for flag, relatives := range map[string][]genre{"Ancestors": line[:len(line)-1], "Siblings": below(g.parent), "Children": below(g.id)} {
		if c.query.Get("show"+flag) == "true" {
			out[map[string]string{"Ancestors": "ancestors", "Siblings": "siblings", "Children": "children"}[flag]] = showAll(
				slices.DeleteFunc(slices.Clone(relatives), func(other genre) bool { return other.id == g.id }))
		}
	}
	return out, true
}

func (c *call) getGenre() reply {
	if g, known := c.genre(); known {
		return ok(object{"version": version(), "genre": g})
	}
	return notFound()
}

// getAttributes lists the attributes of a genre, one of them, or their dictionaries.
func (c *call) getAttributes() reply {
	g, known := c.genre()
	if !known {
		return notFound()
	}
	asked := c.r.PathValue("attributeId")
	dictionary := c.name == dictionaryOperation
	page, fine := c.number("page", 1, 1, 1<<30)
	limit, alsoFine := c.number("limit", 100, 1, 1<<30)
	if !fine || !alsoFine {
		return refuse(http.StatusBadRequest, codeParameter, "page or limit is invalid", "")
	}
	rows := []object{}
	for _, a := range attributes {
		if asked != "" && (asked != "-" || !dictionary) && asked != strconv.FormatInt(a.id, 10) {
			continue
		}
		row := a.show()
		if dictionary {
			row["dictionaryValues"] = a.dictionary(page, limit)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return notFound()
	}
	g["attributes"] = rows
	return ok(object{"version": version(), "genre": g})
}

func (a attribute) show() object {
	return object{
		"id": a.id, "nameJa": a.name, "dataType": "STRING", "minLength": nil, "maxLength": 100, "minValue": nil, "maxValue": nil,
		"dateFormat": nil, "unit": nil, "subUnits": nil,
		"properties": object{
			"rmsMandatoryFlg": a.mandatory, "rmsMultiValueLimit": 1, "rmsInputMethod": "FREE_TEXT", "rmsSkuUnifyFlg": false, "rmsRecommend": true,
		},
	}
}

func (a attribute) dictionary(page, limit int) []object {
	values := []object{}
	from := min((page-1)*limit, len(a.values))
	for i := from; i < min(from+limit, len(a.values)); i++ {
		values = append(values, object{"id": a.id*100 + int64(i), "nameJa": a.values[i]})
	}
	return values
}
