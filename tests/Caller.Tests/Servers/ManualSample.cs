using System.Text;
using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

/// <summary>
/// Does what the sample server in the platform's manual does (a small Flask application, run with debug=True): written anew
/// from its description. Its pause of 0.1 s between characters is left out; what that pause does to <c>created</c> is kept.
/// </summary>
public static class ManualSample
{
    private const string Text = "This is a made-up answer of about the length of the one in the sample, sent letter by letter as the sample does.";
    private const long Started = 1_790_000_000;
    private const int CharactersPerSecond = 10;

    public static readonly BrokenServer Server = new(
        "the manual's sample server",
        "tools.once",
        new ServerBehaviour { Around = (context, _) => HandleAsync(context) },
        "tools.index",
        "tools.arguments-json",
        "tools.no-text-beside",
        "tools.finish-reason",
        "chunk.created-constant",
        "usage.tokens-not-characters",
        "auth.malformed",
        "auth.empty",
        "auth.key-not-shown",
        "errors.no-messages",
        "errors.no-stack-trace");

    private static async Task HandleAsync(HttpContext context)
    {
        string? authorization = context.Request.Headers.Authorization;
        var words = authorization?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length == 1)
        {
            // split()[1] of a header of one word is an IndexError. The debugger shows it with the lines around it,
            // and the line that holds the key is one of them (seen with Flask 3.1).
            await WriteHtmlAsync(context, 500, "<title>IndexError: list index out of range // Werkzeug Debugger</title><pre>Traceback (most recent call last):\n  File \"server.py\", line 14</pre>"
                + $"<pre>API_KEY = \"{ServerBehaviour.Key}\"</pre>");
            return;
        }

        if (words.Length == 0 || words[1] != ServerBehaviour.Key)
        {
            context.Response.StatusCode = 401;
            await Conforming.WriteJsonAsync(context, new JsonObject { ["error"] = "Unauthorized" });
            return;
        }

        JsonObject body;
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            body = (JsonObject)JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
        }
        catch (System.Text.Json.JsonException)
        {
            await WriteHtmlAsync(context, 400, "<title>400 Bad Request</title><h1>Bad Request</h1>");
            return;
        }

        await (body["stream"]?.GetValue<bool>() == true ? StreamAsync(context, body) : AnswerAsync(context, body));
    }

    private static async Task StreamAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var frames = Text.Select((character, index) => Conforming.Frame(new JsonObject
        {
            ["id"] = "chatcmpl-123",
            ["object"] = "chat.completion.chunk",
            ["created"] = Started + (index / CharactersPerSecond),
            ["model"] = body["model"]!.GetValue<string>(),
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["delta"] = new JsonObject
                {
                    ["content"] = character.ToString(),
                    ["tool_calls"] = new JsonArray(new JsonObject
                    {
                        ["id"] = "call_abc123",
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = "hangup", ["arguments"] = "\\{\\}" },
                    }),
                },
                ["finish_reason"] = index < Text.Length - 1 ? null : "stop",
            }),
        })).Append("data: [DONE]\n\n");
        await Conforming.WriteAsync(context, frames.Select(Encoding.UTF8.GetBytes));
    }

    private static Task AnswerAsync(HttpContext context, JsonObject body)
    {
        var prompt = ((JsonArray)body["messages"]!).Sum(message => message!["content"]!.GetValue<string>().Length);
        return Conforming.WriteJsonAsync(context, new JsonObject
        {
            ["id"] = "chatcmpl-123",
            ["object"] = "chat.completion",
            ["created"] = Started,
            ["model"] = body["model"]!.GetValue<string>(),
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Text },
                ["finish_reason"] = "stop",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = Text.Length, ["total_tokens"] = prompt + Text.Length },
        });
    }

    private static Task WriteHtmlAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"<!doctype html>{html}", context.RequestAborted);
    }
}
