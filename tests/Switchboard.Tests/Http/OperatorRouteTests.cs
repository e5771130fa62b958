using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Http;
using Switchboard.Keys;

namespace Switchboard.Tests.Http;

/// <summary>Who may read and delete transcripts, and what the routes answer.</summary>
public abstract class OperatorRouteTests(TestTables tables)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Routes { get; } = new()
    {
        { "GET", "/calls" },
        { "GET", "/calls/overview" },
        { "GET", "/calls/call-1" },
        { "DELETE", "/calls/call-1" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_NoTranscriptsKept_SaysWhichSettingIsMissing(string method, string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);

        Assert.Equal(404, (int)response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal("transcripts_off", error.GetProperty("code").GetString());
        Assert.Contains("Transcripts:TableServiceUri", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_AnyOtherKey_IsRefused(string method, string path)
    {
        await using var host = await StartAsync();
        using var stranger = host.App.Connect();
        foreach (var key in (string?[])[null, TestHost.Key, "wrong", TranscriptHost.OperatorKey + " " + TranscriptHost.OperatorKey])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Authorization", key is null ? null : $"Bearer {key}");
            using var response = await stranger.SendAsync(request, Cancelled);

            Assert.Equal(401, (int)response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            Assert.Equal("invalid_api_key", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_NoOperatorKeyConfigured_IsUnavailable(string method, string path)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true" });
        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("No operator keys are loaded, so every request is refused.", (await Json.ReadErrorAsync(response)).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Key_OfAnOperator_OpensNeitherCompletionsNorModels()
    {
        await using var host = await StartAsync();

        using var completion = await host.Operator.PostAsync("/v1/chat/completions", Json.Content(Json.Request()), Cancelled);
        using var models = await host.Operator.GetAsync("/v1/models", Cancelled);

        Assert.Equal((401, 401), ((int)completion.StatusCode, (int)models.StatusCode));
    }

    [Fact]
    public async Task Key_InTheOtherHeader_Counts()
    {
        await using var host = await StartAsync();
        using var client = host.App.Connect();
        client.DefaultRequestHeaders.Add("api-key", TranscriptHost.OperatorKey);

        using var response = await client.GetAsync("/calls", Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues("x-request-id")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("day", "yesterday")]
    [InlineData("day", "2026-02-30")]
    [InlineData("day", "24.11.2026")]
    [InlineData("day", "2026-11-24' or PartitionKey ne '")]
    [InlineData("continue", "x")]
    [InlineData("continue", "ä")]
    [InlineData("continue", "JyBvciBSb3dLZXkgbmUgJw")]
    public async Task List_BadParameter_IsNamed(string name, string value)
    {
        await using var host = await StartAsync();
        using var response = await host.Operator.GetAsync($"/calls?{name}={Uri.EscapeDataString(value)}", Cancelled);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(name, (await Json.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task List_NothingStored_IsEmpty()
    {
        await using var host = await StartAsync();

        var list = await host.ListAsync("?day=2026-11-24");

        Assert.Equal("""{"day":"2026-11-24","calls":[],"continue":null}""", list.GetRawText());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Call_NotStored_IsNotFound(string method)
    {
        await using var host = await StartAsync();
        using var response = await host.Operator.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/calls/nobody"), Cancelled);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("call_not_found", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(250, 3)]
    public async Task List_ManyCalls_ComesInPagesNewestFirst(int calls, int pages)
    {
        await using var host = await StartAsync();
        var rig = new StoreRig(await tables.OpenAsync(), host.Prefix);
        await rig.WriteAsync(StoreRig.Turn("the-day-before", "1", seconds: -86_400));
        await Parallel.ForAsync(0, calls, Cancelled, async (call, _) => await rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", seconds: call)));

        var read = new List<string?>();
        var query = "?day=2026-11-24";
        for (var page = 1; page <= pages; page++)
        {
            var list = await host.ListAsync(query);
            read.AddRange(list.GetProperty("calls").EnumerateArray().Select(call => call.GetProperty("instanceId").GetString()));
            Assert.Equal(page == pages ? JsonValueKind.Null : JsonValueKind.String, list.GetProperty("continue").ValueKind);
            query = $"?day=2026-11-24&continue={list.GetProperty("continue").GetString()}";
        }

        Assert.Equal(Enumerable.Range(0, calls).Reverse().Select(call => $"call-{call}"), read);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_StorageAway_IsUnavailable(string method, string path)
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        await using var host = await TranscriptHost.StartAsync(proxy);
        using var response = await host.Operator.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(5, response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal("transcripts_unavailable", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
        await host.App.WaitForLogAsync(520);
    }

    [Fact]
    public async Task Delete_ACall_ForgetsItAndNoOther()
    {
        await using var host = await StartAsync();
        var rig = new StoreRig(await tables.OpenAsync(), host.Prefix);
        foreach (var sentence in Enumerable.Range(1, 230))
        {
            await rig.WriteAsync(StoreRig.Turn("long/call", $"{sentence}"));
        }

        await rig.WriteAsync(StoreRig.Turn("other", "1"));
        using var deleted = await host.Operator.DeleteAsync("/calls/long%2Fcall", Cancelled);
        using var again = await host.Operator.DeleteAsync("/calls/long%2Fcall", Cancelled);

        Assert.Equal((204, 404), ((int)deleted.StatusCode, (int)again.StatusCode));
        Assert.Empty(await rig.ReadAsync("long/call"));
        Assert.Equal("other", Assert.Single(await rig.ListAsync()).InstanceId);
        Assert.Single(await rig.ReadAsync("other"));
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%25252Fb", "a%252Fb")]
    public async Task Call_IdWithASlash_IsOneCallHoweverOftenItIsAskedFor(string sent, string meant)
    {
        await using var host = await StartAsync();
        var rig = new StoreRig(await tables.OpenAsync(), host.Prefix);
        string[] ids = ["a/b", "a%2Fb", "a%252Fb"];
        foreach (var id in ids)
        {
            await rig.WriteAsync(StoreRig.Turn(id, "1"));
        }

        using var read = await host.Operator.GetAsync($"/calls/{sent}", Cancelled);
        Assert.Equal(meant, (await Json.ReadAsync(read)).GetProperty("instanceId").GetString());
        foreach (var status in (int[])[204, 404, 404])
        {
            using var deleted = await host.Operator.DeleteAsync($"/calls/{sent}", Cancelled);
            Assert.Equal(status, (int)deleted.StatusCode);
        }

        Assert.Equal(ids.Except([meant]).Order(), (await rig.ListAsync()).Select(call => call.InstanceId).Order());
    }

    [Fact]
    public async Task Call_OfTwoKeys_ShowsAndForgetsBoth()
    {
        await using var host = await StartAsync(new() { ["Access:ApiKeys:1"] = TestHost.OtherKey });
        await host.TurnAsync("call", "1", "first words");
        await host.StoredAsync(1);
        using var other = host.App.Connect();
        other.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.OtherKey);
        using var sent = await other.PostAsync("/v1/chat/completions", Json.Content(Json.Request("demo", "other words", more: ""","extendData":{"instanceId":"call","channelId":"c1","sentenceId":"1"}""")), Cancelled);
        await sent.Content.ReadAsStringAsync(Cancelled);
        await host.StoredAsync(2);

        var turns = await host.CallAsync("call");

        string[] keys = [KeyDigest.Of(TestHost.Key).Name, KeyDigest.Of(TestHost.OtherKey).Name];
        Assert.Equal(
            keys.Zip(["first words", "other words"]).Order(),
            turns.Select(turn => (turn.GetProperty("key").GetString()!, turn.GetProperty("heard").GetString()!)).Order());
        Assert.Equal(keys.Order(), (await host.ListAllAsync()).Select(call => call.GetProperty("key").GetString()!).Order());
        using var deleted = await host.Operator.DeleteAsync("/calls/call", Cancelled);
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Empty(await host.ListAllAsync());
    }

    [Fact]
    public async Task Route_ReadAndDeleted_LeavesATrailWithoutWords()
    {
        await using var host = await StartAsync();
        await host.TurnAsync("call", "1", "caller-words");
        await host.StoredAsync(1);

        await host.ListAsync("?day=2026-11-24");
        await host.CallAsync("call");
        foreach (var path in (string[])["/calls/call", "/calls/nobody%0Aforged"])
        {
            using var deleted = await host.Operator.DeleteAsync(path, Cancelled);
        }

        using var stranger = host.App.Connect();
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);
        using var refused = await stranger.GetAsync("/calls/call", Cancelled);

        var who = KeyDigest.Of(TranscriptHost.OperatorKey).Name;
        Assert.Equal(
            [
                $"Operator key {who} listed the calls of 2026-11-24: 0 calls",
                $"Operator key {who} read call call: 1 turns",
                $"Operator key {who} deleted call call: 1 turns",
                $"Operator key {who} deleted call nobody_forged: 0 turns",
                $"Transcripts were refused: GET /calls/call came without an operator key (key sent: {KeyDigest.Of(TestHost.Key).Name}); 1 refusals since the last such line",
            ],
            host.App.Logs.GetSnapshot().Where(record => record.Id.Id is >= 520 and < 530).Select(record => record.Message));
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Message.Contains("words", StringComparison.Ordinal));
    }

    [Fact]
    public void Refused_ManyTimes_IsNotedOnceInAWhileWithTheCount()
    {
        var time = new FakeTimeProvider();
        var log = new FakeLogger();
        var refusals = new OperatorRefusals(time, log);

        Enumerable.Range(0, 1000).ToList().ForEach(_ => refusals.Add("11111111", "GET /calls"));
        time.Advance(OperatorRefusals.Interval);
        refusals.Add("22222222", "GET /calls");

        Assert.Equal(
            ["1 refusals since the last such line", "1000 refusals since the last such line"],
            log.Collector.GetSnapshot().Select(record => record.Message[(record.Message.IndexOf(';', StringComparison.Ordinal) + 2)..]));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_FaultOfThisApp_IsA500AndLoggedWithItsStack(string method, string path)
    {
        await using var host = await TestHost.StartAsync(
            settings: new Dictionary<string, string?> { ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true", ["Access:OperatorKeys:0"] = TranscriptHost.OperatorKey },
            services: services => services.AddSingleton(StoreRig.Broken()));
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = new("Bearer", TranscriptHost.OperatorKey) } };

        using var response = await host.Client.SendAsync(request, Cancelled);

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("internal_error", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
        var line = await host.WaitForLogAsync(521);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains($"{nameof(StoreRig.BrokenPolicy)}.{nameof(StoreRig.BrokenPolicy.OnSendingRequest)}", line.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(OperatorGate), line.Message, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(response.Headers.GetValues("x-request-id")), line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words", line.Message, StringComparison.Ordinal);
    }

    private async Task<TranscriptHost> StartAsync(Dictionary<string, string?>? settings = null) =>
        await TranscriptHost.StartAsync(await tables.OpenAsync(), settings: settings);
}

public sealed class OperatorRouteInTablesTests(SharedAzurite azurite) : OperatorRouteTests(azurite);

public sealed class OperatorRouteInMemoryTests() : OperatorRouteTests(new TablesInMemory());
