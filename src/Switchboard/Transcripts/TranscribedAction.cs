namespace Switchboard.Transcripts;

/// <summary>A call action, or a call of the client's own tool, that the client got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as JSON; null where they are not kept.</param>
internal sealed record TranscribedAction(string Name, string? Arguments);
