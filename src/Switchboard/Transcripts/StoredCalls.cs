namespace Switchboard.Transcripts;

/// <summary>What can be done with the transcripts.</summary>
/// <param name="Reader">Reads them.</param>
/// <param name="Eraser">Deletes them.</param>
internal sealed record StoredCalls(CallReader Reader, CallEraser Eraser);
