namespace Switchboard.Upstream;

/// <summary>An event, or all of them together, has outgrown its bound.</summary>
internal sealed class EventTooLargeException : Exception;
