using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Switchboard.Contract;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace Switchboard.Tests.Upstream;

/// <summary>
/// Makes conversations and options from a seed: all roles and kinds of content, tools and their calls and results, every mapped option.
/// Schemas are such that the package's rewriting of them for OpenAI's strict mode changes nothing; we send schemas as they came.
/// </summary>
internal sealed class ConversationGenerator(int seed)
{
    private static readonly string[] Texts =
        ["Hi", "", " ", "I'd like to book a table for 3 \"tonight\"", "预约明天上午九点", "line\nbreak\ttab \\ slash / <b>&amp;</b>", "🙂👩‍👩‍👧 e\u0301 \u2028 \u0007", "ﬁn \u0000 zero"];

    private static readonly string[] Schemas =
    [
        """{"type":"object","properties":{},"required":[],"additionalProperties":false}""",
        """{"type":"object","properties":{"to":{"type":"string","description":"Whom"}},"required":["to"],"additionalProperties":false}""",
        """{"type":"object","properties":{"when":{"type":"string","enum":["now","later"]},"seats":{"type":"integer"}},"required":["when","seats"],"additionalProperties":false}""",
        """{"type":"object","properties":{"items":{"type":"array","items":{"type":"number"}}},"required":["items"],"additionalProperties":false}""",
    ];

    private readonly Random _random = new(seed);
    private int _calls;

    public List<ChatMessage> Messages()
    {
        var messages = new List<ChatMessage>();
        if (Chance(2))
        {
            messages.Add(new ChatMessage(Chance(2) ? ChatRole.System : WireRoles.Developer, Text()) { AuthorName = Name() });
        }

        for (var turns = _random.Next(1, 6); turns > 0; turns--)
        {
            messages.Add(new ChatMessage(ChatRole.User, UserContents()) { AuthorName = Name() });
            if (turns > 1)
            {
                AddAnswer(messages);
            }
        }

        return messages;
    }

    public ChatOptions? Options()
    {
        if (Chance(10))
        {
            return null;
        }

        var options = new ChatOptions
        {
            Instructions = Maybe(4, Text),
            Temperature = MaybeNumber(0, 2),
            TopP = MaybeNumber(0, 1),
            FrequencyPenalty = MaybeNumber(-2, 2),
            PresencePenalty = MaybeNumber(-2, 2),
            MaxOutputTokens = Chance(2) ? _random.Next(1, 4096) : null,
            Seed = Chance(3) ? _random.NextInt64(long.MinValue, long.MaxValue) : null,
            StopSequences = Chance(3) ? [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => "stop" + Text())] : null,
            Reasoning = Chance(4) ? new ReasoningOptions { Effort = Pick(Enum.GetValues<ReasoningEffort>()) } : null,
        };
        AddFormat(options);
        AddTools(options);
        AddPassedOn(options);
        return options;
    }

    private void AddAnswer(List<ChatMessage> messages)
    {
        var contents = new List<AIContent>();
        if (Chance(4))
        {
            contents.Add(new TextReasoningContent("Not to be sent."));
        }

        for (var texts = _random.Next(0, 3); texts > 0; texts--)
        {
            contents.Add(new TextContent(Text()));
        }

        if (Chance(6))
        {
            contents.Add(new ErrorContent("I can't help with that.") { ErrorCode = "Refusal" });
        }

        List<FunctionCallContent> calls = [.. Enumerable.Range(0, Chance(2) ? _random.Next(1, 4) : 0).Select(_ => Call())];
        messages.Add(new ChatMessage(ChatRole.Assistant, [.. contents, .. calls]) { AuthorName = Name() });
        if (calls.Count > 0)
        {
            // Results in one message, as FunctionInvokingChatClient has them.
            messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(call => (AIContent)new FunctionResultContent(call.CallId, Result()))]));
        }
    }

    private List<AIContent> UserContents() => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(8) switch
    {
        0 => Detailed(new UriContent(new Uri($"https://example.org/frame-{_random.Next(100)}.png?sig=a%2Fb"), "image/png")),
        1 => Detailed(new DataContent(Bytes(), "image/jpeg")),
        2 => new DataContent(Bytes(), Chance(2) ? "audio/wav" : "audio/mpeg"),
        _ => new TextContent(Text()),
    })];

    private AIContent Detailed(AIContent image)
    {
        image.AdditionalProperties = Chance(2) ? new() { ["detail"] = Pick(["low", "high", "auto"]) } : null;
        return image;
    }

    private FunctionCallContent Call() => ToolCallJson.ToContent(
        $"call_{seed}_{++_calls}",
        Pick(["lookup", "hangup", "transfer_call"]),
        Pick(["", "{}", """{"to": "+41 44 \"x\"", "n": 1.50}""", """{"nested":{"a":[1,null,true]},"text":"预约 🙂"}"""]));

    private object? Result() => _random.Next(5) switch
    {
        0 => null,
        1 => JsonElement.Parse("""{"free":["09:00","10:30"],"n":2}"""),
        2 => 42,
        _ => Text(),
    };

    private void AddFormat(ChatOptions options)
    {
        options.ResponseFormat = _random.Next(6) switch
        {
            0 => ChatResponseFormat.Text,
            1 => ChatResponseFormat.Json,
            2 => ChatResponseFormat.ForJsonSchema(JsonElement.Parse(Pick(Schemas)), "answer", Maybe(2, () => "What to say")),
            _ => null,
        };
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null } && Chance(2))
        {
            (options.AdditionalProperties ??= [])["strict"] = Chance(2);
        }
    }

    private void AddTools(ChatOptions options)
    {
        if (Chance(2))
        {
            return;
        }

        // A tool of its own strictness: the package takes the answer's for a tool that has none, we do not.
        options.Tools = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(index =>
            (AITool)new ClientTool($"tool_{index}", Maybe(2, () => "Does it. " + Text()), JsonElement.Parse(Pick(Schemas)), Chance(2)))];
        options.AllowMultipleToolCalls = Pick<bool?>([null, true, false]);
        options.ToolMode = Pick<ChatToolMode?>([null, ChatToolMode.Auto, ChatToolMode.None, ChatToolMode.RequireAny, ChatToolMode.RequireSpecific("tool_0")]);
    }

    // What ChatOptions have no member for: we take it from AdditionalProperties, the package from its own options.
    private void AddPassedOn(ChatOptions options)
    {
        if (Chance(2))
        {
            return;
        }

        var user = Text() + "caller";
        var store = Chance(2);
        (options.AdditionalProperties ??= [])["user"] = user;
        options.AdditionalProperties["store"] = JsonElement.Parse(store ? "true" : "false");
        options.AdditionalProperties["metadata"] = JsonElement.Parse("""{"line":"support"}""");
        options.AdditionalProperties["logit_bias"] = JsonElement.Parse("""{"50256":-100}""");
        options.RawRepresentationFactory = _ => new ChatCompletionOptions
        {
            EndUserId = user,
            StoredOutputEnabled = store,
            Metadata = { ["line"] = "support" },
            LogitBiases = { [50256] = -100 },
        };
    }

    private string Text() => Pick(Texts);

    private string? Name() => Maybe(4, () => Pick(["caller_1", "Agent", "x"]));

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(1, 40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private float? MaybeNumber(float min, float max) => Chance(3) ? MathF.Round(min + ((max - min) * _random.NextSingle()), _random.Next(0, 4)) : null;

    private T? Maybe<T>(int oneIn, Func<T> make)
        where T : class => Chance(oneIn) ? make() : null;

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
