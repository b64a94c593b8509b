package markup_test

import (
	"fmt"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

func ExampleDiscord() {
	fmt.Println(markup.Discord(markup.FromMarkdown("1. Open **Settings**\n2. See the [status page](https://status.example)")))
	fmt.Println(markup.Discord(chat.Plain("*not bold*, @everyone")))
	// Output:
	// 1\. Open **Settings**
	// 2\. See the [status page](<https://status.example>)
	// \*not bold\*, \@everyone
}

func ExamplePlain() {
	fmt.Println(markup.Plain(markup.FromMarkdown("See the [status page](https://status.example).")))
	// Output: See the status page (https://status.example).
}
