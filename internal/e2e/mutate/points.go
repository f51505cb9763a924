package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Mutant is one change.
type Mutant struct {
	ID   int    // its number among all packages, from 1
	File string // from the root of the module
	Line int
	Func string // the function around it
	What string // such as "a < b: <="
	Nth  int    // among those of the function with the same What, from 1
}

// Name tells mutants apart without their lines, which move.
func (m *Mutant) Name() string {
	name := fmt.Sprintf("%s %s: %s", m.File, m.Func, m.What)
	if m.Nth > 1 {
		name += fmt.Sprintf(" (%d)", m.Nth)
	}
	return name
}

// edit replaces a range of a file. It renders the ranges inside with their own edits.
type edit struct {
	from, to token.Pos
	text     func(inner func(from, to token.Pos) string) string
}

// source is a file under change.
type source struct {
	pkg      *packages.Package
	file     *token.File
	path     string // from the root of the module
	text     []byte
	function string
	edits    []edit
	seen     map[string]int
	mutants  *[]*Mutant
}

// change reads the files of a package, adds their mutants to the list, and returns the texts
// that have them all behind switches.
func change(pkg *packages.Package, root string, mutants *[]*Mutant) (map[string]string, error) {
	texts := make(map[string]string)
	for i, tree := range pkg.Syntax {
		path := pkg.CompiledGoFiles[i]
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return nil, err
		}
		s := &source{
			pkg: pkg, file: pkg.Fset.File(tree.Pos()), path: filepath.ToSlash(relative), text: text,
			seen: make(map[string]int), mutants: mutants,
		}
		for _, decl := range tree.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				s.function = functionName(f)
				ast.Inspect(f.Body, s.visit)
			}
		}
		texts[path] = s.render(s.file.Pos(0), s.file.Pos(len(text)))
	}
	return texts, nil
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	receiver := types.ExprString(f.Recv.List[0].Type)
	return strings.TrimLeft(receiver, "*") + "." + f.Name.Name
}

// visit finds the places that can be changed.
func (s *source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		s.binary(n)
	case *ast.IfStmt:
		s.condition(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			s.loop(n.Cond)
		}
	case *ast.BlockStmt:
		s.statements(n.List)
	case *ast.CaseClause:
		s.statements(n.Body)
	case *ast.CommClause:
		s.statements(n.Body)
	case *ast.ReturnStmt:
		s.results(n)
	}
	return true
}

// statements that can be left out.
func (s *source) statements(list []ast.Stmt) {
	for _, n := range list {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok && !slices.Contains(kept, calledName(call)) {
				s.statement(n)
			}
		case *ast.AssignStmt:
			blank, _ := n.Lhs[0].(*ast.Ident)
			if n.Tok != token.DEFINE && (blank == nil || blank.Name != "_") {
				s.statement(n)
			}
		case *ast.IncDecStmt:
			s.statement(n)
		}
	}
}

// kept calls: without a panic a function has no end, and without a lock only the race
// detector would notice.
var kept = []string{"panic", "Lock", "Unlock", "RLock", "RUnlock"}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// mutant adds one.
func (s *source) mutant(at token.Pos, what string) int {
	what = strings.Join(strings.Fields(what), " ")
	key := s.function + "\x00" + what
	s.seen[key]++
	m := &Mutant{
		ID: len(*s.mutants) + 1, File: s.path, Line: s.file.Line(at), Func: s.function, What: what, Nth: s.seen[key],
	}
	*s.mutants = append(*s.mutants, m)
	return m.ID
}

func (s *source) original(n ast.Node) string {
	return string(s.text[s.file.Offset(n.Pos()):s.file.Offset(n.End())])
}

func (s *source) add(n ast.Node, text func(inner func(from, to token.Pos) string) string) {
	s.edits = append(s.edits, edit{n.Pos(), n.End(), text})
}

var (
	boundaries = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}
	opposites  = map[token.Token]token.Token{token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND}
	arithmetic = map[token.Token]string{token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul", token.QUO: "Quo"}
	reversed   = map[token.Token]token.Token{token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL}
)

func (s *source) binary(n *ast.BinaryExpr) {
	if s.pkg.TypesInfo.Types[n].Value != nil {
		return // a constant
	}
	other, logical := boundaries[n.Op]
	if !logical {
		other, logical = opposites[n.Op]
	}
	switch {
	case logical:
		if s.isEdited(n) {
			return
		}
		id := s.mutant(n.OpPos, s.original(n)+": "+other.String())
		s.add(n, func(inner func(from, to token.Pos) string) string {
			x, y := inner(n.X.Pos(), n.X.End()), inner(n.Y.Pos(), n.Y.End())
			return fmt.Sprintf("(mutantOn(%d) && (%s %s %s) || !mutantOn(%d) && (%s %s %s))", id, x, other, y, id, x, n.Op, y)
		})
	case arithmetic[n.Op] != "" && s.isNumber(n):
		id := s.mutant(n.OpPos, s.original(n)+": "+reversed[n.Op].String())
		s.add(n, func(inner func(from, to token.Pos) string) string {
			return fmt.Sprintf("mutant%s(%d, %s, %s)", arithmetic[n.Op], id, inner(n.X.Pos(), n.X.End()), inner(n.Y.Pos(), n.Y.End()))
		})
	}
}

// isEdited reports whether there is an edit of the very node: a condition that is a
// comparison alone is changed as a condition.
func (s *source) isEdited(n ast.Node) bool {
	return slices.ContainsFunc(s.edits, func(e edit) bool { return e.from == n.Pos() && e.to == n.End() })
}

func (s *source) isNumber(n *ast.BinaryExpr) bool {
	basic, ok := s.pkg.TypesInfo.TypeOf(n).Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0 && basic.Info()&types.IsUntyped == 0
}

// condition is taken for always true and for never true.
func (s *source) condition(n ast.Expr) {
	if s.pkg.TypesInfo.Types[n].Value != nil {
		return
	}
	always, never := s.mutant(n.Pos(), "if "+s.original(n)+": true"), s.mutant(n.Pos(), "if "+s.original(n)+": false")
	compared, _ := n.(*ast.BinaryExpr)
	boundary := 0
	if compared != nil {
		if other, ok := boundaries[compared.Op]; ok {
			boundary = s.mutant(n.Pos(), s.original(n)+": "+other.String())
		} else if other := opposites[compared.Op]; other == token.LAND || other == token.LOR {
			boundary = s.mutant(n.Pos(), s.original(n)+": "+other.String())
		}
	}
	s.add(n, func(inner func(from, to token.Pos) string) string {
		text := s.inside(n, inner)
		if boundary != 0 {
			other := boundaries[compared.Op]
			if other == token.ILLEGAL {
				other = opposites[compared.Op]
			}
			x, y := inner(compared.X.Pos(), compared.X.End()), inner(compared.Y.Pos(), compared.Y.End())
			text = fmt.Sprintf("mutantOn(%d) && (%s %s %s) || !mutantOn(%d) && (%s %s %s)", boundary, x, other, y, boundary, x, compared.Op, y)
		}
		return fmt.Sprintf("(mutantOn(%d) || (%s)) && !mutantOn(%d)", always, text, never)
	})
}

// inside renders a node without the edit of the node itself.
func (s *source) inside(n ast.Expr, inner func(from, to token.Pos) string) string {
	if b, ok := n.(*ast.BinaryExpr); ok {
		return inner(b.X.Pos(), b.X.End()) + " " + b.Op.String() + " " + inner(b.Y.Pos(), b.Y.End())
	}
	return s.renderInside(n.Pos(), n.End())
}

// loop leaves the condition of a loop as it is: most changes would never end.
func (s *source) loop(n ast.Expr) {
	if b, ok := n.(*ast.BinaryExpr); ok {
		s.add(n, func(inner func(from, to token.Pos) string) string { return s.inside(b, inner) })
	}
}

// statement is left out.
func (s *source) statement(n ast.Stmt) {
	id := s.mutant(n.Pos(), s.original(n)+": left out")
	s.add(n, func(func(from, to token.Pos) string) string {
		return fmt.Sprintf("if !mutantOn(%d) { %s }", id, s.renderInside(n.Pos(), n.End()))
	})
}

// results: an error is not returned, a literal truth is its opposite.
func (s *source) results(n *ast.ReturnStmt) {
	for i, result := range n.Results {
		if name, ok := result.(*ast.Ident); ok && (name.Name == "true" || name.Name == "false") {
			id := s.mutant(result.Pos(), s.original(n)+": the opposite")
			s.add(result, func(func(from, to token.Pos) string) string {
				return fmt.Sprintf("(%s != mutantOn(%d))", name.Name, id)
			})
			continue
		}
		if i == len(n.Results)-1 && s.isError(result) {
			id := s.mutant(result.Pos(), s.original(n)+": no error")
			s.add(result, func(func(from, to token.Pos) string) string {
				return fmt.Sprintf("mutantError(%d, %s)", id, s.renderInside(result.Pos(), result.End()))
			})
		}
	}
}

func (s *source) isError(n ast.Expr) bool {
	t := s.pkg.TypesInfo.TypeOf(n)
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() == nil && named.Obj().Name() == "error"
}

// render returns a range of the file with its edits.
func (s *source) render(from, to token.Pos) string { return s.renderWith(from, to, true) }

// renderInside leaves out the edits of exactly this range.
func (s *source) renderInside(from, to token.Pos) string { return s.renderWith(from, to, false) }

func (s *source) renderWith(from, to token.Pos, whole bool) string {
	var inside []edit
	for _, e := range s.edits {
		if e.from >= from && e.to <= to && (whole || e.from != from || e.to != to) {
			inside = append(inside, e)
		}
	}
	slices.SortStableFunc(inside, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var text strings.Builder
	at := from
	for _, e := range inside {
		if e.from < at {
			continue // inside of the one before
		}
		text.Write(s.text[s.file.Offset(at):s.file.Offset(e.from)])
		text.WriteString(e.text(s.render))
		at = e.to
	}
	text.Write(s.text[s.file.Offset(at):s.file.Offset(to)])
	return text.String()
}
