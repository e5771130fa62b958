using System.Text.Json.Nodes;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Check;

/// <summary>Writes the requests of a run: a plain turn as the platform sends it, and variations of it.</summary>
internal sealed partial class Questions(CheckOptions options, Endpoint endpoint, TimeProvider time)
{
    private static readonly ToolUse Weather = new("call_1", "weather", "{}");

    private const string Hello = "Hello, who am I talking to?";

    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private int _calls;

    private VoicePlatform Platform => options.Platform;

    public Question Greeting(string name) => Turn(name, Hello);

    /// <summary>What any OpenAI client sends.</summary>
    public Question Plain() => With(Turn(ProbeNames.NoExtendData, Hello, body =>
    {
        foreach (var name in body.Select(property => property.Key).Where(name => name is not ("messages" or "model" or "stream")).ToList())
        {
            body.Remove(name);
        }

        body["model"] ??= options.Model.Length > 0 ? options.Model : null;
    }), ask => ask with { Coding = null });

    public Question Long(string name) => Turn(name, "Please count from one to forty in words, slowly, one number after another.");

    public Question LongBargeIn() => Long(ProbeNames.BargeIn) with { Kind = ProbeKind.Aborted };

    public Question Marked(string name, int number) => Turn(name, $"Please say the word {CheckRun.Markers[number % CheckRun.Markers.Count]} back to me.");

    public Question SecondCall() => Turn(ProbeNames.SecondCall, "Which word did I ask you to say back to me?");

    /// <summary>Valid turns that differ from the plain one in one way each.</summary>
    public IEnumerable<Question> Variations()
    {
        foreach (var question in Platform.IsIms ? ImsVariations() : [])
        {
            yield return question;
        }

        yield return With(Turn(ProbeNames.Query, Hello), ask => ask with { Address = endpoint.WithQuery("task_id=caller-check&room_id=42").Turns });
        yield return Plain();
        yield return Turn(ProbeNames.TwentyRecords, [.. Enumerable.Range(1, 19).Select(Past), ChatRecord.User(Hello)]);
        yield return Turn(ProbeNames.SystemMessage, [new ChatRecord("system", "You are a polite agent on the phone."), ChatRecord.User(Hello)]);
        yield return Turn(ProbeNames.AssistantFirst, [ChatRecord.Assistant("Good morning, how can I help?"), ChatRecord.User(Hello)]);
        yield return Turn(ProbeNames.TwoUserRecords, [ChatRecord.User("Wait."), ChatRecord.User(Hello)]);
        yield return Turn(ProbeNames.EmptyAssistant, [ChatRecord.User("Wait."), ChatRecord.Assistant(""), ChatRecord.User(Hello)]);
        yield return Turn(ProbeNames.ContentParts, Hello, body => ((JsonArray)body["messages"]!)[^1]!["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Hello }));
        yield return Turn(ProbeNames.Unicode, "你好，请问您是谁？ Grüße, Ελλάδα, 🎧 \"quoted\" \\ back\u2028slash");
        yield return With(Turn(ProbeNames.Charset, Hello), ask => ask with { ContentType = "application/json; charset=utf-8" });
        yield return Turn(ProbeNames.UnknownField, Hello, body =>
        {
            body["callerCheckUnknownField"] = new JsonObject { ["nested"] = true };
            body["metadata"] = new JsonObject { ["origin"] = "caller-check" };
        });
        yield return Turn(ProbeNames.Sampling, Hello, body =>
        {
            body["temperature"] = 0.7;
            body["top_p"] = 0.9;
            body["max_tokens"] = 200;
        });
        yield return Turn(ProbeNames.ToolHistory, Hello, body => body["messages"] = new JsonArray(
            ChatMessages.Plain("user", "What is the weather?"),
            ChatMessages.Calls(Platform, [Weather]),
            ChatMessages.Result(Platform, Weather, "sunny"),
            ChatMessages.Plain("user", Hello)));
        yield return Turn(ProbeNames.ToolsOffered, Hello, OfferHangUp);
        yield return Turn(ProbeNames.ToolsProvoked, "That is all, thank you, goodbye. Please hang up the call now.", OfferHangUp);
        if (options.HangUpText is { } text)
        {
            yield return Turn(ProbeNames.HangUpText, text);
        }

        yield return Turn(ProbeNames.Usage, "Please tell me in one sentence what you can do for me.", AskUsage);
        yield return Turn(ProbeNames.UsageLonger, [.. Enumerable.Range(1, 5).Select(Past), ChatRecord.User("Please tell me in one sentence what you can do for me.")], AskUsage);
    }

    private IEnumerable<Question> ImsVariations()
    {
        yield return Turn(ProbeNames.SentenceIdText, Hello, body => body["extendData"]!["sentenceId"] = "3");
        yield return Turn(ProbeNames.UserDataText, Hello, body => body["extendData"]!["userData"] = "plain words, no JSON");
        yield return Turn(ProbeNames.PhoneCall, Hello, body =>
        {
            body["extendData"]!["callerNumber"] = "+15550100";
            body["extendData"]!["calleeNumber"] = "+15550199";
        });
        yield return Turn(ProbeNames.Interrupted, [ChatRecord.User("What are your opening hours?"), ChatRecord.Assistant("We are open from nine<ims_agent_interrupted>"), ChatRecord.User(Hello)]);
    }

    /// <summary>Requests with something wrong about the key; none when no key was given.</summary>
    public IEnumerable<Question> Keys()
    {
        if (options.Key is null)
        {
            yield break;
        }

        var (name, value) = (Platform.Key.Name, Platform.Key.Value.Replace("{key}", CheckRun.WrongKey, StringComparison.Ordinal));
        yield return Refused(ProbeNames.WrongKey, ask => ask.WithHeader(name, value));
        yield return Refused(ProbeNames.NoKey, ask => ask.WithHeader(name, null));
        if (Platform.BearsKey)
        {
            yield return Refused(ProbeNames.MalformedKey, ask => ask.WithHeader(name, "X"));
            yield return Refused(ProbeNames.EmptyBearer, ask => ask.WithHeader(name, "Bearer"));
            yield return With(Greeting(ProbeNames.LowerCaseBearer), ask => ask.WithHeader(name, $"bearer {options.Key}"));
        }

        yield return Refused(ProbeNames.WrongKeyBadBody, ask => ask.WithHeader(name, value) with { Body = "{" });
    }

    /// <summary>Requests that are wrong in themselves, and the unstreamed form.</summary>
    public IEnumerable<Question> Failures()
    {
        yield return Refused(ProbeNames.BadJson, ask => ask with { Body = "{\"messages\": [" });
        yield return Refused(ProbeNames.EmptyBody, ask => ask with { Body = "" });
        yield return Refused(ProbeNames.NoMessages, body => body.Remove("messages"));
        yield return Refused(ProbeNames.EmptyMessages, body => body["messages"] = new JsonArray());
        yield return Refused(ProbeNames.MessagesText, body => body["messages"] = "hello");
        yield return Refused(ProbeNames.WrongModel, body => body["model"] = options.WrongModel);
        yield return Refused(ProbeNames.WrongMethod, ask => ask with { Method = HttpMethod.Get, Body = null });
        yield return Refused(ProbeNames.WrongPath, ask => ask with { Address = new UriBuilder(endpoint.Turns) { Path = endpoint.Turns.AbsolutePath + "/caller-check-no-such-path" }.Uri });
        yield return Refused(ProbeNames.Single, body => body["stream"] = false);
        yield return Refused(ProbeNames.SingleByDefault, body => body.Remove("stream"));
    }

    private static ChatRecord Past(int number) => number % 2 == 1
        ? ChatRecord.User($"This is my remark number {number} about the weather.")
        : ChatRecord.Assistant($"And this is my answer number {number} to it.");

    private static void AskUsage(JsonObject body) => body["stream_options"] = new JsonObject { ["include_usage"] = true };

    private static Question With(Question question, Func<Ask, Ask> change) => question with { Ask = change(question.Ask) };

    private void OfferHangUp(JsonObject body)
    {
        if (Platform.Tools is not null)
        {
            return;
        }

        body["tools"] = new JsonArray(new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = options.HangUpFunction,
                ["description"] = "Ends the phone call. Use it when the caller has said goodbye.",
                ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
            },
        });
        body["tool_choice"] = "auto";
    }

    private Question Refused(string name, Func<Ask, Ask> change) => With(Greeting(name) with { Kind = ProbeKind.Other }, change);

    private Question Refused(string name, Action<JsonObject> change) => Turn(name, [ChatRecord.User(Hello)], change) with { Kind = ProbeKind.Other };

    private Question Turn(string name, string said, Action<JsonObject>? change = null) => Turn(name, [ChatRecord.User(said)], change);

    private Question Turn(string name, IReadOnlyList<ChatRecord> records, Action<JsonObject>? change = null)
    {
        var (call, turn) = (NewCall(), new TurnFacts(1, 0, time.GetUtcNow()));
        var request = TurnRequest.Create(Platform, call, turn, records.Select(record => ChatMessages.Of(Platform, new TurnValues(call, turn), record)));
        change?.Invoke(request.Body);
        return Of(name, request);
    }

    private static Question Of(string name, TurnRequest request, int attempt = 0) => new(name, ProbeKind.Turn, Question.TextsOf(request.Body), request.Ask(attempt));

    // IMS sends no numbers when the call came over the net.
    private CallFacts NewCall() => new(options.Model, $"caller-check-{_run}-{Interlocked.Increment(ref _calls)}")
    {
        UserData = "{\"origin\":\"caller-check\"}",
        Caller = Platform.IsIms ? null : "+14155550100",
        Callee = Platform.IsIms ? null : "+14155550199",
        Key = options.Key,
        Headers = options.Headers,
    };
}
