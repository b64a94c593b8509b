package discord

// Permissions of Discord that the bot has use for.
// https://discord.com/developers/docs/topics/permissions
const (
	permAdministrator  = 1 << 3
	permViewChannel    = 1 << 10
	permSendMessages   = 1 << 11
	permManageMessages = 1 << 13
	permReadHistory    = 1 << 16
	permManageThreads  = 1 << 34
	permSendInThreads  = 1 << 38
)
