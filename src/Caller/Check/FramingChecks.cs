using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class FramingChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("framing.data-lines", Required,
            "Every line of the stream is a field (data:, event:, id:, retry:), a comment or blank; a reader ignores all others.",
            Sources.EventStream, "Write each chunk as one line: data: , the JSON, and two line feeds.",
            seen => seen.EachStream(exchange => TransportChecks.Defect(exchange, FrameDefect.StrayLine), "fields and comments only")),
        new("framing.blank-line", Required,
            "A blank line ends each event; without it several chunks become one event that is no JSON.",
            Sources.EventStream, "End every data line with two line feeds, not one.",
            seen => seen.EachStream(exchange => TransportChecks.Defect(exchange, FrameDefect.JoinedEvents), "one event per chunk")),
        new("framing.last-blank-line", Required,
            "The last event too is ended by a blank line; a reader drops an event that is cut off.",
            Sources.EventStream, "Write two line feeds after data: [DONE] as well.",
            seen => seen.EachWholeStream(exchange => TransportChecks.Defect(exchange, FrameDefect.UnterminatedEvent), "last event ended")),
        new("framing.json", Required,
            "Every event's data is one JSON object, except the last, which is [DONE].",
            Sources.OpenAiChunk, "Serialize chunks with a JSON library; send nothing else as data. Use a comment line (: ping) to keep a connection alive.",
            seen => seen.EachStream(
                exchange => exchange.Frames.FirstOrDefault(frame => frame is { IsDone: false, Chunk: null })?.Payload,
                "JSON objects")),
        new("framing.done", Required,
            "The stream is ended by the event data: [DONE].",
            Sources.OpenAiChunk, "Write data: [DONE] and two line feeds after the last chunk.",
            seen => seen.EachWholeStream(
                exchange => exchange.SawDone ? null : $"ended after {exchange.Frames.Count} events, the last: {(exchange.Frames.Count > 0 ? exchange.Frames[^1].Payload : "none")}",
                "[DONE] sent")),
        new("framing.done-last", Required,
            "[DONE] is sent once, and nothing follows it.",
            Sources.OpenAiChunk, "Send [DONE] once, after the usage chunk if there is one.",
            seen => seen.EachStream(
                exchange =>
                {
                    var after = exchange.Frames.SkipWhile(frame => !frame.IsDone).Skip(1).ToList();
                    return after.Count > 0 ? $"{after.Count} more after [DONE]: {after[0].Payload}" : null;
                },
                "nothing after [DONE]")),
        new("framing.no-event-names", Advised,
            "Chunks are events without a name: a reader that listens for messages does not see named ones.",
            Sources.EventStream, "Leave out event: lines.",
            seen => seen.EachStream(exchange => TransportChecks.Defect(exchange, FrameDefect.NamedEvent), "no names")),
        new("framing.no-error-event", Required,
            "A valid turn is answered without an error event in its stream.",
            Sources.OpenAiErrors, "Report what fails before the first byte as an HTTP status; look at the server's log for what failed here.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.IsStream
                ? Verdict.Unless(exchange.Chunks.FirstOrDefault(chunk => chunk.Error is not null)?.Root.ToString(), "no error event")
                : Verdict.NotApplicable("no streamed answer to judge"))),
    ];
}
