using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard.Tests.Upstream;

/// <summary>What the app has ready before a caller needs it: the connection and the token that the turn then uses.</summary>
public sealed class UpstreamWarmupTests
{
    private const int Limit = 60_000;

    [Fact(Timeout = Limit)]
    public async Task Start_Entra_TheFirstTurnUsesTheTokenAndTheConnectionThatAreReady()
    {
        var time = new WatchedTime();
        var identity = new FakeIdentity(time);
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(upstream, time, services => services.AddSingleton<TokenCredential>(identity), ("Credential", "entra"));
        await WarmedAsync(time, TestContext.Current.CancellationToken);

        using (await PostAsync(host))
        {
        }

        Assert.Equal(["HEAD on 1", "POST on 1"], Asked(upstream));
        Assert.Single(identity.Asked);
        Assert.DoesNotContain("Authorization", upstream.Requests.First().Headers.Keys);
        Assert.Equal("Bearer token-1", upstream.Requests.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task Start_SecretIsNotLoadedYet_ConnectsAllTheSame()
    {
        var load = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(VaultRig.Secret, "1", "platform-key-of-this-test"), new StandInVersion("openai-key", "1", "sk-1"), new StandInVersion("gateway-key", "1", "g-1"));
        vault.Failure = async _ =>
        {
            await load.Task;
            return false;
        };
        await using var upstream = FaultyUpstream.Start();
        await using var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
            ["Models:0:Upstreams:0:ApiKeySecret"] = "openai-key",
            ["Models:0:Upstreams:0:Headers:0:Name"] = "X-Gateway",
            ["Models:0:Upstreams:0:Headers:0:Secret"] = "gateway-key",
            ["Logging:LogLevel:Switchboard"] = "Debug",
        });
        await app.Log.WaitForAsync(211, times: 1);
        load.SetResult();

        Assert.Equal(200, await app.StatusAsync("platform-key-of-this-test"));

        Assert.Equal(["HEAD on 1", "POST on 1"], Asked(upstream));
        Assert.Equal(("Bearer sk-1", "g-1"), (upstream.Requests.Last().Headers["Authorization"], upstream.Requests.Last().Headers["X-Gateway"]));
        Assert.DoesNotContain("X-Gateway", upstream.Requests.First().Headers.Keys);
    }

    // The call that wakes the app is known by a key that came first, or that the settings hold.
    [Theory(Timeout = Limit)]
    [InlineData(true, 200)]
    [InlineData(false, 502)]
    public async Task Turn_SecretIsOnItsWay_WaitsForItButNotForLong(bool comes, int status)
    {
        var load = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion("openai-key", "1", "sk-1"));
        vault.Failure = async context =>
        {
            await load.Task.WaitAsync(context.RequestAborted);
            return false;
        };
        await using var upstream = FaultyUpstream.Start();
        await using var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Access:ApiKeys:0"] = "a-key-of-the-settings",
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
            ["Models:0:Upstreams:0:ApiKeySecret"] = "openai-key",
        });

        var turn = app.StatusAsync("a-key-of-the-settings");

        // The warm-up and the turn.
        await app.Time.WaitForTimerAsync(wait => wait == VaultRefresh.MaxWait, TestContext.Current.CancellationToken);
        await app.Time.WaitForTimerAsync(wait => wait == VaultRefresh.MaxWait, TestContext.Current.CancellationToken);
        Assert.False(turn.IsCompleted);
        if (comes)
        {
            load.SetResult();
        }
        else
        {
            app.Time.Advance(VaultRefresh.MaxWait);
        }

        Assert.Equal(status, await turn);
    }

    [Fact(Timeout = Limit)]
    public async Task Idle_ConnectionIsAboutToBeGivenUp_IsWarmedAgainWithTheToken()
    {
        var time = new WatchedTime();
        var identity = new FakeIdentity(time);
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(upstream, time, services => services.AddSingleton<TokenCredential>(identity), ("Credential", "entra"));

        // Without a single turn.
        for (var passed = TimeSpan.Zero; passed < FakeIdentity.Lifetime; passed += UpstreamHttp.ConnectionLifetime)
        {
            await WarmedAsync(time, TestContext.Current.CancellationToken);
            await upstream.NextRequestAsync(TestContext.Current.CancellationToken);
            time.Advance(UpstreamHttp.ConnectionLifetime);
        }

        await WarmedAsync(time, TestContext.Current.CancellationToken);
        using (await PostAsync(host))
        {
        }

        Assert.Equal(("POST", "Bearer token-2"), (upstream.Requests.Last().Method, upstream.Requests.Last().Headers["Authorization"]));
    }

    [Fact(Timeout = Limit)]
    public async Task Start_ModelsShareAnUpstream_ItIsWarmedOnce()
    {
        var time = new WatchedTime();
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(upstream, time, null, ("ApiKey", "sk-1"), ("/Models:2:Id", "other"), ("/Models:2:Responder", "upstream"),
            ("/Models:2:Upstreams:0:BaseUrl", upstream.BaseUrl.ToString()));
        await WarmedAsync(time, TestContext.Current.CancellationToken);
        time.Advance(UpstreamHttp.ConnectionLifetime);
        await WarmedAsync(time, TestContext.Current.CancellationToken);

        Assert.Equal(["HEAD on 1", "HEAD on 1"], Asked(upstream));
    }

    [Fact(Timeout = Limit)]
    public async Task Start_UpstreamIsDown_IsTriedAgainAndEndsNothing()
    {
        var time = new WatchedTime();
        await using var upstream = FaultyUpstream.Refusing();
        await using var host = await StartAsync(upstream, time, null);
        await WarmedAsync(time, TestContext.Current.CancellationToken);
        time.Advance(UpstreamHttp.ConnectionLifetime);
        await WarmedAsync(time, TestContext.Current.CancellationToken);

        Assert.Equal(2, host.Logs.GetSnapshot().Count(line => line.Id.Id == 211 && line.Level == LogLevel.Debug));
    }

    private static Task<TestHost> StartAsync(FaultyUpstream upstream, WatchedTime time, Action<IServiceCollection>? services, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
            ["Logging:LogLevel:Switchboard"] = "Debug",
        };
        foreach (var (name, value) in settings)
        {
            values[name.StartsWith('/') ? name[1..] : $"Models:1:Upstreams:0:{name}"] = value;
        }

        return TestHost.StartAsync(null, values, time, services: services);
    }

    // Then nothing is done until the connection is given up.
    private static Task<TimeSpan> WarmedAsync(WatchedTime time, CancellationToken cancellationToken) => time.WaitForTimerAsync(wait => wait == UpstreamHttp.ConnectionLifetime, cancellationToken);

    private static Task<HttpResponseMessage> PostAsync(TestHost host) => host.PostAsync(Json.Request("voice", "Hello?"));

    private static IEnumerable<string> Asked(FaultyUpstream upstream) => upstream.Requests.Select(request => $"{request.Method} on {request.Connection}");
}
