using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenOrder
{
    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("role on every delta", "order.role-once", Good.EachDelta(delta => delta["role"] = "assistant")),
        new("finish_reason stop on every chunk", "order.finish-once", Good.EachChunk((chunk, _) =>
        {
            if (BrokenChunks.Choice(chunk) is { } choice && choice["finish_reason"] is null)
            {
                choice["finish_reason"] = "stop";
            }
        })),
        new("no finish_reason", "order.finish", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).Where(chunk => BrokenChunks.Choice(chunk)?["finish_reason"] is null),
        }),
        new("text after the finish_reason", "order.finish-last", Good with
        {
            Chunks = turn =>
            {
                var chunks = Conforming.Chunks(turn).ToList();
                var finish = chunks.FindIndex(chunk => BrokenChunks.Choice(chunk)?["finish_reason"] is not null);
                (chunks[finish], chunks[finish - 1]) = (chunks[finish - 1], chunks[finish]);
                return chunks;
            },
        }),
        new("nothing to say", "order.speech", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).Where(chunk => BrokenChunks.Choice(chunk)?["delta"]?["content"]?.GetValue<string>() is null or ""),
        }),
        new("reasoning instead of content", "order.speech", Good.EachDelta(delta =>
        {
            if (delta["content"]?.GetValue<string>() is { Length: > 0 } text)
            {
                delta.Remove("content");
                delta["reasoning_content"] = text;
            }
        })),
        new("usage counted in characters", "usage.tokens-not-characters", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).Select(chunk => chunk["usage"] is null ? chunk
                : Conforming.Usage(turn, turn.Characters, Conforming.Answer(turn).Text.Length)),
        }),
        new("prompt counted in characters", "usage.tokens-not-characters", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).Select(chunk => chunk["usage"] is null ? chunk : Conforming.Usage(turn, turn.Characters, 12)),
        }),
        new("usage without a total", "usage.integers", Good.EachChunk((chunk, _) => (chunk["usage"] as JsonObject)?.Remove("total_tokens"))),
        new("stream_options refused", "usage.accepted", Good with
        {
            Validate = body => Conforming.Validate(body) ?? (body.ContainsKey("stream_options") ? new Refusal(400, "unknown_parameter", "Unrecognized request argument.", "stream_options") : null),
        }),
    ];
}
