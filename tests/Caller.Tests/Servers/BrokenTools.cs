using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenTools
{
    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("tool call in every chunk with arguments \\{\\}", "tools.once", Good.EachDelta(delta =>
        {
            if (delta.ContainsKey("content"))
            {
                var call = Conforming.ToolCall("call_abc123");
                call["function"]!["arguments"] = "\\{\\}";
                delta["tool_calls"] = new JsonArray(call);
            }
        }), "tools.arguments-json", "tools.no-text-beside", "tools.finish-reason", "tools.id-stable"),
        new("arguments \\{\\}", "tools.arguments-json", Good.EachToolCall(call => call["function"]!["arguments"] = "\\{\\}")),
        new("arguments empty", "tools.arguments-json", Good.EachToolCall(call => call["function"]!["arguments"] = "")),
        new("arguments as an object", "tools.arguments-string", Good.EachToolCall(call => call["function"]!["arguments"] = new JsonObject())),
        new("tool call without index", "tools.index", Good.EachToolCall(call => call.Remove("index"))),
        new("tool call without id", "tools.id", Good.EachToolCall(call => call.Remove("id"))),
        new("tool call without type", "tools.type", Good.EachToolCall(call => call.Remove("type"))),
        new("tool call without name", "tools.name", Good.EachToolCall(call => ((JsonObject)call["function"]!).Remove("name")), "tools.hang-up"),
        new("id changes between fragments", "tools.id-stable", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).SelectMany(chunk => BrokenChunks.Choice(chunk)?["delta"]?["tool_calls"] is null ? [chunk] : new[]
            {
                chunk,
                Conforming.Chunk(turn, new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["id"] = "call_other", ["function"] = new JsonObject { ["arguments"] = " " } }),
                }),
            }),
        }),
        new("text beside the tool call", "tools.no-text-beside", Good.EachDelta(delta =>
        {
            if (delta.ContainsKey("tool_calls"))
            {
                delta["content"] = " Bye.";
            }
        })),
        new("stop after a tool call", "tools.finish-reason", Good.EachChunk((chunk, _) =>
        {
            if (BrokenChunks.Choice(chunk) is { } choice && choice["finish_reason"]?.GetValue<string>() == "tool_calls")
            {
                choice["finish_reason"] = "stop";
            }
        })),
        new("hang-up never called", "tools.hang-up", Good with
        {
            Chunks = turn => Conforming.Chunks(turn).Where(chunk => BrokenChunks.Choice(chunk)?["delta"]?["tool_calls"] is null)
                .Select(chunk =>
                {
                    if (BrokenChunks.Choice(chunk) is { } choice && choice["finish_reason"] is not null)
                    {
                        choice["finish_reason"] = "stop";
                    }

                    return chunk;
                }),
        }),
    ];
}
