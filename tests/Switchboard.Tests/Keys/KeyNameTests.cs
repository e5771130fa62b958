using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Common;
using Switchboard.Keys;

namespace Switchboard.Tests.Keys;

/// <summary>What operators call keys: <c>name: key</c>.</summary>
public sealed class KeyNameTests
{
    private const string Key = "k-8Q2v7LxTfW3s5Rk1JmYb";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData($"hotel: {Key}", "hotel", Key)]
    [InlineData($"hotel:\t{Key}", "hotel", Key)]
    [InlineData($"hotel  :   {Key} ", "hotel", Key)]
    [InlineData($"Hotel-2_west.b: {Key}", "Hotel-2_west.b", Key)]
    [InlineData($"2: {Key}", "2", Key)]
    [InlineData("hotel: a:b:8Q2v7LxTfW3s5Rk1JmYb", "hotel", "a:b:8Q2v7LxTfW3s5Rk1JmYb")]
    // As they always were.
    [InlineData(Key, null, Key)]
    [InlineData($"hotel:{Key}", null, $"hotel:{Key}")]
    [InlineData(":8Q2v7LxTfW3s5Rk1JmYb", null, ":8Q2v7LxTfW3s5Rk1JmYb")]
    [InlineData("8Q2v7LxTfW3s5Rk1JmYb:", null, "8Q2v7LxTfW3s5Rk1JmYb:")]
    [InlineData("https://user:8Q2v7LxTfW3s5Rk1JmYb", null, "https://user:8Q2v7LxTfW3s5Rk1JmYb")]
    public void Read_LineWithAKey_IsTheKeyAndItsName(string line, string? name, string key)
    {
        var read = KeyText.Read($"# remark\n\n{line}\n");

        Assert.Equal([new KnownKey(KeyDigest.Of(key), name)], read.Keys);
        Assert.Empty(read.Unusable);
    }

    [Theory]
    [InlineData($"my hotel: {Key}")]
    [InlineData($"-hotel: {Key}")]
    [InlineData($"hötel: {Key}")]
    [InlineData($"deadbeef: {Key}")]
    [InlineData($"None: {Key}")]
    [InlineData($"a23456789-123456789-123456789-123456789-1: {Key}")]
    [InlineData($": {Key}")]
    [InlineData("hotel: too-short")]
    [InlineData($"hotel: {Key} {Key}")]
    [InlineData($"hotel: west: {Key}")]
    [InlineData($"hotel {Key}")]
    public void Read_OtherLine_IsNoKey(string line)
    {
        var read = KeyText.Read(line);

        Assert.Empty(read.Keys);
        Assert.Equal([1], read.Unusable);
    }

    [Theory]
    [InlineData($"hotel:{Key}", true)]
    [InlineData($"hotel: {Key}", false)]
    [InlineData(Key, false)]
    [InlineData("hotel:8Q2v7LxTfW3s5", false)]
    public void Read_ColonWithoutASpace_IsToldOf(string line, bool isTold) => Assert.Equal(isTold, KeyText.Read(line).Unnamed is [1]);

    [Theory]
    [InlineData("Access:ApiKeys:1", $"my hotel: {Key}", "Access:ApiKeys:1: a name is 1 to 40 letters")]
    [InlineData("Access:ApiKeys:1", "hotel: short", "Access:ApiKeys:1: a key is 20 or more")]
    [InlineData("Access:ApiKeys:1", $"other: {TestHost.Key}", "Access:ApiKeys:1: this key stands above too, under another name or none.")]
    [InlineData("Access:ApiKeys:1", TestHost.Key, "Access:ApiKeys:1: this key stands above too, under another name or none.")]
    [InlineData("Access:OperatorKeys:0", $"operator: {TestHost.Key}", "Access:OperatorKeys:0: this key is one of Access:ApiKeys too")]
    [InlineData("Access:CallbackTokens:0", TestHost.Key, "Access:CallbackTokens:0: this key is one of Access:ApiKeys too")]
    [InlineData("Limits:Keys:motel:RequestsPerMinute", "3", "Limits:Keys:motel: no key of Access:ApiKeys or Access:OperatorKeys has this name; there are hotel.")]
    [InlineData($"Limits:Keys:{TestHost.Key}:RequestsPerMinute", "3", "Limits:Keys:…: no key of Access:ApiKeys or Access:OperatorKeys has this name")]
    [InlineData($"Limits:Keys:{Key}:RequestsPerMinut", "3", "Limits:Keys:…:RequestsPerMinut: no such setting; did you mean Limits:Keys:…:RequestsPerMinute?")]
    [InlineData("Limits:Keys:a b:RequestsPerMinute", "3", "Limits:Keys:a b: no key can have this name")]
    [InlineData("Limits:Keys:hotel:RequestsPerMinute", "-1", "Limits:Keys:hotel:RequestsPerMinute: expected 0 to 100000.")]
    [InlineData("Limits:Keys:hotel:MaxConcurrentTurns", "0", "Limits:Keys:hotel:MaxConcurrentTurns: expected 1 to 100000.")]
    [InlineData("Limits:Keys:hotel:MaxConcurrentTurns", "many", "Limits:Keys:hotel:MaxConcurrentTurns: expected a number, found many.")]
    [InlineData("Limits:Keys:hotel:RequestPerMinute", "3", "Limits:Keys:hotel:RequestPerMinute: no such setting")]
    [InlineData("Limits:Keys:hotel", "3", "Limits:Keys:hotel: expected settings below this name, found a value.")]
    public void Start_BadName_IsRefusedWithoutTheKey(string setting, string value, string failure)
    {
        var settings = new Dictionary<string, string?> { ["Models:0:Id"] = "demo", ["Access:ApiKeys:0"] = $"hotel: {TestHost.Key}", [setting] = value };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => services.Settings());

        Assert.Contains(refusal.Failures, told => told.StartsWith(failure, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestHost.Key, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_KeyWithAName_IsToldByItsName()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwitchboardSource.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await StartAsync(("Access:ApiKeys:0", $"hotel: {TestHost.Key}"), ("Access:ApiKeys:1", TestHost.OtherKey));
        using var turns = new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.turns");

        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, TestHost.Key));
        var named = await host.WaitForTurnEndAsync();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, TestHost.OtherKey));
        await turns.WaitForMeasurementsAsync(2, Cancelled);

        Assert.Equal("hotel", named.GetStructuredStateValue("Key"));
        Assert.Contains("key hotel,", named.Message, StringComparison.Ordinal);
        Assert.Equal(["hotel", null], turns.GetMeasurementSnapshot().Select(one => one.Tags.GetValueOrDefault("key")));
        lock (spans)
        {
            var request = (string)named.GetStructuredStateValue("RequestId")!;
            Assert.Equal("hotel", spans.Single(span => (string?)span.GetTagItem("switchboard.request_id") == request).GetTagItem("switchboard.key"));
        }
    }

    [Fact]
    public async Task Send_LimitOfTheName_CountsForAllItsKeysTogetherAndForNoOther()
    {
        await using var host = await StartAsync(
            new FakeTimeProvider(),
            ("Access:ApiKeys:0", $"hotel: {TestHost.Key}"), ("Access:ApiKeys:1", $"Hotel: {TestHost.OtherKey}"), ("Access:ApiKeys:2", $"clinic: {Key}"),
            ("Limits:RequestsPerMinute", "1"), ("Limits:Keys:HOTEL:RequestsPerMinute", "3"), ("Limits:Keys:clinic:MaxConcurrentTurns", "5"));
        using var refused = new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.access.refused");

        Assert.Equal(
            [200, 200, 200, 429, 429],
            await StatusesAsync(host, TestHost.Key, TestHost.OtherKey, TestHost.Key, TestHost.OtherKey, TestHost.Key));
        Assert.Equal([200, 429], await StatusesAsync(host, Key, Key));
        using var again = await host.PostAsync(Json.Request());
        Assert.Equal("The keys with this one's name may send at most 3 requests per minute together.", (await Json.ReadErrorAsync(again)).GetProperty("message").GetString());

        Assert.Equal(["Hotel", "hotel", "clinic", "hotel"], refused.GetMeasurementSnapshot().Select(one => one.Tags["key"]));
        Assert.Equal("Hotel", (await host.WaitForLogAsync(320)).GetStructuredStateValue("Known"));
    }

    [Fact]
    public async Task Send_MoreTurnsAtOnceThanTheNameMay_IsRefusedAndOthersAreNot()
    {
        using var gated = new GatedChatClient();
        await using var host = await TestHost.StartAsync(gated, new Dictionary<string, string?>
        {
            ["Access:ApiKeys:0"] = $"hotel: {TestHost.Key}",
            ["Access:ApiKeys:1"] = TestHost.OtherKey,
            ["Limits:Keys:hotel:MaxConcurrentTurns"] = "1",
        });
        var first = host.PostAsync(Json.Request("fake"));
        await gated.Asked;

        using var second = await host.PostAsync(Json.Request("demo"));

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("The keys with this one's name have reached their limit of 1 concurrent turns.", (await Json.ReadErrorAsync(second)).GetProperty("message").GetString());
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, TestHost.OtherKey));
        gated.Say("Hello.");
        gated.End();
        using (var answer = await first)
        {
            await answer.Content.ReadAsStringAsync(Cancelled);
        }

        await host.WaitForTurnEndAsync("fake");
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, TestHost.Key));
    }

    [Fact]
    public async Task Refusal_OfAKeyThatIsKnown_NamesIt()
    {
        await using var host = await StartAsync(("Access:ApiKeys:0", $"hotel: {TestHost.Key}"), ("Access:OperatorKeys:0", $"anna: {Key}"), ("Transcripts:ConnectionString", "UseDevelopmentStorage=true"));
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, Key));
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);
        using var response = await host.Client.GetAsync("/calls", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("hotel", (await host.WaitForLogAsync(525)).GetStructuredStateValue("Key"));
    }

    [Fact]
    public async Task Load_NamesOfTheVault_AreTheNewestAndTellWhoComes()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            new StandInVersion(VaultRig.Secret, "v1", $"old: {Key}\n{TestHost.Key}") { Created = now.AddDays(-2) },
            new StandInVersion(VaultRig.Secret, "v2", $"hotel: {Key}\nhotel: {TestHost.OtherKey}\nclinic:{TestHost.Key}") { Created = now.AddDays(-1) });

        await rig.StartAsync();

        Assert.Equal("hotel", rig.Access.PlatformKeys.NameOf(KeyDigest.Of(Key)));
        Assert.Equal("hotel", rig.Access.PlatformKeys.NameOf(KeyDigest.Of(TestHost.OtherKey)));
        Assert.Null(rig.Access.PlatformKeys.NameOf(KeyDigest.Of(TestHost.Key)));
        Assert.Contains($"API key hotel ({KeyDigest.Of(Key).Name}) is accepted from now on", rig.LogText, StringComparison.Ordinal);
        Assert.Contains("version v2: the colon in lines 3 has no space after it", rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NameThatHasLimitsIsMissing_WarnsOnce()
    {
        await using var rig = await VaultRig.CreateAsync(new KeyPolicy { Limited = ["hotel", "motel", TestHost.OtherKey] });
        rig.Vault.Put(new StandInVersion(VaultRig.Secret, "v1", $"Hotel: {Key}"));

        await rig.StartAsync();
        await rig.NextAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["motel, …"], rig.Log.GetSnapshot().Where(line => line.Id.Id == 312).Select(line => line.GetStructuredStateValue("Names")));
    }

    private static Task<TestHost> StartAsync(params (string Name, string Value)[] settings) => StartAsync(null, settings);

    private static Task<TestHost> StartAsync(TimeProvider? time, params (string Name, string Value)[] settings) =>
        TestHost.StartAsync(settings: settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value), time: time);

    private static async Task<List<int>> StatusesAsync(TestHost host, params string[] keys)
    {
        var statuses = new List<int>();
        foreach (var key in keys)
        {
            statuses.Add((int)await PostAsync(host, key));
        }

        return statuses;
    }

    private static async Task<HttpStatusCode> PostAsync(TestHost host, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Headers = { Authorization = new("Bearer", key) }, Content = Json.Content(Json.Request()) };
        using var response = await host.Anybody.SendAsync(request, Cancelled);
        await response.Content.ReadAsStringAsync(Cancelled);
        return response.StatusCode;
    }
}
