package main

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
)

// defaultDatabase is the database of a user who set nothing: in the folder
// where the system keeps a user's application data.
func defaultDatabase() string { return filepath.Join(dataDir(), "firstline.db") }

func dataDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "firstline")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "firstline-data"
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "firstline")
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "firstline")
		}
	}
	return filepath.Join(home, ".local", "share", "firstline")
}

// attachments is the folder of what askers attached: beside the database, whose
// records name the files in it.
func attachments(database string) string {
	return filepath.Join(filepath.Dir(database), "attachments")
}

// userName is who runs this process, as a name that an agent may have.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return "operator"
	}
	name := u.Username
	if _, after, ok := strings.Cut(name, `\`); ok { // DOMAIN\user
		name = after
	}
	return name
}

// systemLanguage is the language of the user's environment, "" when unknown.
func systemLanguage() string {
	for _, key := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(key); v != "" && v != "C" && v != "POSIX" && !strings.HasPrefix(v, "C.") {
			v, _, _ = strings.Cut(v, ".")
			return strings.ReplaceAll(v, "_", "-")
		}
	}
	return ""
}
