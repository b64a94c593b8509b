package phrases_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	. "firstline/bot/phrases"
	"firstline/knowledge/lint"
	"firstline/knowledge/site"
)

// edited is the shipped phrases with a change in one file.
func edited(t *testing.T, lang string, edit func(string) string) fs.FS {
	t.Helper()
	fsys := make(fstest.MapFS)
	for _, l := range languages {
		data, err := fs.ReadFile(content(), l+"/"+File)
		if err != nil {
			t.Fatal(err)
		}
		if l == lang {
			before := string(data)
			data = []byte(edit(before))
			if string(data) == before {
				t.Fatal("the edit changed nothing")
			}
		}
		fsys[l+"/"+File] = &fstest.MapFile{Data: data}
	}
	return fsys
}

func replace(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		lang     string
		edit     func(string) string
		line     string // begins the line that is shown; "" when the problem is of the file
		messages []string
	}{
		{"a phrase is missing", "fr", replace("\nhelped:", "\n# helped:"), "", []string{"missing: helped"}},
		{"a phrase is misspelt", "fr", replace("\nrated:", "\nratted:"), "ratted:", []string{`unknown phrase "ratted"`}},
		{"a phrase is there twice", "en", replace("\nrated:", "\nhelped: Again\nrated:"), "helped: Again", []string{`"helped" is already in line`}},
		{"a plural form is missing", "ru", replace("  few: \"{{.Count}} минуты\"\n", ""), "minutes:",
			[]string{`plural form "few" is missing: this language needs one, few, many, other`}},
		{"a form that the language lacks", "en", replace("  one: \"{{.Count}} day\"", "  one: \"1 day\"\n  few: \"{{.Count}} days\""),
			"  few:", []string{`unknown key "few": known are one, other`}},
		{"the one form of Russian says next", "ru", replace(`one: "Ваше место в очереди: {{.Count}}."`, `one: "Вы следующий."`),
			"  one: \"Вы следующий", []string{"stands for 1, 21 and others, so {{.Count}} must be in it"}},
		{"forms are wanted", "zh", replace("days:\n  other: ", "days: "), "days:", []string{"days is text: want a mapping"}},
		{"no forms", "zh", replace("days:\n  other: \"{{.Count}}天\"", "days: {}"), "days:", []string{`plural form "other" is missing`}},
		{"forms are not wanted", "zh", replace("goodbye: \"再见，祝一切顺利。\"", "goodbye:\n  other: 再见"), "  other: 再见", []string{"goodbye is a mapping: want text"}},
		{"an unknown field", "es", replace("¿En qué puedo ayudarte?", "{{.Name}}"), "greeting:",
			[]string{"greeting: {{.Name}} is not known here: known are {{.Product}}"}},
		{"a field of another phrase", "es", replace("¿En qué puedo ayudarte?", "{{.Wait}}"), "greeting:", []string{"{{.Wait}} is not known here"}},
		{"a field is left out", "de", replace("warte ich {{.Wait}} und", "warte ich und"), "unknown_timer:", []string{"{{.Wait}} must be in it"}},
		{"a broken field", "ar", replace(`بعد {{.Wait}}`, `بعد {.Wait}`), "unknown_timer:", []string{"braces are only for fields", "{{.Wait}} must be in it"}},
		{"a template that does more", "en", replace("Hello! What can", "{{if .Product}}Hello!{{end}} What can"), "greeting:", []string{"braces are only for fields"}},
		{"empty text", "en", replace(`"That helped"`, `" "`), "button_helped:", []string{"button_helped is empty"}},
		{"empty plural form", "en", replace(`"{{.Count}} hours"`, `""`), "  other: \"\"", []string{"other is empty"}},
		{"no text at all", "en", replace(`"Glad that helped."`, ""), "helped:", []string{"helped is empty"}},
		{"a number", "en", replace(`"Start"`, "7"), "command_start:", []string{"command_start is a number: want text; put it in quotes"}},
		{"a long button", "en", replace(`"That helped"`, `"`+strings.Repeat("a", MaxLabel+1)+`"`), "button_helped:", []string{"too long: 81 characters, at most 80"}},
		{"a long description", "zh", replace(`"我能做什么"`, `"`+strings.Repeat("我", MaxDescription+1)+`"`), "command_help:", []string{"too long: 101 characters, at most 100"}},
		{"a button of two lines", "en", replace(`"That helped"`, `"That\nhelped"`), "button_helped:", []string{"must be one line"}},
		{"a control character", "en", replace(`"That helped"`, `"That\ahelped"`), "button_helped:", []string{"control character"}},
		{"YAML that is none", "en", replace(`button_helped: "That helped"`, `button_helped: "That helped`), "", []string{"not valid YAML"}},
		{"an anchor", "en", replace(`"Start"`, `&a "Start"`), "command_start:", []string{"anchor"}},
		{"an empty file", "en", func(string) string { return "# nothing\n" }, "", []string{"there are no phrases in it"}},
		{"a list", "en", func(string) string { return "- Hello\n" }, "- Hello", []string{"want a mapping"}},
		{"not UTF-8", "en", func(s string) string { return s + "\xff" }, "", []string{"not a text file in UTF-8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, problems := Load(edited(t, c.lang, c.edit), shippedSite(t))
			if b != nil || problems.Err() == nil {
				t.Fatalf("the phrases were accepted; problems: %v", problems)
			}
			for _, p := range problems {
				if p.File != c.lang+"/"+File {
					t.Errorf("problem in another file: %v", p)
				}
			}
			for _, message := range c.messages {
				if !tells(problems, c.line, message) {
					t.Errorf("no problem with %q at the line %q in:\n%v", message, c.line, problems)
				}
			}
		})
	}
}

func tells(problems lint.Problems, line, message string) bool {
	for _, p := range problems {
		if strings.Contains(p.Message, message) && strings.HasPrefix(p.Source, line) && (p.Line > 0 || line == "") {
			return true
		}
	}
	return false
}

func TestEveryProblemIsTold(t *testing.T) {
	t.Parallel()
	fsys := edited(t, "de", func(s string) string {
		return strings.ReplaceAll(s, "{{.Kinds}}", "{{.Kind}}")
	}).(fstest.MapFS)
	delete(fsys, "ru/"+File)
	_, problems := Load(fsys, shippedSite(t))
	if len(problems) != 3 {
		t.Errorf("want {{.Kind}} unknown and {{.Kinds}} left out in German, and no Russian; got:\n%v", problems)
	}
	if !tells(problems, "", "missing: every language of site.yaml needs one") {
		t.Errorf("the missing file is not told:\n%v", problems)
	}
}

func TestSiteThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*site.Site){
		"fallback": func(s *site.Site) { s.Fallback = "it" },
		"hours":    func(s *site.Site) { s.Hours = site.Hours{} },
		"none":     func(s *site.Site) { s.Languages = nil },
		"no such":  func(s *site.Site) { s.Languages = append(s.Languages, "../en") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shippedSite(t)
			change(s)
			if b, problems := Load(content(), s); b != nil || problems.Err() == nil {
				t.Errorf("accepted; problems: %v", problems)
			}
		})
	}
}

func TestFilesAsEditorsSaveThem(t *testing.T) {
	t.Parallel()
	want := shipped(t).Text("de", Help, Data{})
	for name, edit := range map[string]func(string) string{
		"byte order mark": func(s string) string { return "\uFEFF" + s },
		"Windows lines":   func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"block of text":   func(s string) string { return strings.Replace(s, `helped: "Schön`, "helped: >\n  \"Schön", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := load(t, edited(t, "de", edit), shippedSite(t)).Text("de", Help, Data{}); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestParagraphsStay(t *testing.T) {
	t.Parallel()
	fsys := edited(t, "en", replace(`goodbye: "Goodbye, and take care."`, "goodbye: |\n  Goodbye.\n\n  Take care.\n"))
	if got, want := load(t, fsys, shippedSite(t)).Text("en", Goodbye, Data{}), "Goodbye.\n\nTake care."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A language that nobody has thought of is checked by its own rules.
func TestLanguageWithRulesOfItsOwn(t *testing.T) {
	t.Parallel()
	fsys := edited(t, "en", replace("Glad", "So glad")).(fstest.MapFS)
	fsys["lv/"+File] = fsys["en/"+File] // Latvian: zero is 0, 10, 11 …; one is 1, 21 …
	s := shippedSite(t)
	s.Languages = append(s.Languages, "lv")
	_, problems := Load(fsys, s)
	if !tells(problems, "queue_place:", `plural form "zero" is missing: this language needs zero, one, other`) {
		t.Errorf("got:\n%v", problems)
	}
}
