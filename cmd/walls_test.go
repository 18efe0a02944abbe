package cmd

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// walls are the most that a package of a folder may have, as far as it has been brought: a number may only go down. Packages without a row
// have those of the first.
var walls = []wall{
	{folder: "", methods: 52, whole: 52, cycle: 2, back: 7},
	{folder: "loop", methods: 27, whole: 99, cycle: 0, back: 19},
	{folder: "loop/room", methods: 28, whole: 52, cycle: 0, back: 9},
	{folder: "loop/delivery", methods: 79, whole: 79, cycle: 0, back: 6},
	{folder: "cmd/loopchat", methods: 36, whole: 48, cycle: 0, back: 2},
	{folder: "cmd/looproom", methods: 14, whole: 14, cycle: 0, back: 12},
}

// wall says how much of a package may know all of it.
type wall struct {
	folder  string
	methods int // of its largest type
	whole   int // and of that with the types that embed it by a pointer, and so reach all of it
	cycle   int // functions that call each other in a circle, the largest such
	back    int // arrows between its files that run back up, when the files stand in the best order that is found
}

func wallOf(folder string) wall {
	if n := slices.IndexFunc(walls, func(w wall) bool { return w.folder == folder }); n >= 0 {
		return walls[n]
	}
	return walls[0]
}

// TestWalls counts what makes a package one long function in pieces: types with very many methods, functions that call each other in large circles, files that do.
func TestWalls(t *testing.T) {
	for _, b := range builtPackages(t) {
		folder := strings.TrimPrefix(b.ImportPath, module+"/")
		t.Run(folder, func(t *testing.T) {
			h := measure(t, b)
			w := wallOf(folder)
			if h.methods > w.methods {
				t.Errorf("%s has %d methods, want at most %d: give parts of it names", h.largest, h.methods, w.methods)
			}
			if h.whole > w.whole {
				t.Errorf("%s and what embeds it have %d methods, want at most %d: hand them what they need", h.largest, h.whole, w.whole)
			}
			if len(h.cycle) > w.cycle {
				t.Errorf("%d functions call each other in a circle, want at most %d: %s", len(h.cycle), w.cycle, strings.Join(h.cycle, ", "))
			}
			if len(h.back) > w.back {
				t.Errorf("%d of %d arrows between files run back up, want at most %d:\n%s", len(h.back), h.arrows, w.back, strings.Join(h.back, "\n"))
			}
			t.Logf("%s: %d methods, %d with what embeds it; %d functions in a circle; %d of %d arrows between files back", h.largest, h.methods, h.whole, len(h.cycle), len(h.back), h.arrows)
		})
	}
}

// house is what has been measured of a package.
type house struct {
	largest string // type
	methods int
	whole   int
	cycle   []string
	arrows  int
	back    []string
}

// built is a package of the module with what its imports export.
type built struct {
	Dir, ImportPath, Export string
	GoFiles                 []string
	exports                 map[string]string
}

func builtPackages(t *testing.T) (ours []built) {
	t.Helper()
	exports := map[string]string{}
	for _, p := range goList[built](t, "-export", "-deps", "-json=Dir,ImportPath,Export,GoFiles") {
		exports[p.ImportPath] = p.Export
		if holds(module, p.ImportPath) && len(p.GoFiles) > 0 {
			ours = append(ours, p)
		}
	}
	if len(ours) == 0 {
		t.Fatal("go list has told of no package of the module")
	}
	for i := range ours {
		ours[i].exports = exports
	}
	return ours
}

func measure(t *testing.T, b built) house {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range b.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(b.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(b.exports[path]) })}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	pkg, err := config.Check(b.ImportPath, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	return housed(fset, files, info, pkg)
}

// housed counts methods and follows calls.
func housed(fset *token.FileSet, files []*ast.File, info *types.Info, pkg *types.Package) (h house) {
	methods, embeds, calls, between := map[string]int{}, map[string]string{}, graph{}, graph{}
	for _, file := range files {
		from := filepath.Base(fset.Position(file.Pos()).Filename)
		for _, decl := range file.Decls {
			noteEmbedded(decl, embeds)
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			caller := nameOf(info.Defs[f.Name].(*types.Func))
			if owner, _, is := strings.Cut(caller, "."); is {
				methods[owner]++
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if callee := calleeOf(call, info); callee != nil && callee.Pkg() == pkg {
					calls.add(caller, nameOf(callee))
					between.add(from, filepath.Base(fset.Position(callee.Pos()).Filename))
				}
				return true
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		if methods[name] > h.methods {
			h.largest, h.methods = name, methods[name]
		}
	}
	h.whole = h.methods
	for by, embedded := range embeds {
		if embedded == h.largest {
			h.whole += methods[by]
		}
	}
	for _, circle := range calls.circles() {
		if len(circle) > max(len(h.cycle), 1) {
			h.cycle = circle
		}
	}
	h.arrows, h.back = between.backward()
	return h
}

// noteEmbedded notes which types of a declaration embed a pointer to another one of the package.
func noteEmbedded(decl ast.Decl, embeds map[string]string) {
	types, ok := decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range types.Specs {
		named, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		fields, ok := named.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range fields.Fields.List {
			pointer, ok := field.Type.(*ast.StarExpr)
			if !ok || len(field.Names) > 0 {
				continue
			}
			if of, ok := pointer.X.(*ast.Ident); ok {
				embeds[named.Name.Name] = of.Name
			}
		}
	}
}

// calleeOf is the function that the call is of, nil if it goes by an interface or a function value: those are doors.
func calleeOf(call *ast.CallExpr, info *types.Info) *types.Func {
	var name *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun
	case *ast.SelectorExpr:
		name = fun.Sel
	default:
		return nil
	}
	f, ok := info.Uses[name].(*types.Func)
	if !ok {
		return nil
	}
	f = f.Origin()
	if receiver := f.Signature().Recv(); receiver != nil && types.IsInterface(receiver.Type()) {
		return nil
	}
	return f
}

// nameOf is Type.method, or the name of a function.
func nameOf(f *types.Func) string {
	receiver := f.Signature().Recv()
	if receiver == nil {
		return f.Name()
	}
	of := receiver.Type()
	if pointer, ok := of.(*types.Pointer); ok {
		of = pointer.Elem()
	}
	if named, ok := of.(*types.Named); ok {
		return named.Obj().Name() + "." + f.Name()
	}
	return f.Name()
}

// graph is who points to whom.
type graph map[string]map[string]bool

func (g graph) add(from, to string) {
	for _, name := range []string{from, to} {
		if g[name] == nil {
			g[name] = map[string]bool{}
		}
	}
	g[from][to] = true
}

// circles are those of whom each can be reached from each, by Tarjan's algorithm.
func (g graph) circles() (all [][]string) {
	var (
		index, low = map[string]int{}, map[string]int{}
		on         = map[string]bool{}
		stack      []string
		visit      func(string)
	)
	visit = func(v string) {
		index[v], low[v] = len(index)+1, len(index)+1
		stack, on[v] = append(stack, v), true
		for _, w := range slices.Sorted(maps.Keys(g[v])) {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if on[w] {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		n := slices.Index(stack, v)
		circle := slices.Clone(stack[n:])
		stack = stack[:n]
		for _, w := range circle {
			on[w] = false
		}
		slices.Sort(circle)
		all = append(all, circle)
	}
	for _, v := range slices.Sorted(maps.Keys(g)) {
		if index[v] == 0 {
			visit(v)
		}
	}
	return all
}

// backward is how many arrows there are, and those that run back up when all stand in an order in which few do: sinks last, sources first, and of the rest who points
// to more than point to it (Eades, Lin and Smyth).
func (g graph) backward() (arrows int, back []string) {
	place := map[string]int{}
	for i, name := range g.order() {
		place[name] = i
	}
	for from, to := range g {
		for name := range to {
			if name == from {
				continue
			}
			arrows++
			if place[name] < place[from] {
				back = append(back, fmt.Sprintf("%s -> %s", from, name))
			}
		}
	}
	slices.Sort(back)
	return arrows, back
}

func (g graph) order() []string {
	left := map[string]bool{}
	for name := range g {
		left[name] = true
	}
	var first, last []string
	for len(left) > 0 {
		outs, ins := map[string]int{}, map[string]int{}
		for from := range left {
			for to := range g[from] {
				if left[to] && to != from {
					outs[from]++
					ins[to]++
				}
			}
		}
		names := slices.Sorted(maps.Keys(left))
		pick := func(is func(string) bool) int { return slices.IndexFunc(names, is) }
		if n := pick(func(s string) bool { return outs[s] == 0 }); n >= 0 {
			last = append(last, names[n])
			delete(left, names[n])
			continue
		}
		n := pick(func(s string) bool { return ins[s] == 0 })
		if n < 0 {
			best := slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(outs[a]-ins[a], outs[b]-ins[b]) })
			n = slices.Index(names, best)
		}
		first = append(first, names[n])
		delete(left, names[n])
	}
	slices.Reverse(last)
	return append(first, last...)
}

func TestGraph(t *testing.T) {
	rows := []struct {
		name    string
		arrows  string
		circle  string
		back    int
		between int
	}{
		{"a line", "a>b b>c", "", 0, 2},
		{"a diamond", "a>b a>c b>d c>d", "", 0, 4},
		{"two who call each other", "a>b b>a b>c", "a b", 1, 3},
		{"a circle of three with a tail", "a>b b>c c>a c>d x>a", "a b c", 1, 5},
		{"itself", "a>a a>b", "", 0, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			g := graph{}
			for _, arrow := range strings.Fields(row.arrows) {
				from, to, _ := strings.Cut(arrow, ">")
				g.add(from, to)
			}
			largest := ""
			for _, circle := range g.circles() {
				if len(circle) > 1 {
					largest = strings.Join(circle, " ")
				}
			}
			if arrows, back := g.backward(); largest != row.circle || len(back) != row.back || arrows != row.between {
				t.Errorf("circle %q, %d of %d back %q; want %q, %d of %d", largest, len(back), arrows, back, row.circle, row.back, row.between)
			}
		})
	}
}
