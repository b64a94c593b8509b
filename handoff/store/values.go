package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// bind makes values of Go into values of the database: times into milliseconds,
// booleans into 0 and 1, and every kind of string into clean text, here so that
// no statement can forget it.
func bind(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case time.Time:
			out[i] = millis(v)
		case bool:
			out[i] = int64(0)
			if v {
				out[i] = int64(1)
			}
		default:
			switch r := reflect.ValueOf(arg); r.Kind() {
			case reflect.String:
				out[i] = clean(r.String())
			case reflect.Int, reflect.Int64:
				out[i] = r.Int()
			default:
				out[i] = arg
			}
		}
	}
	return out
}

// clean replaces what PostgreSQL refuses and SQLite cuts texts at: bytes that
// are not UTF-8, and NUL. Adapters see to that already; this keeps the
// database whole when one of them forgets.
func clean(s string) string {
	if utf8.ValidString(s) && !strings.Contains(s, "\x00") {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// millis returns t in milliseconds since 1970 UTC, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// timeAt scans milliseconds into a time in UTC.
type timeAt struct{ to *time.Time }

// Scan implements sql.Scanner.
func (a timeAt) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", src)
	}
	*a.to = time.Time{}
	if ms != 0 {
		*a.to = time.UnixMilli(ms).UTC()
	}
	return nil
}

// jsonOf returns v as JSON, "" for an empty list. The escape of NUL is
// replaced as clean does with the byte.
func jsonOf(v any) (string, error) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.Len() == 0 {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return replaceNULs(string(b)), nil
}

func replaceNULs(text string) string {
	const nul = `\u0000`
	if !strings.Contains(text, nul) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], nul):
			b.WriteString(`\ufffd`)
			i += len(nul) - 1
		case text[i] == '\\': // an escaped backslash starts no other escape
			b.WriteString(text[i : i+2])
			i++
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// jsonAt scans JSON into what to points at; "" leaves it as it is.
type jsonAt struct{ to any }

// Scan implements sql.Scanner.
func (a jsonAt) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON is stored as %T", src)
	}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), a.to)
}

// params returns "$1, $2, … $n".
func params(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i))
	}
	return b.String()
}
