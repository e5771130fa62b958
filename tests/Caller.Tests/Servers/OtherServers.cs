using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

/// <summary>
/// Servers that work on calls and yet are not like the conforming fixture: in what the contract leaves open they do as
/// well-known services do. None may fail a required check.
/// </summary>
public static class OtherServers
{
    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyDictionary<string, ServerBehaviour> All = new Dictionary<string, ServerBehaviour>
    {
        ["a content filter's chunk first, with empty fields"] = Good with
        {
            Chunks = turn => Good.Chunks(turn).Prepend(new JsonObject
            {
                ["id"] = "",
                ["object"] = "",
                ["created"] = 0,
                ["model"] = "",
                ["choices"] = new JsonArray(),
                ["prompt_filter_results"] = new JsonArray(new JsonObject { ["prompt_index"] = 0 }),
            }),
        },
        ["a dated model name and extra fields"] = Good.EachChunk((chunk, _) =>
        {
            chunk["model"] = "abc-2026-08-06";
            chunk["system_fingerprint"] = "fp_1";
            chunk["service_tier"] = "default";
            if (BrokenChunks.Choice(chunk) is { } choice)
            {
                choice["logprobs"] = null;
                choice["delta"]!["refusal"] = null;
            }
        }),
        ["the least: no role, no usage, no unstreamed form, any model"] = Good with
        {
            Validate = body => Conforming.Validate(body) is { Status: not 404 } failure ? failure : null,
            Unstreamed = (context, _) => Conforming.RefuseAsync(context, new Refusal(400, "unsupported_value", "Only streams.")),
            Headers = response => response.ContentType = "text/event-stream",
            Chunks = turn => Conforming.Chunks(turn).Skip(1).Where(chunk => chunk["usage"] is null),
        },
        ["no authentication"] = Good with { Authorize = _ => null },
        ["finish_reason beside the last text, which comes in one piece"] = Good with
        {
            Chunks = turn =>
            {
                var (text, hangsUp) = Conforming.Answer(turn);
                return hangsUp ? Conforming.Chunks(turn) : [Conforming.Chunk(turn, new JsonObject { ["role"] = "assistant", ["content"] = text }, "stop")];
            },
        },
        ["arguments in fragments, two calls in one answer"] = Good with
        {
            Chunks = turn => Conforming.Chunks(turn).SelectMany(chunk => BrokenChunks.Choice(chunk)?["delta"]?["tool_calls"] is null ? [chunk] : new[]
            {
                Tool(turn, new JsonObject { ["index"] = 0, ["id"] = "call_a", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "hangup", ["arguments"] = "" } }),
                Tool(turn, new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = "{\"reason\":" } }),
                Tool(turn, new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = "\"done\"}" } }),
                Tool(turn, new JsonObject { ["index"] = 1, ["id"] = "call_b", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "hangup", ["arguments"] = "{}" } }),
            }),
        },
        ["keep-alive comments, CRLF, and several events in one write"] = Good with
        {
            Frames = (_, chunks) => [": ping\r\n\r\n" + string.Concat(Conforming.Frames(chunks)).Replace("\n", "\r\n", StringComparison.Ordinal)],
        },
        ["hangs up by a directive in the text"] = Good with
        {
            Chunks = turn => Conforming.Answer(turn).HangsUp
                ? [Conforming.Chunk(turn, new JsonObject { ["role"] = "assistant", ["content"] = "Goodbye.<imsagent_hangup endword=\"Bye\"/>" }), Conforming.Chunk(turn, [], "stop")]
                : Conforming.Chunks(turn),
        },
        ["usage on every chunk"] = Good.EachChunk((chunk, index) => chunk["usage"] = new JsonObject { ["prompt_tokens"] = 9, ["completion_tokens"] = index, ["total_tokens"] = 9 + index }),
        ["as many calls as it has places, and 429 beyond"] = Busy(),
    };

    private static JsonObject Tool(AskedTurn turn, JsonObject call) => Conforming.Chunk(turn, new JsonObject { ["tool_calls"] = new JsonArray(call) });

    private static ServerBehaviour Busy()
    {
        var places = new SemaphoreSlim(2);
        return Good with
        {
            AroundTurn = async (context, _, inner) =>
            {
                if (!await places.WaitAsync(TimeSpan.Zero, context.RequestAborted))
                {
                    await Conforming.RefuseAsync(context, new Refusal(429, "rate_limit_exceeded", "All lines are busy."));
                    return;
                }

                try
                {
                    await inner();
                }
                finally
                {
                    places.Release();
                }
            },
        };
    }
}
