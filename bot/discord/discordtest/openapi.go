package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// SpecFolder is the environment variable that names the folder in which
// Discord's own description of its API lies, as discord-openapi.json. When it is
// set every request to every Server is checked against it.
const SpecFolder = "FIRSTLINE_SPEC"

// spec is Discord's description of its API.
type spec struct {
	Paths map[string]map[string]json.RawMessage `json:"paths"`

	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`

	schemas map[string]*schema
	routes  []route
}

// route is one path of the description, such as /channels/{channel_id}.
type route struct {
	parts      []string
	parameters []parameter
	operations map[string]operation // by method
}

type operation struct {
	Parameters []parameter `json:"parameters"`
	Body       *struct {
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
		Required bool `json:"required"`
	} `json:"requestBody"`
}

type parameter struct {
	Name     string  `json:"name"`
	In       string  `json:"in"`
	Required bool    `json:"required"`
	Schema   *schema `json:"schema"`
}

// loadSpec reads the description once; nil when there is none.
var loadSpec = sync.OnceValues(func() (*spec, error) {
	folder := os.Getenv(SpecFolder)
	if folder == "" {
		return nil, nil
	}
	data, err := os.ReadFile(filepath.Join(folder, "discord-openapi.json")) //nolint:gosec // as its user says
	if err != nil {
		return nil, err
	}
	return parseSpec(data)
})

func parseSpec(data []byte) (*spec, error) {
	s := &spec{schemas: map[string]*schema{}}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("the API's description: %w", err)
	}
	for name, raw := range s.Components.Schemas {
		one := &schema{}
		if err := json.Unmarshal(raw, one); err != nil {
			return nil, fmt.Errorf("the API's description: %s: %w", name, err)
		}
		s.schemas["#/components/schemas/"+name] = one
	}
	for path, items := range s.Paths {
		r := route{parts: strings.Split(strings.Trim(path, "/"), "/"), operations: map[string]operation{}}
		for key, raw := range items {
			var err error
			if key == "parameters" {
				err = json.Unmarshal(raw, &r.parameters)
			} else {
				var op operation
				err = json.Unmarshal(raw, &op)
				r.operations[strings.ToUpper(key)] = op
			}
			if err != nil {
				return nil, fmt.Errorf("the API's description: %s: %w", path, err)
			}
		}
		s.routes = append(s.routes, r)
	}
	return s, nil
}

// find returns the route of a path, the one with the fewest placeholders.
func (s *spec) find(path string) (found *route, values map[string]string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := range s.routes {
		r := &s.routes[i]
		if got, ok := r.match(parts); ok && (found == nil || len(got) < len(values)) {
			found, values = r, got
		}
	}
	return found, values
}

func (r *route) match(parts []string) (map[string]string, bool) {
	if len(parts) != len(r.parts) {
		return nil, false
	}
	values := map[string]string{}
	for i, want := range r.parts {
		if name, ok := strings.CutPrefix(want, "{"); ok {
			values[strings.TrimSuffix(name, "}")] = parts[i]
		} else if want != parts[i] {
			return nil, false
		}
	}
	return values, true
}

// checkRequest notes what is wrong with a request by Discord's description. The
// body can be read afterwards.
func (s *Server) checkRequest(r *http.Request) {
	if s.spec == nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return // the bot has gone
	}
	path := version.ReplaceAllString(r.URL.Path, "")
	problems := s.spec.check(r.Method, path, r.URL.Query(), r.Header.Get("Content-Type"), body)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range problems {
		s.find("%s %s: %s", r.Method, shape(path), p)
	}
}

// shape is a path without ids and tokens.
func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if len(p) > 12 && strings.ContainsAny(p, "0123456789") {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

// check returns what is wrong with a request.
func (s *spec) check(method, path string, query map[string][]string, contentType string, body []byte) []string {
	r, values := s.find(path)
	if r == nil {
		return []string{"Discord has no such path"}
	}
	op, ok := r.operations[method]
	if !ok {
		return []string{"Discord has no such method there"}
	}
	var problems []string
	parameters := slices.Concat(r.parameters, op.Parameters)
	for _, p := range parameters {
		var given []string
		switch p.In {
		case "path":
			given = []string{values[p.Name]}
		case "query":
			given = query[p.Name]
		default:
			continue
		}
		if len(given) == 0 && p.Required {
			problems = append(problems, "the parameter "+p.Name+" is missing")
		}
		for _, v := range given {
			for _, problem := range s.validate(p.Schema, p.Name, fromText(v)) {
				if s.validate(p.Schema, p.Name, v) != nil { // text that looks like a number
					problems = append(problems, problem)
				}
			}
		}
	}
	for name := range query {
		if !slices.ContainsFunc(parameters, func(p parameter) bool { return p.In == "query" && p.Name == name }) {
			problems = append(problems, "unknown parameter "+name)
		}
	}
	return append(problems, s.checkBody(op, contentType, body)...)
}

func (s *spec) checkBody(op operation, contentType string, body []byte) []string {
	switch {
	case op.Body == nil && len(body) > 0:
		return []string{"there is to be no body"}
	case op.Body == nil:
		return nil
	case len(body) == 0 && op.Body.Required:
		return []string{"the body is missing"}
	case len(body) == 0:
		return nil
	}
	content, ok := op.Body.Content[contentType]
	if !ok {
		return []string{fmt.Sprintf("the body must not be %q", contentType)}
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return []string{"the body is not JSON"}
	}
	return s.validate(content.Schema, "body", value)
}

// fromText returns the value of a parameter as JSON would have it.
func fromText(text string) any {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) == nil {
		switch v.(type) {
		case json.Number, bool:
			return v
		}
	}
	return text
}
