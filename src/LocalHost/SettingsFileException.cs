namespace LocalHost;

/// <summary>A settings file that cannot be used; the message is for the person at the terminal.</summary>
internal sealed class SettingsFileException(string message, Exception? cause = null) : Exception(message, cause);
