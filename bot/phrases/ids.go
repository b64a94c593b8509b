package phrases

// ID names a phrase: its key in phrases.yaml. Only the constants of this
// package are phrases.
type ID string

// Small talk and what the bot is.
const (
	Welcome  ID = "welcome"
	Help     ID = "help"
	Greeting ID = "greeting"
	Thanks   ID = "thanks"
	Goodbye  ID = "goodbye"
)

// Labels of buttons, at most MaxLabel runes.
const (
	ButtonHelped ID = "button_helped"
	ButtonWrong  ID = "button_wrong"
	ButtonPerson ID = "button_person"
	ButtonNone   ID = "button_none"
	ButtonTeam   ID = "button_team"
	ButtonReword ID = "button_reword"
	ButtonMore   ID = "button_more"
	ButtonSolved ID = "button_solved"
)

// Around answers.
const (
	Helped           ID = "helped"
	Choices          ID = "choices"
	ChoicesOther     ID = "choices_other"
	Unknown          ID = "unknown"
	Unhelped         ID = "unhelped"
	Complaint        ID = "complaint"
	UnknownTimer     ID = "unknown_timer" // Data.Wait
	Reword           ID = "reword"
	OffTopic         ID = "offtopic"
	NoText           ID = "no_text"
	ButtonExpired    ID = "button_expired"
	FallbackLanguage ID = "fallback_language" // Data.Language
	More             ID = "more"              // Data.Title
)

// Handing over to people.
const (
	HandedOver       ID = "handed_over"
	HandedOverTimer  ID = "handed_over_timer"
	HandedOverFailed ID = "handed_over_failed"
	Reopened         ID = "reopened"
	AlreadyQueued    ID = "already_queued"
	HandedOverPublic ID = "handed_over_public" // where others read along
	MovedPrivate     ID = "moved_private"      // behind what is said where others read along
	Added            ID = "added"
	QueuePlace       ID = "queue_place"   // Data.Count, from 1: 1 is next
	WaitEstimate     ID = "wait_estimate" // Data.Wait
	WaitUnknown      ID = "wait_unknown"
	ClosedNow        ID = "closed_now" // Data.Hours
	NeverAsk         ID = "never_ask"
)

// What staff and their tickets say.
const (
	FromTeam      ID = "from_team"
	Solved        ID = "solved"
	SolvedByAsker ID = "solved_by_asker"
	Rated         ID = "rated"
)

// A secret was in a message.
const (
	SecretRemoved  ID = "secret_removed" // Data.Kinds
	SecretDeleted  ID = "secret_deleted"
	SecretDeleteIt ID = "secret_delete_it"
	SecretAct      ID = "secret_act"
	SecretPublic   ID = "secret_public" // where others read along
)

// Descriptions of commands and of their arguments, at most MaxDescription
// runes.
const (
	CommandStart       ID = "command_start"
	CommandAsk         ID = "command_ask"
	CommandAskQuestion ID = "command_ask_question"
	CommandHuman       ID = "command_human"
	CommandHelp        ID = "command_help"
	CommandSolved      ID = "command_solved"
)

// What Discord shows around commands: an option, the commands in the menu of a
// message (at most 32 runes), the form of /human (at most 45), refusals.
const (
	DiscordPrivate       ID = "discord_private"
	DiscordAnswerThis    ID = "discord_answer_this"
	DiscordSendToSupport ID = "discord_send_to_support"
	DiscordFormTitle     ID = "discord_form_title"
	DiscordFormLabel     ID = "discord_form_label"
	DiscordOnlyAuthor    ID = "discord_only_author"
	DiscordOnlyPeople    ID = "discord_only_people"
)

// The chat on the web: its window, its buttons (at most MaxLabel runes) and what
// it says when something does not work.
const (
	WebTitle      ID = "web_title"
	WebOpen       ID = "web_open"
	WebClose      ID = "web_close"
	WebLog        ID = "web_log"
	WebYou        ID = "web_you"
	WebInput      ID = "web_input"
	WebSend       ID = "web_send"
	WebAttach     ID = "web_attach"
	WebDetach     ID = "web_detach"
	WebDownload   ID = "web_download"
	WebChoices    ID = "web_choices"
	WebNewest     ID = "web_newest"
	WebEarlier    ID = "web_earlier"
	WebRetry      ID = "web_retry"
	WebTyping     ID = "web_typing"
	WebSending    ID = "web_sending"
	WebEdited     ID = "web_edited"
	WebDeleted    ID = "web_deleted"
	WebOffline    ID = "web_offline"
	WebRefused    ID = "web_refused"
	WebTooLong    ID = "web_too_long"
	WebTooFast    ID = "web_too_fast"
	WebFileSize   ID = "web_file_size"
	WebFileType   ID = "web_file_type"
	WebFileSecret ID = "web_file_secret"
	WebFileFailed ID = "web_file_failed"
)

// What Duration, Kinds, Hours and LanguageList are made of: no sentences, so
// not for others.
const (
	minutes ID = "minutes"
	hours   ID = "hours"
	days    ID = "days"

	secretSeedPhrase ID = "secret_seed_phrase"
	secretPrivateKey ID = "secret_private_key"
	secretCard       ID = "secret_card"
	secretPassword   ID = "secret_password"
	secretCode       ID = "secret_code"
	secretToken      ID = "secret_token"
	secretOther      ID = "secret_other"

	hoursAlways ID = "hours_always"
	hoursSpan   ID = "hours_span"
	hoursMore   ID = "hours_more"
	hoursZone   ID = "hours_zone"
	dayRange    ID = "day_range"
	dayMon      ID = "day_mon"
	dayTue      ID = "day_tue"
	dayWed      ID = "day_wed"
	dayThu      ID = "day_thu"
	dayFri      ID = "day_fri"
	daySat      ID = "day_sat"
	daySun      ID = "day_sun"

	listComma ID = "list_comma"
	listAnd   ID = "list_and"
)

// The lengths that every network accepts, in runes.
const (
	MaxLabel       = 80  // Discord's limit for a button
	MaxDescription = 100 // Discord's limit for a command's description
)

// shape is what the text of a phrase must look like in every language.
type shape struct {
	fields []string // must stand in it; Product may, in every phrase
	plural bool     // has plural forms, chosen by Count
	max    int      // runes on one line; 0: any length
}

var (
	plain   = shape{}
	counted = shape{plural: true}
	label   = shape{max: MaxLabel}
	command = shape{max: MaxDescription}
)

func with(fields ...string) shape { return shape{fields: fields} }

// shapes holds every phrase.
var shapes = map[ID]shape{
	Welcome: plain, Help: plain, Greeting: plain, Thanks: plain, Goodbye: plain,

	ButtonHelped: label, ButtonWrong: label, ButtonPerson: label,
	ButtonNone: label, ButtonTeam: label, ButtonReword: label, ButtonMore: label, ButtonSolved: label,

	Helped: plain, Choices: plain, ChoicesOther: plain,
	Unknown: plain, Unhelped: plain, Complaint: plain, UnknownTimer: with("Wait"), Reword: plain, OffTopic: plain,
	NoText: plain, ButtonExpired: plain,
	FallbackLanguage: with("Language"), More: with("Title"),

	HandedOver: plain, HandedOverTimer: plain, HandedOverFailed: plain,
	Reopened: plain, AlreadyQueued: plain, HandedOverPublic: plain, MovedPrivate: plain, Added: plain,
	QueuePlace: counted, WaitEstimate: with("Wait"), WaitUnknown: plain,
	ClosedNow: with("Hours"), NeverAsk: plain,

	FromTeam: plain, Solved: plain, SolvedByAsker: plain, Rated: plain,

	SecretRemoved: with("Kinds"), SecretDeleted: plain, SecretDeleteIt: plain, SecretAct: plain, SecretPublic: plain,
	secretSeedPhrase: plain, secretPrivateKey: plain, secretCard: plain,
	secretPassword: plain, secretCode: plain, secretToken: plain, secretOther: plain,

	minutes: counted, hours: counted, days: counted,

	hoursAlways: plain, hoursSpan: with("Days", "From", "To"),
	hoursMore: with("First", "Next"), hoursZone: with("Hours", "Zone"),
	dayRange: with("From", "To"),
	dayMon:   plain, dayTue: plain, dayWed: plain, dayThu: plain, dayFri: plain, daySat: plain, daySun: plain,

	listComma: with("First", "Next"), listAnd: with("First", "Next"),

	CommandStart: command, CommandAsk: command, CommandAskQuestion: command,
	CommandHuman: command, CommandHelp: command, CommandSolved: command,

	DiscordPrivate: command, DiscordAnswerThis: {max: 32}, DiscordSendToSupport: {max: 32},
	DiscordFormTitle: {max: 45}, DiscordFormLabel: {max: 45},
	DiscordOnlyAuthor: plain, DiscordOnlyPeople: plain,

	WebTitle: label, WebOpen: label, WebClose: label, WebLog: label, WebYou: label,
	WebInput: label, WebSend: label, WebAttach: label, WebDetach: label, WebDownload: label,
	WebChoices: label, WebNewest: label, WebEarlier: label, WebRetry: label, WebTyping: label, WebSending: label,
	WebEdited: label, WebDeleted: label, WebOffline: plain, WebRefused: plain, WebTooLong: plain,
	WebTooFast: plain, WebFileSize: plain, WebFileType: plain, WebFileSecret: plain, WebFileFailed: plain,
}
