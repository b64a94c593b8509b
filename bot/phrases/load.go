package phrases

import (
	"errors"
	"io/fs"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"firstline/knowledge/lint"
	"firstline/knowledge/site"
)

// File is the name of the phrases in each language's folder.
const File = "phrases.yaml"

// Load reads <language>/phrases.yaml of a content folder for every language of
// the site, checks it, and renders each phrase in each plural form once. The
// book is nil when the problems hold more than warnings.
func Load(fsys fs.FS, s *site.Site) (*Book, lint.Problems) {
	b := &Book{voices: make(map[string]*voice)}
	var problems lint.Problems
	for _, lang := range s.Languages {
		v, found := load(fsys, lang, s.Product)
		problems = append(problems, found...)
		b.voices[lang] = v
	}
	b.fallback = b.voices[s.Fallback]
	if _, listed := b.voices[s.Fallback]; !listed {
		problems = append(problems, lint.Problem{File: site.File,
			Message: "fallback \"" + s.Fallback + "\" is not one of languages"})
	}
	if !s.Hours.Always && len(s.Hours.Spans) == 0 {
		problems = append(problems, lint.Problem{File: site.File, Message: "hours have no span of time"})
	}
	problems.Sort()
	if problems.Err() != nil {
		return nil, problems
	}
	names := make([]string, len(s.Languages))
	for i, lang := range s.Languages {
		names[i] = endonym(lang)
		b.voices[lang].name = names[i]
	}
	for _, v := range b.voices {
		v.hours = v.openingHours(s.Hours)
		v.languages = v.list(listComma, names)
	}
	return b, problems
}

// load reads one language. The voice can't be used when there are problems.
func load(fsys fs.FS, lang, product string) (*voice, lint.Problems) {
	file := lang + "/" + File
	src, text, err := lint.Read(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lint.Problems{{File: file, Message: "missing: every language of " + site.File + " needs one"}}
	}
	if err != nil {
		return nil, src.Problems
	}
	return read(src, text, lang, product), src.Problems
}

// read checks a file and returns its voice, or nil when it finds a problem.
func read(src *lint.Source, text, lang, product string) *voice {
	tag, err := language.Parse(lang)
	if err != nil {
		src.Errorf(0, 0, "%q is not a language", lang)
		return nil
	}
	forms, err := formsOf(tag)
	if err != nil {
		src.Errorf(0, 0, "%v", err)
		return nil
	}
	entries := parse(src, text, forms)
	if src.Problems.Err() != nil {
		return nil
	}
	// A bundle for each language, so that a phrase can't come from another
	// without anybody noticing.
	bundle := i18n.NewBundle(tag)
	for _, e := range entries {
		if err := bundle.AddMessages(tag, e.message()); err != nil {
			src.Errorf(0, 0, "%v", err)
			return nil
		}
	}
	v := &voice{product: product, localizer: i18n.NewLocalizer(bundle, lang)}
	for _, e := range entries {
		e.try(v, forms)
	}
	if src.Problems.Err() != nil {
		return nil
	}
	return v
}
