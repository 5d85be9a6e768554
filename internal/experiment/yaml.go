package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of an experiment file. The parser's memory grows with the square of the
// nesting, so that is bounded before it starts.
const (
	maxFileBytes = 512 << 10
	maxNesting   = 32
)

// parseYAML returns the file's one document, nil if it is empty.
func parseYAML(data []byte, p *problems) ast.Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line := nestedTooDeep(data); line > 0 {
		p.add(line, "", "is nested more than %d deep; an experiment file needs 5", maxNesting)
		return nil
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		addSyntaxError(p, err)
		return nil
	}
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			p.add(line(d.Body), "", "a second document begins here; an experiment file has one")
		}
		body = d.Body
	}
	return body
}

func addSyntaxError(p *problems, err error) {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		p.add(0, "", "is not YAML: %s", first)
		return
	}
	p.add(y.GetToken().Position.Line, "", "is not YAML: %s", y.GetMessage())
}

// nestedTooDeep returns the line where brackets, or indicators at the start of a
// line, are nested deeper than any experiment needs; 0 if none is. Brackets in
// quotes and comments count too: 32 open ones there are no loss.
func nestedTooDeep(data []byte) int {
	depth := 0
	for i, l := range bytes.Split(data, []byte("\n")) {
		for _, b := range l {
			switch b {
			case '[', '{':
				depth++
			case ']', '}':
				depth--
			}
			if depth > maxNesting {
				return i + 1
			}
		}
		if leadingIndicators(l) > maxNesting {
			return i + 1
		}
	}
	return 0
}

// leadingIndicators counts what nests in front of a line's first word: - - ? a.
func leadingIndicators(line []byte) int {
	fields := bytes.Fields(line)
	isWord := func(field []byte) bool { return !strings.ContainsRune("-?:&!|>", rune(field[0])) }
	if first := slices.IndexFunc(fields, isWord); first >= 0 {
		return first
	}
	return len(fields)
}

func line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// entry is a key with its value.
type entry struct {
	key   string
	line  int
	value ast.Node
}

// entries returns the keys of a mapping in the order of the file.
func entries(n ast.Node, what string, p *problems) []entry {
	var pairs []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		p.add(line(n), "", "%s must have keys, such as {tv_weight: 5e-2}; it is %s", what, kind(n))
	}
	var list []entry
	for _, pair := range pairs {
		if _, ok := pair.Key.(*ast.MergeKeyNode); ok {
			p.add(line(pair.Key), "<<", "merging is not supported; put what runs share under defaults")
			continue
		}
		list = append(list, entry{pair.Key.GetToken().Value, line(pair.Key), pair.Value})
	}
	return list
}

// items returns the elements of a sequence; ok is false if n is none.
func items(n ast.Node) (list []ast.Node, ok bool) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	return s.Values, true
}

// scalar returns a value as it is written, without quotes.
func scalar(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// kind says in words what a node is.
func kind(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias, which are not supported; put what runs share under defaults"
	case *ast.TagNode:
		return "a tag, which are not supported"
	}
	if text, ok := scalar(n); ok {
		return fmt.Sprintf("%q", text)
	}
	return "something else"
}
