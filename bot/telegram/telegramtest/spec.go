package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// SpecFolder is the environment variable that names the folder with
// telegram-api.json, a machine-readable description of the Bot API
// (github.com/PaulSonOfLars/telegram-bot-api-spec). When it is set, every
// request to every server is checked against it too.
const SpecFolder = "FIRSTLINE_SPEC"

// fromSpec is how findings begin that come from the API description.
const fromSpec = "by the API description, "

// spec is the part of the description that is read.
type spec struct {
	Methods map[string]specItem `json:"methods"`
	Types   map[string]specItem `json:"types"`
}

// specItem is a method with its parameters, or a type with its fields. A type
// that is one of several others has their names instead.
type specItem struct {
	Fields   []specField `json:"fields"`
	Subtypes []string    `json:"subtypes"`
}

type specField struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"` // any of them
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

// loadSpec reads the description once; nil when the variable is unset.
var loadSpec = sync.OnceValues(func() (*spec, error) {
	folder := os.Getenv(SpecFolder)
	if folder == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(filepath.Join(folder, "telegram-api.json"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", SpecFolder, err)
	}
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("%s: telegram-api.json: %w", SpecFolder, err)
	}
	return &s, nil
})

// useSpec says in the log of t whether requests are checked against the
// description, and fails t when it can't be read.
func useSpec(t testing.TB) {
	t.Helper()
	switch s, err := loadSpec(); {
	case err != nil:
		t.Fatal(err)
	case s == nil:
		t.Logf("%s is not set: requests are checked against the rules of this package only", SpecFolder)
	}
}

// checkSpec notes what of a request the description does not allow.
func (s *Server) checkSpec(method string, params url.Values) {
	d, err := loadSpec()
	if err != nil || d == nil {
		return
	}
	for _, problem := range d.check(method, params) {
		s.find("%s%s: %s", fromSpec, method, problem)
	}
}
