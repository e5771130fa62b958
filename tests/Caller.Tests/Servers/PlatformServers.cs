using System.IO.Compression;
using System.Text.Json.Nodes;
using Caller.Platform;

namespace Caller.Tests.Servers;

/// <summary>Servers that do for a platform what it demands, and servers that miss one thing of it.</summary>
internal static class PlatformServers
{
    /// <summary>A platform, a defect, the check that is meant to find it, and others that fail from the same cause.</summary>
    public static readonly IReadOnlyList<(string Platform, string Defect, string Caught, string[] AlsoFails, ServerBehaviour Server)> Broken =
    [
        ("vapi", "unknown fields refused", "platform.request", [], Refusing("vapi", body => body.ContainsKey("call"))),
        ("telnyx", "unknown fields refused", "platform.request", [], Refusing("telnyx", body => body.ContainsKey("extra_metadata"))),
        ("d-id", "x-api-key unknown", "platform.api-key", [], Good("d-id") with { Around = Inflate, Authorize = new ServerBehaviour().Authorize }),
        ("d-id", "compressed bodies refused", "platform.compressed", ["platform.request"], Good("d-id") with
        {
            Around = (context, inner) => context.Request.Headers.ContentEncoding.Count > 0 ? Conforming.RefuseAsync(context, new Refusal(415, "unsupported_media_type", "No.")) : Around("d-id")(context, inner),
        }),
        ("d-id", "gzip refused", "platform.compressed", [], Good("d-id") with
        {
            Around = (context, inner) => context.Request.Headers.ContentEncoding == "gzip" ? Conforming.RefuseAsync(context, new Refusal(415, "unsupported_media_type", "No.")) : Around("d-id")(context, inner),
        }),
        ("d-id", "a model demanded", "platform.no-model", ["platform.request"], Refusing("d-id", body => !body.ContainsKey("model"), "model is missing.")),
        ("vapi", "a result as the last message refused", "platform.tool-result", [], Refusing("vapi", body => Last(body) == "tool")),
        ("vocode", "the role function refused", "platform.tool-result", [], Refusing("vocode", body => body["messages"]!.ToJsonString().Contains("\"function\"", StringComparison.Ordinal))),
        ("pipecat", "results read as JSON", "platform.unfinished-result", [], Refusing("pipecat", body => body["messages"]!.ToJsonString().Contains("IN_PROGRESS", StringComparison.Ordinal))),
        ("pipecat", "a repeat refused", "platform.turn-again", [], Good("pipecat") with
        {
            Around = (context, inner) => context.Request.Headers["x-stainless-retry-count"] == "1" ? Conforming.RefuseAsync(context, new Refusal(409, "duplicate", "Answered before.")) : inner(),
        }),
        ("livekit", "a whole sentence refused after a guess", "platform.guess", [], Refusing("livekit", body => body["messages"]!.ToJsonString().Contains("from one, no", StringComparison.Ordinal))),
        ("cartesia", "a newer request refused", "platform.superseding", [], Refusing("cartesia", body => body["messages"]!.ToJsonString().Contains("in words, no, just say hello", StringComparison.Ordinal))),
        ("vapi", "a tool of its own", "platform.tool-offered", ["platform.hang-up"], Renamed("vapi", "hangup")),
        ("vapi", "a transfer to a number of its own", "platform.tool-arguments", ["platform.hang-up"], Renamed("vapi", "transferCall", """{"destination":"+666"}""")),
        ("elevenlabs", "arguments as in the documentation", "platform.tool-arguments", [], Renamed("elevenlabs", "end_call", """{"message":"Goodbye."}""")),
        ("livekit", "an argument too many", "platform.tool-arguments", [], Renamed("livekit", "end_call", """{"why":"done"}""")),
        ("pipecat", "two calls in one chunk", "platform.one-call-a-chunk", [], Twice("pipecat", together: true, 0)),
        ("livekit", "two calls and the reason in one chunk", "platform.one-call-a-chunk", [], Twice("livekit", together: true, 0) with
        {
            Frames = (_, chunks) => Conforming.Frames(chunks.Select(chunk =>
            {
                if (BrokenChunks.Choice(chunk) is { } choice && choice["delta"]!["tool_calls"] is not null)
                {
                    choice["finish_reason"] = "tool_calls";
                }

                return chunk;
            }).Where(chunk => BrokenChunks.Choice(chunk) is not { } choice || choice["delta"]!["tool_calls"] is not null || choice["finish_reason"]?.GetValue<string>() != "tool_calls")),
        }),
        ("bolna", "two calls in one answer", "platform.one-call", [], Twice("bolna", together: false, 0)),
        ("pipecat", "calls counted from 1", "platform.call-index", [], Good("pipecat").EachToolCall(call => call["index"] = 1)),
        ("bolna", "calls counted from 1", "platform.call-index", ["platform.hang-up"], Good("bolna").EachToolCall(call => call["index"] = 1)),
        ("vapi", "stop after a call", "platform.call-finish", ["tools.finish-reason", "platform.hang-up"], Finishing("vapi", "stop")),
        ("cartesia", "length after a call", "platform.call-finish", ["tools.finish-reason", "platform.hang-up"], Finishing("cartesia", "length")),
        ("vocode", "tool_calls for functions", "platform.legacy-call", ["platform.hang-up"], Good("cartesia") with { Validate = Validate("vocode") }),
        ("telnyx", "goodbye without hanging up", "platform.hang-up", [], Good("telnyx") with { Chunks = turn => Conforming.Chunks(turn with { Body = Quiet(turn) }) }),
        ("zego", "a reason in each chunk", "platform.finish-last", ["order.finish-once"], Good("zego").EachChunk((chunk, _) =>
        {
            if (BrokenChunks.Choice(chunk) is { } choice)
            {
                choice["finish_reason"] ??= "stop";
            }
        })),
        ("zego", "data without a blank", "platform.data-blank", [], Good("zego") with { Frames = (_, chunks) => Conforming.Frames(chunks).Select(frame => frame.Replace("data: ", "data:", StringComparison.Ordinal)) }),
        ("cartesia", "an answer too large", "platform.size", [], Good("cartesia") with { Frames = (_, chunks) => Conforming.Frames(chunks).Prepend($": {new string('x', 262_144)}\n\n") }),
        ("elevenlabs", "an empty answer", "platform.not-empty", [], Good("elevenlabs") with
        {
            Chunks = turn => turn.Said.Contains("count from one", StringComparison.Ordinal) ? Conforming.Chunks(turn).Where(chunk => BrokenChunks.Choice(chunk)?["delta"]?["content"]?.GetValue<string>() is not { Length: > 0 }) : Good("elevenlabs").Chunks(turn),
        }),
        ("agora", "metadata behind text", "platform.metadata-first", [], Good("agora") with { Chunks = turn => [.. Conforming.Chunks(turn).Take(2), Metadata(), .. Conforming.Chunks(turn).Skip(2)] }),
    ];

    /// <summary>What only warns.</summary>
    public static readonly IReadOnlyList<(string Platform, string Defect, string Caught, ServerBehaviour Server)> Unadvised =
    [
        ("vapi", "no greeting without a user", "platform.greeting", Refusing("vapi", body => Last(body) == "system")),
        ("openai", "nothing said of repeats", "platform.should-retry", Good("openai") with { Refuse = Conforming.RefuseAsync }),
        ("d-id", "no list for a browser", "platform.cors", Good("d-id") with { List = _ => { } }),
        ("vapi", "a repeat is answered otherwise", "platform.turn-again-same", Good("vapi") with
        {
            AroundTurn = (context, turn, inner) =>
            {
                if (context.Request.Headers["x-stainless-retry-count"] == "1")
                {
                    turn.Body["messages"]![1]!["content"] = "Hello";
                }

                return inner();
            },
        }),
        ("vapi", "an older answer ends in an error", "platform.superseded", Refusing("vapi", body => body["messages"]!.ToJsonString().Contains("to forty in words\"", StringComparison.Ordinal))),
        ("trtc", "meta.info without an object", "platform.meta-info", Good("trtc") with { Chunks = turn => Conforming.Chunks(turn).Prepend(new JsonObject { ["id"] = "1", ["type"] = "meta.info", ["created"] = 1, ["metainfo"] = "offer" }) }),
    ];

    /// <summary>A server that does what the platform demands.</summary>
    public static ServerBehaviour Good(string name)
    {
        var platform = VoicePlatforms.Find(name)!;
        var good = new ServerBehaviour { Around = Around(name), Validate = Validate(name), Refuse = RefuseAsync };
        return good with { Chunks = turn => platform.EndTool is { } tool ? Conforming.Chunks(turn).Select(chunk => Renamed(chunk, platform, tool, Arguments(tool))) : Conforming.Chunks(turn) };
    }

    private static string Arguments(string tool) => tool == "end_call" ? "{\"reason\":\"done\"}" : "{}";

    private static Func<JsonObject, Refusal?> Validate(string name) => body => Conforming.Validate(body) is { } refusal && (refusal.Status != 404 || body.ContainsKey("model") || name != "d-id") ? refusal : null;

    private static Func<HttpContext, Func<Task>, Task> Around(string name) => async (context, inner) =>
    {
        if (name == "d-id")
        {
            context.Request.Headers.Authorization = context.Request.Headers["x-api-key"] is { Count: > 0 } key ? $"Bearer {key}" : context.Request.Headers.Authorization;
        }

        await Inflate(context, inner);
    };

    private static Task Inflate(HttpContext context, Func<Task> inner)
    {
        context.Request.Body = context.Request.Headers.ContentEncoding.ToString() switch
        {
            "br" => new BrotliStream(context.Request.Body, CompressionMode.Decompress),
            "gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            _ => context.Request.Body,
        };
        return inner();
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.Headers["x-should-retry"] = "false";
        return Conforming.RefuseAsync(context, refusal);
    }

    private static ServerBehaviour Refusing(string name, Func<JsonObject, bool> when, string message = "This is not accepted.") => Good(name) with
    {
        Validate = body => Validate(name)(body) ?? (when(body) ? new Refusal(400, "invalid_value", message) : null),
    };

    private static string? Last(JsonObject body) => ((JsonArray)body["messages"]!)[^1]!["role"]!.GetValue<string>();

    private static ServerBehaviour Renamed(string name, string tool, string? arguments = null) =>
        Good(name) with { Chunks = turn => Conforming.Chunks(turn).Select(chunk => Renamed(chunk, VoicePlatforms.Find(name)!, tool, arguments ?? "{}")) };

    private static JsonObject Renamed(JsonObject chunk, VoicePlatform platform, string tool, string arguments)
    {
        if (BrokenChunks.Choice(chunk)?["delta"] is not JsonObject delta)
        {
            return chunk;
        }

        if (delta["tool_calls"] is JsonArray calls)
        {
            var call = (JsonObject)calls[0]!["function"]!;
            call["name"] = tool;
            // Only some platforms have the argument.
            call["arguments"] = platform.Tools!.Contains("\"reason\"", StringComparison.Ordinal) || arguments != Arguments("end_call") ? arguments : "{}";
            if (platform.Legacy)
            {
                delta.Remove("tool_calls");
                delta["function_call"] = call.DeepClone();
            }
        }
        else if (platform.Legacy && BrokenChunks.Choice(chunk)!["finish_reason"]?.GetValue<string>() == "tool_calls")
        {
            BrokenChunks.Choice(chunk)!["finish_reason"] = "function_call";
        }

        return chunk;
    }

    private static ServerBehaviour Finishing(string name, string reason) => Good(name).EachChunk((chunk, _) =>
    {
        if (BrokenChunks.Choice(chunk) is { } choice && choice["finish_reason"]?.GetValue<string>() == "tool_calls")
        {
            choice["finish_reason"] = reason;
        }
    });

    private static ServerBehaviour Twice(string name, bool together, int from) => Good(name) with
    {
        Chunks = turn => Good(name).Chunks(turn).SelectMany(chunk =>
        {
            if (BrokenChunks.Choice(chunk)?["delta"]?["tool_calls"] is not JsonArray calls)
            {
                return [chunk];
            }

            var second = calls[0]!.DeepClone();
            (second["index"], second["id"]) = (from + 1, "call_second");
            if (together)
            {
                calls.Add(second);
                return [chunk];
            }

            return new[] { chunk, Conforming.Chunk(turn, new JsonObject { ["tool_calls"] = new JsonArray(second) }) };
        }),
    };

    private static JsonObject Metadata() => new() { ["id"] = "m", ["object"] = "chat.completion.custom_metadata", ["choices"] = new JsonArray(), ["metadata"] = new JsonObject() };

    // The same without the words that make the fixture hang up.
    private static JsonObject Quiet(AskedTurn turn)
    {
        var body = (JsonObject)turn.Body.DeepClone();
        ((JsonArray)body["messages"]!)[^1]!["content"] = turn.Said.Replace("bye", "so long", StringComparison.Ordinal).Replace("hang up", "end", StringComparison.Ordinal);
        return body;
    }
}
