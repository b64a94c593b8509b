package web

import (
	"encoding/json"
	"testing"

	"firstline/bot/chat"
)

func TestNodes(t *testing.T) {
	t.Parallel()
	const url = "https://a.example/?q=1&x=<"
	for name, c := range map[string]struct {
		in   chat.Rich
		want string
	}{
		"plain":    {chat.Plain("a <b> & \u2028"), `["a \u003cb\u003e \u0026 \u2028"]`},
		"empty":    {chat.Rich{}, `null`},
		"all":      {chat.Styled("x", chat.Bold), `[{"s":"bold","k":["x"]}]`},
		"in it":    {chat.Rich{Text: "日本語", Spans: []chat.Span{{Start: 3, End: 6, Style: chat.Italic}}}, `["日",{"s":"italic","k":["本"]},"語"]`},
		"nested":   {chat.Rich{Text: "abc", Spans: []chat.Span{{Start: 1, End: 2, Style: chat.Code}, {End: 3, Style: chat.Link, URL: url}}}, `[{"s":"link","u":"https://a.example/?q=1\u0026x=\u003c","k":["a",{"s":"code","k":["b"]},"c"]}]`},
		"script":   {chat.Rich{Text: "x", Spans: []chat.Span{{End: 1, Style: chat.Link, URL: "javascript:alert(1)"}}}, `["x"]`},
		"data":     {chat.Rich{Text: "x", Spans: []chat.Span{{End: 1, Style: chat.Link, URL: "data:text/html,x"}}}, `["x"]`},
		"mail":     {chat.Rich{Text: "x", Spans: []chat.Span{{End: 1, Style: chat.Link, URL: "mailto:a@b.example"}}}, `["x"]`},
		"crossing": {chat.Rich{Text: "abcd", Spans: []chat.Span{{End: 3, Style: chat.Bold}, {Start: 2, End: 4, Style: chat.Italic}}}, `[{"s":"bold","k":["abc"]},"d"]`},
		"outside":  {chat.Rich{Text: "ab", Spans: []chat.Span{{Start: -1, End: 1, Style: chat.Bold}, {Start: 1, End: 9, Style: chat.Bold}, {Start: 1, End: 1, Style: chat.Bold}}}, `["ab"]`},
		"adjacent": {chat.Rich{Text: "ab", Spans: []chat.Span{{End: 1, Style: chat.Bold}, {Start: 1, End: 2, Style: chat.Pre}}}, `[{"s":"bold","k":["a"]},{"s":"pre","k":["b"]}]`},
		"no UTF-8": {chat.Rich{Text: "a\xff", Spans: []chat.Span{{End: 1, Style: chat.Bold}}}, `["a�"]`},
	} {
		got, err := json.Marshal(nodes(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}
