using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Tests.Turn;

/// <summary>What turns have used and cost, in the metric and in the transcript.</summary>
public abstract class CostTests(TestTables tables)
{
    private static readonly string Told = Sse.Usage.Replace("\"total_tokens\":10", "\"total_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":5},\"completion_tokens_details\":{\"reasoning_tokens\":2}", StringComparison.Ordinal);

    // Prompt 7, of which 5 are cached, and completion 3: (2 x 0.25 + 5 x 0.025 + 3 x 2) / 1,000,000.
    private const decimal OfOne = 0.000006625m;

    private static readonly (string, string)[] Price = [(Of("Upstreams:0:Price:Prompt"), "0.25"), (Of("Upstreams:0:Price:Cached"), "0.025"), (Of("Upstreams:0:Price:Completion"), "2")];

    [Theory]
    [InlineData(7L, 5L, 3L, "0.25", "0.025", "2", "0.000006625")]
    [InlineData(7L, null, 3L, "0.25", "0.025", "2", "0.00000775")]
    [InlineData(1000000L, 0L, 0L, "0.3", "0", "1", "0.3")]
    [InlineData(3L, 9L, 0L, "1", "0.1", "1", "0.0000003")]
    [InlineData(0L, 0L, 0L, "1", "1", "1", "0")]
    [InlineData(7L, 5L, 3L, "0", "0", "0", "0")]
    [InlineData(2147483647L, 1L, 2147483647L, "1000000", "0.000000001", "1000000", "4294967293.000000000000001")]
    [InlineData(7L, 5L, null, "1", "1", "1", null)]
    [InlineData(null, null, 3L, "1", "1", "1", null)]
    public void Of_Usage_IsExact(long? prompt, long? cached, long? completion, string perPrompt, string perCached, string perCompletion, string? cost)
    {
        var price = new TokenPrice(Number(perPrompt), Number(perCached), Number(perCompletion));

        var found = price.Of(new UsageDetails { InputTokenCount = prompt, CachedInputTokenCount = cached, OutputTokenCount = completion });

        Assert.Equal(cost, found?.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Sum_OfAMillionTurns_DriftsByNothing()
    {
        var turn = new Spent(7, 5, 3, new TokenPrice(0.1m, 0.1m, 0.1m).Of(new UsageDetails { InputTokenCount = 1, OutputTokenCount = 0 }));

        var day = Enumerable.Range(0, 1_000_000).Aggregate(default(Spent), (sum, _) => sum + turn);

        Assert.Equal(new Spent(7_000_000, 5_000_000, 3_000_000, 0.1m), day);
    }

    public static TheoryData<string, string[], long?, decimal?> Turns => new()
    {
        { "one answer", [Sse.Text("Hello.") + Sse.Finish() + Told + Sse.Done], 7, OfOne },
        { "two rounds of a tool that does not exist", [Call + Sse.Finish("tool_calls") + Told + Sse.Done, Sse.Text("Hello.") + Sse.Finish() + Told + Sse.Done], 14, 2 * OfOne },
        { "the usage grows with each chunk", [Told + Sse.Text("Hello.") + Told + Sse.Finish() + Told + Sse.Done], 7, OfOne },
        { "nothing is told", [Sse.Text("Hello.") + Sse.Finish() + Sse.Done], null, null },
        { "the first round tells nothing", [Call + Sse.Finish("tool_calls") + Sse.Done, Sse.Text("Hello.") + Sse.Finish() + Told + Sse.Done], 7, OfOne },
        { "the answer breaks off after its usage", [Sse.Text("Hello.") + Told], 7, OfOne },
    };

    private static string Call => ScriptedCall.Call("no_such_tool");

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Turn_UpstreamWithAPrice_CostsAllThatWasAsked(string what, string[] rounds, long? prompt, decimal? cost)
    {
        await using var upstream = FaultyUpstream.Start([.. rounds.Select(round => Failures.Stream(Sse.Role + round))]);
        await using var host = await StartAsync([upstream], [.. Price, ("Access:ApiKeys:0", $"hotel: {TestHost.Key}")]);
        using var costs = Costs(host);

        // A client that wants no usage.
        await SayAsync(host, "1");

        var asked = upstream.Requests.Where(request => request.Method == "POST").ToList();
        Assert.Equal(rounds.Length, asked.Count);
        Assert.All(asked, request => Assert.True(request.Json.GetProperty("stream_options").GetProperty("include_usage").GetBoolean(), what));
        var turn = await host.OnlyTurnAsync("c1");
        Assert.Equal(
            (prompt, prompt / 7 * 5, prompt / 7 * 3, cost, "hotel"),
            (Long(turn, "promptTokens"), Long(turn, "cachedPromptTokens"), Long(turn, "completionTokens"), Decimal(turn, "cost"), turn.GetProperty("keyName").GetString()));
        var measured = costs.GetMeasurementSnapshot();
        Assert.Equal((double)(cost ?? 0), measured.Sum(one => one.Value), 1e-15);
        Assert.Equal(cost is null, measured.Count == 0);
        Assert.All(measured, one => Assert.Equal(["key", "model", "upstream"], one.Tags.Keys.Order()));
        Assert.All(measured, one => Assert.Equal(("hotel", "voice", upstream.BaseUrl.Authority), (one.Tags["key"], one.Tags["model"], one.Tags["upstream"])));
    }

    [Fact]
    public async Task Turn_UpstreamWithoutAPrice_HasTokensAndNoCost()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(Sse.Role + Sse.Text("Hello.") + Sse.Finish() + Told + Sse.Done));
        await using var host = await StartAsync([upstream]);
        using var costs = Costs(host);

        await SayAsync(host, "1");

        var turn = await host.OnlyTurnAsync("c1");
        Assert.Equal((7L, (decimal?)null), (Long(turn, "promptTokens"), Decimal(turn, "cost")));
        Assert.Equal(JsonValueKind.Null, turn.GetProperty("keyName").ValueKind);
        Assert.Empty(costs.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Turn_AttemptThatFailedToldItsUsage_IsPaidByItsOwnPrice()
    {
        await using var first = FaultyUpstream.Start(Failures.Stream(Sse.Role + Sse.Finish() + Told + Sse.Done));
        await using var second = FaultyUpstream.Start(Failures.Stream(Sse.Role + Sse.Text("Second.") + Sse.Finish() + Told + Sse.Done));
        await using var host = await StartAsync([first, second], [.. Price, (Of("Upstreams:1:Price:Prompt"), "1"), (Of("Upstreams:1:Price:Completion"), "0")]);
        using var costs = Costs(host);

        Assert.Contains("Second.", await SayAsync(host, "1"), StringComparison.Ordinal);

        var turn = await host.OnlyTurnAsync("c1");
        Assert.Equal((14L, OfOne + 0.000007m), (Long(turn, "promptTokens"), Decimal(turn, "cost")));
        Assert.Equal(
            [(first.BaseUrl.Authority, (double)OfOne), (second.BaseUrl.Authority, 0.000007)],
            costs.GetMeasurementSnapshot().Select(one => ((string)one.Tags["upstream"]!, one.Value)));
        Assert.Equal([(second.BaseUrl.Authority, 1, 7L, 0.000007m), (first.BaseUrl.Authority, 0, 7L, OfOne)], await ByUpstreamAsync(host));
    }

    // Nobody answers, and both are paid; then one is asked again for the same words, and answers.
    [Fact]
    public async Task Overview_OfTurnsThatUpstreamsAnsweredNothingIn_PaysEachItsPart()
    {
        var empty = Failures.Stream(Sse.Role + Sse.Finish() + Told + Sse.Done);
        await using var first = FaultyUpstream.Start(empty, Failures.Stream(Sse.Role + Sse.Text("First.") + Sse.Finish() + Told + Sse.Done));
        await using var second = FaultyUpstream.Start(empty);
        await using var host = await StartAsync([first, second], [.. Price, (Of("Upstreams:1:Price:Prompt"), "1"), (Of("Upstreams:1:Price:Completion"), "0"), (Of("Apology"), "Sorry.")]);

        Assert.Contains("Sorry.", await SayAsync(host, "1"), StringComparison.Ordinal);
        await host.StoredAsync(1);
        Assert.Equal([(first.BaseUrl.Authority, 0, 7L, OfOne), (second.BaseUrl.Authority, 0, 7L, 0.000007m)], (await ByUpstreamAsync(host)).OrderByDescending(part => part.Item1 == first.BaseUrl.Authority));

        Assert.Contains("First.", await SayAsync(host, "1"), StringComparison.Ordinal);
        await host.StoredAsync(2);

        Assert.Equal([(first.BaseUrl.Authority, 1, 14L, 2 * OfOne), (second.BaseUrl.Authority, 0, 7L, 0.000007m)], await ByUpstreamAsync(host));
    }

    [Fact]
    public async Task Call_OfSeveralTurnsAndRepeatedRequests_CostsTheirSum()
    {
        await using var upstream = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Stream(Sse.Role + Sse.Text("Hello.") + Sse.Finish() + Told + Sse.Done), 4)]);
        await using var host = await StartAsync([upstream], Price);
        string[] sentences = ["1", "1", "1", "2"];
        for (var index = 0; index < sentences.Length; index++)
        {
            await SayAsync(host, sentences[index]);
            await host.StoredAsync(index + 1);
        }

        Assert.Equal([3 * OfOne, OfOne], (await host.CallAsync("c1")).Select(turn => Decimal(turn, "cost")));
        var listed = Assert.Single(await host.ListAllAsync());
        Assert.Equal((28L, 20L, 12L, 4 * OfOne), (Long(listed, "promptTokens"), Long(listed, "cachedPromptTokens"), Long(listed, "completionTokens"), Decimal(listed, "cost")));
    }

    [Theory]
    [InlineData("Prompt", "0,25", "Models:1:Upstreams:0:Price:Prompt: expected a number such as 0.25")]
    [InlineData("Prompt", "-1", "Models:1:Upstreams:0:Price:Prompt: expected 0 to 1000000 for a million tokens, with at most 9 places after the point.")]
    [InlineData("Cached", "1000001", "Models:1:Upstreams:0:Price:Cached: expected 0 to 1000000 for a million tokens, with at most 9 places after the point.")]
    [InlineData("Completion", "0.0000000001", "Models:1:Upstreams:0:Price:Completion: expected 0 to 1000000 for a million tokens, with at most 9 places after the point.")]
    [InlineData("Completion", null, "Models:1:Upstreams:0:Price:Completion: this is missing, and without it no answer has a cost; set 0 for what is free.")]
    [InlineData("Promt", "1", "Models:1:Upstreams:0:Price:Promt: no such setting")]
    public async Task Start_BadPrice_IsRefused(string name, string? value, string failure)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = "http://127.0.0.1:9/v1",
            ["Models:1:Upstreams:0:Price:Prompt"] = "0.25",
            ["Models:1:Upstreams:0:Price:Completion"] = "2",
            [$"Models:1:Upstreams:0:Price:{name}"] = value,
        };

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => TestHost.StartAsync(settings: settings));

        Assert.Contains(failure, refusal.Message, StringComparison.Ordinal);
    }

    // Their sum is that of the day.
    private static async Task<(string, int, long?, decimal?)[]> ByUpstreamAsync(TranscriptHost host)
    {
        using var response = await host.Operator.GetAsync("/calls/overview", TestContext.Current.CancellationToken);
        var overview = await Json.ReadAsync(response);
        (string, int, long?, decimal?)[] parts =
        [
            .. overview.GetProperty("upstreams").EnumerateArray().Select(part => (part.GetProperty("name").GetString()!, part.GetProperty("turns").GetInt32(), Long(part, "promptTokens"), Decimal(part, "cost"))),
        ];
        var total = overview.GetProperty("total");
        Assert.Equal((Long(total, "promptTokens"), Decimal(total, "cost"), 1L), (parts.Sum(part => part.Item3), parts.Sum(part => part.Item4), Long(total, "priced")));
        return parts;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static long? Long(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;

    private static decimal? Decimal(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : null;

    private static MetricCollector<double> Costs(TranscriptHost host) => new(host.App.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.turn.cost");

    private static string Of(string setting) => $"Models:1:{setting}";

    private static async Task<string> SayAsync(TranscriptHost host, string sentence)
    {
        const string Tools = ""","tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}]""";
        using var response = await host.App.PostAsync(Json.Request("voice", "Hello", true, $$"""{{Tools}},"extendData":{"instanceId":"c1","sentenceId":"{{sentence}}"}"""));
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<TranscriptHost> StartAsync(FaultyUpstream[] upstreams, params (string Name, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        (values[Of("Id")], values[Of("Responder")]) = ("voice", "upstream");
        for (var index = 0; index < upstreams.Length; index++)
        {
            values[Of($"Upstreams:{index}:BaseUrl")] = upstreams[index].BaseUrl.ToString();
        }

        return await TranscriptHost.StartAsync(await tables.OpenAsync(), settings: values);
    }
}

public sealed class CostInTablesTests(SharedAzurite azurite) : CostTests(azurite);

public sealed class CostInMemoryTests() : CostTests(new TablesInMemory());
