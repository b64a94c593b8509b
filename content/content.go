// Package content holds what Firstline ships with: the articles, phrases and
// settings of a digital wallet's support. The rest of the program gets them as
// a file system and can be given any other folder instead (--content).
package content

import "embed"

// FS is the shipped content folder: site.yaml, and for each language
// <lang>/phrases.yaml, <lang>/smalltalk.yaml and <lang>/<topic>/<slug>.md.
//
//go:embed site.yaml en zh es fr de ru ar
var FS embed.FS
