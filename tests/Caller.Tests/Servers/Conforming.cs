using System.Text;
using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

/// <summary>The conforming answers that every broken server is a variation of.</summary>
public static class Conforming
{
    private static readonly string[] Units = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    public static Refusal? Validate(JsonObject body)
    {
        if (body["messages"] is not JsonArray messages)
        {
            return new Refusal(400, "missing_required_parameter", "messages is missing or not an array.", "messages");
        }

        if (messages.Count == 0)
        {
            return new Refusal(400, "invalid_value", "messages is empty.", "messages");
        }

        return body["model"]?.GetValue<string>() == ServerBehaviour.Model ? null : new Refusal(404, "model_not_found", "There is no such model.", "model");
    }

    /// <summary>What the fixture says; it hangs up when asked to.</summary>
    public static (string Text, bool HangsUp) Answer(AskedTurn turn)
    {
        var hangsUp = turn.Said == "bye" || (turn.OffersTools && turn.Said.Contains("hang up", StringComparison.Ordinal));
        return hangsUp ? ("Thank you for calling, goodbye.", true)
            : turn.Said.Contains("count from one", StringComparison.Ordinal) ? (string.Join(' ', Units), false)
            : ($"This is the fixture, and what I heard was: {turn.Said}", false);
    }

    public static IEnumerable<JsonObject> Chunks(AskedTurn turn)
    {
        var (text, hangsUp) = Answer(turn);
        yield return Chunk(turn, new JsonObject { ["role"] = "assistant", ["content"] = "" });
        foreach (var piece in Pieces(text))
        {
            yield return Chunk(turn, new JsonObject { ["content"] = piece });
        }

        if (hangsUp)
        {
            yield return Chunk(turn, new JsonObject { ["tool_calls"] = new JsonArray(ToolCall($"call_{turn.Id}")) });
        }

        yield return Chunk(turn, [], hangsUp ? "tool_calls" : "stop");
        if (turn.IncludeUsage)
        {
            yield return Usage(turn, turn.Words, text.Split(' ').Length);
        }
    }

    public static JsonObject Chunk(AskedTurn turn, JsonObject delta, string? finishReason = null) => new()
    {
        ["id"] = turn.Id,
        ["object"] = "chat.completion.chunk",
        ["created"] = turn.Created,
        ["model"] = turn.Model,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason }),
    };

    public static JsonObject Usage(AskedTurn turn, int prompt, int completion)
    {
        var chunk = Chunk(turn, []);
        chunk["choices"] = new JsonArray();
        chunk["usage"] = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion };
        return chunk;
    }

    public static JsonObject ToolCall(string id) => new()
    {
        ["index"] = 0,
        ["id"] = id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = "hangup", ["arguments"] = "{}" },
    };

    public static IEnumerable<string> Pieces(string text) =>
        text.Split(' ').Select((word, index) => index == 0 ? word : " " + word);

    public static string Frame(JsonObject chunk) => $"data: {chunk.ToJsonString()}\n\n";

    public static IEnumerable<string> Frames(IEnumerable<JsonObject> chunks) => chunks.Select(Frame).Append("data: [DONE]\n\n");

    public static void Headers(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public static async Task WriteAsync(HttpContext context, IEnumerable<byte[]> frames)
    {
        foreach (var frame in frames)
        {
            await context.Response.Body.WriteAsync(frame, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public static async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.Status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await WriteJsonAsync(context, new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = refusal.Message, ["type"] = "invalid_request_error", ["param"] = refusal.Param, ["code"] = refusal.Code },
        });
    }

    public static Task UnstreamedAsync(HttpContext context, AskedTurn turn)
    {
        var text = Answer(turn).Text;
        return WriteJsonAsync(context, new JsonObject
        {
            ["id"] = turn.Id,
            ["object"] = "chat.completion",
            ["created"] = turn.Created,
            ["model"] = turn.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
                ["finish_reason"] = "stop",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = turn.Words, ["completion_tokens"] = 9, ["total_tokens"] = turn.Words + 9 },
        });
    }

    public static async Task WriteJsonAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), context.RequestAborted);
    }
}
