namespace Caller.Wire;

/// <summary>One event of the stream: its payload as sent and the moment it arrived.</summary>
/// <param name="Payload">What stood after <c>data:</c>.</param>
/// <param name="At">Time from the request's start to the arrival of the event's last byte.</param>
/// <param name="Chunk">The payload as a chunk; null when it is not a JSON object.</param>
internal sealed record Frame(string Payload, TimeSpan At, Chunk? Chunk)
{
    public const string DonePayload = "[DONE]";

    public bool IsDone => Payload.Trim() == DonePayload;

    public static Frame Create(string payload, TimeSpan at) => new(payload, at, JsonReading.ParseObject(payload) is { } json ? new Chunk(json) : null);
}
