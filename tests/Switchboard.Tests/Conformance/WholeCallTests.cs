using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Platforms;

namespace Switchboard.Tests.Conformance;

/// <summary>
/// A call on each platform, with the request that its documentation prints, over HTTP from end to end: the app, a model and an MCP server behind it. The second turn
/// books a room, is given up by the platform, and comes again; the third one ends the call.
/// </summary>
public sealed class WholeCallTests
{
    public static TheoryData<string> Names => [.. WholeCall.All.Select(call => call.Name)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void All_HasEveryDialect() => Assert.Empty(
        Dialects.All.Select(dialect => dialect.Name).Except(WholeCall.All.Select(call => call.Request.Platform), StringComparer.OrdinalIgnoreCase));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_ThreeTurns_ToolRunsOnceAndTheCallEndsInThePlatformsWay(string name)
    {
        var call = Find(name);
        var model = new BookingModel();
        await using var tools = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["book"] = _ => Task.FromResult(LoopbackMcpServer.Text("Booked: room 12")));
        await using var upstream = FaultyUpstream.Start(model.AnswerAsync);
        await using var host = await StartAsync(call, upstream, tools);

        Assert.Equal((BookingModel.Greeting, null), await AskAsync(host, call.Request));

        var booking = call.Request.Next(BookingModel.Greeting, "Book a room");
        await GiveUpAsync(host, booking, model.Held);
        Assert.Equal((BookingModel.Booked, null), await AskAsync(host, booking.With([.. call.Again])));

        var goodbye = booking.Next(BookingModel.Booked, "That is all, bye");
        var end = await AskAsync(host, goodbye);
        var roles = upstream.Requests.Last(request => request.Method == "POST").Json.GetProperty("messages").EnumerateArray().Select(BookingModel.Role).ToList();

        Assert.Single(tools.Calls);
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], roles[^5..]);
        AssertActed(host, call.AsksForLastWords ? "" : BookingModel.Goodbye, call.HangUp, "", end);
        if (call.AsksForLastWords)
        {
            Assert.Equal((BookingModel.Goodbye, null), await AskAsync(host, goodbye.With(Ran("end_call"))));
        }

        Assert.Equal([call.Id], host.Logs.GetSnapshot().Where(record => record.Id.Id == 100).Select(record => record.GetStructuredStateValue("Call")).Distinct());
    }

    // As platforms do that guess at the end of what the caller says, and those that lost patience.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_SameWordsAskedAgainWhileTheToolRuns_RunItOnceAndAreBothAnswered(string name)
    {
        var call = Find(name);
        var model = new BookingModel(answersAtOnce: true);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tools = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["book"] = async _ =>
        {
            begun.TrySetResult();
            await done.Task;
            return LoopbackMcpServer.Text("Booked: room 12");
        });
        await using var upstream = FaultyUpstream.Start(model.AnswerAsync);
        await using var host = await StartAsync(call, upstream, tools);
        var booking = call.Request.Next(BookingModel.Greeting, "Book a room");

        var first = AskAsync(host, booking);
        await begun.Task.WaitAsync(Cancelled);
        var second = AskAsync(host, booking.With([.. call.Again]));
        await model.AskedTwice.WaitAsync(Cancelled);
        done.SetResult();

        Assert.Equal([(BookingModel.Booked, null), (BookingModel.Booked, null)], await Task.WhenAll(first, second));
        Assert.Single(tools.Calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_CallerWantsAPerson_IsTransferredInThePlatformsWay(string name)
    {
        var call = Find(name);
        await using var upstream = FaultyUpstream.Start(new BookingModel().AnswerAsync);
        await using var host = await StartAsync(call, upstream);

        var answer = await AskAsync(host, call.Request.Next(BookingModel.Greeting, "A person, please"));

        AssertActed(host, BookingModel.PutThrough, call.Transfer, $" {BookingModel.NotPossible}", answer);
    }

    private static WholeCall Find(string name) => WholeCall.All.Single(call => call.Name == name);

    // With no form for it, the model is told of a transfer that cannot be, and says so; of a hang-up the goodbye remains.
    private static void AssertActed(TestHost host, string line, string? form, string otherwise, (string Text, string? Call) answer)
    {
        var expected = form switch
        {
            null => (line + otherwise, null),
            ['<', ..] => (line + form, null),
            // The platform speaks it.
            _ when form.Contains(line, StringComparison.Ordinal) => ("", form),
            _ => (line, form),
        };

        Assert.Equal(expected, answer);
        Assert.Equal(form is null ? 1 : 0, host.Logs.GetSnapshot().Count(record => record.Id.Id == 405));
    }

    private static async Task<TestHost> StartAsync(WholeCall call, FaultyUpstream upstream, LoopbackMcpServer? tools = null)
    {
        var host = await TestHost.StartAsync(settings: new Dictionary<string, string?>(call.Settings)
        {
            ["Models:0:Id"] = "front-desk",
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Simulated:Text"] = null,
            ["Models:0:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
            ["Models:0:Actions:0:Name"] = "hangup",
            ["Models:0:Actions:1:Name"] = "transfer",
            ["Models:0:Actions:1:Numbers:0"] = WholeCall.Number,
            ["Models:0:Tools:Mcp:0:Url"] = tools?.Url.AbsoluteUri,
        }, time: new FakeTimeProvider());
        if (tools is not null)
        {
            await host.WaitForLogAsync(410);
        }

        return host;
    }

    private static Action<JsonObject> Ran(string tool) => body =>
    {
        var messages = body["messages"]!.AsArray();
        messages.Add(JsonNode.Parse($$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"call_0","type":"function","function":{"name":"{{{tool}}}","arguments":"{}"}}]}"""));
        messages.Add(JsonNode.Parse("""{"role":"tool","tool_call_id":"call_0","content":"say goodbye to the user"}"""));
    };

    // The platform closes its connection when it has waited long enough; the tool has run by then.
    private static async Task GiveUpAsync(TestHost host, PlatformRequest request, Task when)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var message = request.ToHttp();
        var asking = host.Anybody.SendAsync(message, HttpCompletionOption.ResponseContentRead, patience.Token);
        await when.WaitAsync(Cancelled);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await host.WaitForTurnEndAsync();
    }

    private static async Task<(string Text, string? Call)> AskAsync(TestHost host, PlatformRequest request)
    {
        using var response = await request.SendAsync(host);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancelled)}");
        using var stream = await EventReader.OpenAsync(response);
        var events = await stream.RestAsync();
        Assert.Equal("[DONE]", events[^1]);
        var deltas = events.SkipLast(1).SelectMany(data => JsonElement.Parse(data).GetProperty("choices").EnumerateArray()).Select(choice => choice.GetProperty("delta")).ToList();
        var calls = deltas.SelectMany(CallsOf).ToList();
        return (string.Concat(deltas.Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : "")), calls.Count == 0 ? null : Assert.Single(calls));
    }

    private static IEnumerable<string> CallsOf(JsonElement delta) =>
        (delta.TryGetProperty("tool_calls", out var calls) ? calls.EnumerateArray().Select(call => call.GetProperty("function"))
            : delta.TryGetProperty("function_call", out var legacy) ? [legacy] : [])
        .Select(function => $"{function.GetProperty("name").GetString()} {function.GetProperty("arguments").GetString()}");
}
