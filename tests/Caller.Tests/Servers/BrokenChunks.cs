using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenChunks
{
    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("object of an unstreamed answer", "chunk.object", Good.EachChunk((chunk, _) => chunk["object"] = "chat.completion")),
        new("no id", "chunk.id", Good.EachChunk((chunk, _) => chunk.Remove("id"))),
        new("a new id on each chunk", "chunk.id-constant", Good.EachChunk((chunk, index) => chunk["id"] = $"{chunk["id"]}-{index}")),
        new("created as text", "chunk.created", Good.EachChunk((chunk, _) => chunk["created"] = "1790000000")),
        new("created with a fraction", "chunk.created", Good.EachChunk((chunk, _) => chunk["created"] = 1790000000.25)),
        new("created runs on", "chunk.created-constant", Good.EachChunk((chunk, index) => chunk["created"] = 1_790_000_000 + index)),
        new("no model", "chunk.model", Good.EachChunk((chunk, _) => chunk.Remove("model"))),
        new("no choices in the first chunk", "chunk.choices", Good.EachChunk((chunk, index) =>
        {
            if (index == 0)
            {
                chunk.Remove("choices");
            }
        })),
        new("choice without index", "chunk.index", Good.EachChunk((chunk, _) => Choice(chunk)?.Remove("index"))),
        new("choices counted from 1", "chunk.index", Good.EachChunk((chunk, _) =>
        {
            if (Choice(chunk) is { } choice)
            {
                choice["index"] = 1;
            }
        })),
        new("message beside no delta in the last chunk", "chunk.delta", Good.EachChunk((chunk, _) =>
        {
            if (Choice(chunk) is { } choice && choice["finish_reason"] is not null)
            {
                choice.Remove("delta");
                choice["message"] = new JsonObject();
            }
        })),
        new("content as parts", "chunk.content", Good.EachDelta(delta =>
        {
            if (delta["content"]?.GetValue<string>() is { Length: > 0 } text)
            {
                delta["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text });
            }
        }), "order.speech"),
        new("a finish_reason of its own", "chunk.finish-reason", Good.EachChunk((chunk, _) =>
        {
            if (Choice(chunk) is { } choice && choice["finish_reason"]?.GetValue<string>() == "stop")
            {
                choice["finish_reason"] = "eos_token";
            }
        })),
        new("half a character in a piece", "streaming.whole-characters", Good with
        {
            Frames = (_, chunks) => Conforming.Frames(chunks).SelectMany(frame => frame.Contains(@"\uD83C\uDFA7", StringComparison.Ordinal)
                ? [frame.Replace(@"\uD83C\uDFA7", @"\uD83C", StringComparison.Ordinal), frame.Replace(@"\uD83C\uDFA7", @"\uDFA7", StringComparison.Ordinal)]
                : new[] { frame }),
        }),
        new("half a character replaced", "streaming.whole-characters", Good.EachDelta(delta =>
        {
            if (delta["content"]?.GetValue<string>() is { } text)
            {
                delta["content"] = text.Replace("🎧", "\uFFFD\uFFFD", StringComparison.Ordinal);
            }
        })),
    ];

    internal static JsonObject? Choice(JsonObject chunk) => chunk["choices"] is JsonArray { Count: > 0 } choices ? (JsonObject)choices[0]! : null;
}
