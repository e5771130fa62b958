using LocalHost;
using Microsoft.Extensions.DependencyInjection;

namespace Switchboard.Tests.LocalHosting;

/// <summary>The key that LocalHost makes so that the calls of a newcomer can be seen.</summary>
public sealed class OperatorKeyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:0", null, true)]
    [InlineData("http://localhost:7071;http://[::1]:7071", null, true)]
    [InlineData("http://0.0.0.0:0", null, false)]
    [InlineData("http://*:7071", null, false)]
    [InlineData("http://127.0.0.1:0;http://192.0.2.1:7071", null, false)]
    [InlineData("http://127.0.0.1:0", "Kestrel:Endpoints:Open:Url", false)]
    [InlineData("http://127.0.0.1:0", "Access:OperatorKeys:0", false)]
    [InlineData("http://127.0.0.1:0", "Access:KeyVault:Uri", false)]
    public async Task AddTo_MakesOneOnlyWhereThisMachineAloneCallsAndNoneIsConfigured(string url, string? setting, bool isMade)
    {
        var (one, other) = (await MadeAsync(url, setting), await MadeAsync(url, setting));

        Assert.Equal(isMade, one is not null);
        if (isMade)
        {
            Assert.Matches("^operator-[a-z2-9]{26}$", one!.Text);
            Assert.NotEqual(one, other);
        }
    }

    [Fact]
    public async Task Start_WithoutAnyTable_KeepsCallsThatThePrintedKeyOpens()
    {
        using var host = await LocalHostProcess.StartAsync(new Dictionary<string, string> { ["Access__ApiKeys__0"] = TestHost.Key, ["Models__0__Id"] = "demo", ["Models__0__Simulated__Delay"] = "00:00:00" });
        var line = await host.WaitForAsync("operator key");
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);
        using var turn = await client.PostAsync("/v1/chat/completions", Json.Content("""{"model":"demo","messages":[{"role":"user","content":"Hello"}],"extendData":{"instanceId":"call-1","sentenceId":"1"}}"""), Cancelled);
        Assert.Equal(200, (int)turn.StatusCode);
        using var refused = await client.GetAsync("/calls", Cancelled);
        Assert.Equal(401, (int)refused.StatusCode);

        client.DefaultRequestHeaders.Authorization = new("Bearer", line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Single(word => word.StartsWith("operator-", StringComparison.Ordinal)));
        HttpResponseMessage call;
        // It is stored after the answer.
        while ((int)(call = await client.GetAsync("/calls/call-1", Cancelled)).StatusCode == 404)
        {
            call.Dispose();
        }

        using (call)
        {
            Assert.Equal("Hello", (await Json.ReadAsync(call)).GetProperty("turns")[0].GetProperty("heard").GetString());
        }
    }

    // Also where the file says it, which is read last.
    [Theory]
    [InlineData("""{ "Models": [ { "Id": "a" } ] }""", true)]
    [InlineData("""{ "Models": [ { "Id": "a" } ], "Access": { "KeyVault": { "Uri": "https://my-vault.vault.azure.net/" } } }""", false)]
    [InlineData("""{ "Models": [ { "Id": "a" } ], "Transcripts": { "InMemory": false } }""", false)]
    public async Task AddTo_WithAFile_HeedsWhatItSays(string file, bool isMade)
    {
        await using var host = await SettingsHost.StartAsync(file, configure: builder => OperatorKey.AddTo(builder, "http://127.0.0.1:0"));

        var key = host.Services.GetRequiredService<OperatorKey>();
        Assert.Equal(isMade, key.IsInForce);
        Assert.Equal(isMade ? [key.Text] : [], host.Services.Settings().Access.OperatorKeys);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Id.Id == 620);
        var welcome = Welcome.Text("http://127.0.0.1:1", null, host.Services.Settings(), made: key);
        Assert.Equal(isMade, welcome.Contains(key.Text, StringComparison.Ordinal));
    }

    private static async Task<OperatorKey?> MadeAsync(string url, string? setting)
    {
        await using var app = LocalHostApp.Build(
            url,
            [new("Models:0:Id", "a"), .. setting is null ? Array.Empty<KeyValuePair<string, string?>>() : [new(setting, setting.EndsWith("Uri", StringComparison.Ordinal) ? "https://my-vault.vault.azure.net/" : "http://0.0.0.0:0/a-key-of-ones-own")]],
            builder => OperatorKey.AddTo(builder, url));
        return app.Services.GetService<OperatorKey>() is { IsInForce: true } made ? made : null;
    }
}
