using System.Text.Json.Nodes;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Check;

/// <summary>What only some platforms send.</summary>
internal sealed partial class Questions
{
    private const string Goodbye = "That is all, thank you, goodbye. Please hang up the call now.";

    /// <summary>Requests that do not depend on each other.</summary>
    public IEnumerable<Question> OfPlatform()
    {
        var lookup = new ToolUse("call_1", Offered.FirstOrDefault(tool => tool.Name != Platform.EndTool)?.Name ?? "lookup_room", "{}");
        JsonObject[] called = [ChatMessages.Plain("user", "Is room seven free?"), ChatMessages.Calls(Platform, [lookup])];
        if (Platform.AsksAgain)
        {
            yield return Turn(ProbeNames.ToolResult, Hello, body => Say(body, [.. called, ChatMessages.Result(Platform, lookup, "{\"free\":true}")]));
        }

        if (Platform.Unfinished is { } unfinished)
        {
            yield return Turn(ProbeNames.UnfinishedResult, Hello, body => Say(body, [.. called, ChatMessages.Result(Platform, lookup, unfinished), ChatMessages.Plain("user", Hello)]));
        }

        if (Platform.AsksForGreeting)
        {
            yield return Turn(ProbeNames.NoUserMessage, Hello, body => Say(body, []));
        }

        if (!Platform.FullUrl)
        {
            yield return With(Greeting(ProbeNames.PathDoubled), ask => ask with { Address = At(endpoint.Turns.AbsolutePath + Endpoint.Appended) });
        }

        yield return With(Greeting(ProbeNames.PathSlash), ask => ask with { Address = At(endpoint.Turns.AbsolutePath + "/") });
        if (Platform.AsksForModels)
        {
            var path = Platform.FullUrl ? endpoint.Turns.AbsolutePath : endpoint.Turns.AbsolutePath[..^Endpoint.Appended.Length];
            yield return Refused(ProbeNames.Models, ask => ask.WithHeader("Origin", "https://studio.d-id.com") with { Method = HttpMethod.Get, Body = null, Address = At(path + "/models") });
        }

        if (Platform.Compressed)
        {
            yield return With(Greeting(ProbeNames.Gzip), ask => ask with { Coding = "gzip" });
        }
    }

    /// <summary>A turn, and the same once more, as a client sends it that has not got its answer.</summary>
    public IReadOnlyList<Question> Again()
    {
        var request = Request(NewCall(), 0, Goodbye);
        return [Of(ProbeNames.Goodbye, request), Of(ProbeNames.GoodbyeAgain, request, attempt: 1)];
    }

    /// <summary>A request that the client hangs up on, and the one with the whole sentence.</summary>
    public (Question Guess, Question Whole) Guessing()
    {
        var call = NewCall();
        return (Of(ProbeNames.Guess, Request(call, 0, "Please count from one")) with { Kind = ProbeKind.Aborted },
            Of(ProbeNames.AfterGuess, Request(call, 1, "Please count from one, no, just say hello.")));
    }

    /// <summary>Two requests for one turn of one call: the caller talked on while the first was answered.</summary>
    public (Question Older, Question Newer) Superseding()
    {
        var call = NewCall();
        return (Of(ProbeNames.Superseded, Request(call, 0, "Please count from one to forty in words")),
            Of(ProbeNames.Superseding, Request(call, 1, "Please count from one to forty in words, no, just say hello.")));
    }

    private IReadOnlyList<OfferedTool> Offered => OfferedTool.In(Request(NewCall(), 0, Hello).Body);

    private TurnRequest Request(CallFacts call, int follow, string said)
    {
        var turn = new TurnFacts(1, follow, time.GetUtcNow());
        return TurnRequest.Create(Platform, call, turn, [ChatMessages.User(Platform, new TurnValues(call, turn), said)]);
    }

    private Uri At(string path) => new UriBuilder(endpoint.Turns) { Path = path }.Uri;

    // The platform's own messages before what the caller said stay.
    private static void Say(JsonObject body, IEnumerable<JsonObject> messages)
    {
        var all = (JsonArray)body["messages"]!;
        all.RemoveAt(all.Count - 1);
        foreach (var message in messages)
        {
            all.Add(message.DeepClone());
        }
    }
}
