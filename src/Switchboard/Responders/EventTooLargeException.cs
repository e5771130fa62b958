namespace Switchboard.Responders;

/// <summary>An event has outgrown its bound.</summary>
internal sealed class EventTooLargeException : Exception;
