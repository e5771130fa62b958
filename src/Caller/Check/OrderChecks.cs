using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class OrderChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("order.role-first", Advised,
            "The first delta carries role \"assistant\".",
            Sources.OpenAiChunk, "Begin with a chunk whose delta is {\"role\":\"assistant\",\"content\":\"\"}.",
            seen => seen.EachStream(
                exchange => exchange.Chunks.FirstOrDefault(chunk => chunk.Choice is not null) is { } first && first.Role != "assistant"
                    ? $"first delta: {first.Delta?.ToString() ?? "none"}" : null,
                "assistant first")),
        new("order.role-once", Required,
            "role is sent once: clients that put deltas together by joining strings get \"assistantassistant\".",
            Sources.OpenAiChunk, "Send role in the first delta only.",
            seen => seen.EachStream(
                exchange => exchange.Chunks.Count(chunk => chunk.Role is not null) is var count and > 1 ? $"role on {count} deltas" : null,
                "not repeated")),
        new("order.speech", Required,
            "A greeting is answered with something to say, or with a tool call: silence is dead air.",
            Sources.Ims, "Look at what the model returned; reasoning and empty pieces are not speech.",
            seen => seen.On(ProbeNames.Greeting, exchange =>
                !exchange.IsStream || Observations.HasError(exchange) ? Verdict.NotApplicable("no streamed answer to judge")
                : Verdict.Unless(
                    exchange.Text.Trim().Length > 0 || exchange.Chunks.Any(chunk => chunk.ToolCalls.Count > 0) ? null : "no text in any delta",
                    $"\"{exchange.Text}\""))),
        new("order.finish", Required,
            "The last choice says why the answer ended: finish_reason is not null.",
            Sources.OpenAiChunk, "Send a last chunk with an empty delta and finish_reason \"stop\". Some platforms act on a tool call only then.",
            seen => seen.EachWholeStream(
                exchange => exchange.Chunks.Any(chunk => chunk.Choice is not null) && !exchange.Chunks.Any(chunk => chunk.FinishReason is not null) ? "no finish_reason in the whole answer" : null,
                "finish_reason sent")),
        new("order.finish-once", Required,
            "finish_reason is null until the end and is set once: a client that stops at the first one loses the rest.",
            Sources.OpenAiChunk, "Send finish_reason null with every delta, and the reason on the last chunk only.",
            seen => seen.EachStream(
                exchange => exchange.Chunks.Count(chunk => chunk.FinishReason is not null) is var count and > 1 ? $"set on {count} chunks" : null,
                "set once")),
        new("order.finish-last", Required,
            "No text and no tool call follows the finish_reason.",
            Sources.OpenAiChunk, "Send the chunk with finish_reason after all others.",
            seen => seen.EachStream(AfterFinish, "nothing after it")),
        new("order.finish-alone", Advised,
            "The chunk with the finish_reason has an empty delta: clients that look at the reason first drop the text beside it.",
            Sources.OpenAiChunk, "Send the last text in a chunk before.",
            seen => seen.EachStream(
                exchange => exchange.Chunks.FirstOrDefault(chunk => chunk.FinishReason is not null && chunk.Content is { Length: > 0 }) is { } chunk
                    ? $"finish_reason \"{chunk.FinishReason}\" beside content \"{chunk.Content}\"" : null,
                "empty delta")),
    ];

    // Counting from the last reason: several of them are order.finish-once's business.
    private static string? AfterFinish(Exchange exchange)
    {
        var chunks = exchange.Chunks.ToList();
        var last = chunks.FindLastIndex(chunk => chunk.FinishReason is not null);
        return last < 0 ? null
            : chunks.Skip(last + 1).FirstOrDefault(chunk => chunk.Content is { Length: > 0 } || chunk.ToolCalls.Count > 0) is { } after
                ? $"after it: {after.Delta}" : null;
    }
}
