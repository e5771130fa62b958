using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard.Tests.Upstream;

public sealed class UpstreamCredentialTests
{
    private const int Limit = 30_000;
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    [Fact]
    public async Task Stream_NoCredential_SendsNone()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory();

        await Heard.ListenAsync(clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("Authorization", upstream.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task Stream_Secret_IsReadAtEachRequest()
    {
        var values = new Queue<string>(["sk-old", "sk-new"]);
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory(services => services.AddSingleton<SecretSource>((string name) => name == "openai-key"
            ? _ => ValueTask.FromResult<string?>(values.Dequeue())
            : throw new InvalidOperationException(name)));
        var client = clients.Create(upstream.BaseUrl, options => options.ApiKeySecret = "openai-key");

        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer sk-old", "Bearer sk-new"], upstream.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Stream_SecretFails_IsACredentialFailure()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory(services => services.AddSingleton<SecretSource>((string _) => _ => throw new TimeoutException()));

        var heard = await Heard.ListenAsync(clients.Create(upstream.BaseUrl, options => options.ApiKeySecret = "openai-key"), TestContext.Current.CancellationToken);

        Assert.Equal((ResponderFailure.Credential, false), (heard.Failure!.Failure, heard.Failure.BlamesRequest));
        Assert.Empty(upstream.Requests);
    }

    // Two who saw that it had run out: the second finds the first one's, and asks for no third.
    [Fact(Timeout = Limit)]
    public async Task Get_TokenRenewedSinceItWasLookedAt_IsThatOne()
    {
        var time = new InterruptedTime();
        var identity = new FakeIdentity(time);
        var bearer = new EntraBearer(identity, Scope, time, NullLogger.Instance);
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        time.Advance(FakeIdentity.Lifetime);
        var first = "";
        time.Interrupt = () => first = bearer.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

        var second = await bearer.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("token-2", "token-2", 2), (first, second, identity.Asked.Count));
    }

    [Theory]
    [InlineData("sk-one\nX-Evil: 1")]
    [InlineData("sk-ключ")]
    public async Task Stream_KeyThatNoHeaderCarries_IsNeitherSentNorQuoted(string key)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory();

        var heard = await Heard.ListenAsync(clients.Create(upstream.BaseUrl, options => options.ApiKey = key), TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.Credential, heard.Failure!.Failure);
        Assert.DoesNotContain("sk-", heard.Failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Stream_Entra_SendsATokenOfTheScopeAndKeepsIt()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory(services => services.AddSingleton<TokenCredential>(identity).AddSingleton<TimeProvider>(time));
        var client = clients.Create(upstream.BaseUrl, options => options.Credential = UpstreamCredential.Entra);

        await client.WarmAsync(TestContext.Current.CancellationToken);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal([Scope], identity.Asked);
        Assert.Equal(["Bearer token-1", "Bearer token-1"], upstream.Requests.Skip(1).Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Stream_SeveralUpstreamsOfOneScope_ShareTheToken()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory(services => services.AddSingleton<TokenCredential>(identity).AddSingleton<TimeProvider>(time));

        foreach (var scope in new[] { Scope, Scope, "https://ai.azure.com/.default" })
        {
            await Heard.ListenAsync(
                clients.Create(upstream.BaseUrl, options => (options.Credential, options.CredentialScope) = (UpstreamCredential.Entra, scope)),
                TestContext.Current.CancellationToken);
        }

        Assert.Equal([Scope, "https://ai.azure.com/.default"], identity.Asked);
    }

    [Fact(Timeout = Limit)]
    public async Task Get_TokenIsDue_HandsItOutAndRenewsBeside()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        var bearer = Bearer(identity, time);

        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        time.Advance(FakeIdentity.Lifetime - TimeSpan.FromMinutes(6));
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        Assert.Single(identity.Asked);
        time.Advance(TimeSpan.FromMinutes(2));
        var gate = identity.Hold();

        var turns = Enumerable.Range(0, 20).Select(_ => bearer.GetAsync(TestContext.Current.CancellationToken)).ToList();

        Assert.All(turns, turn => Assert.True(turn is { IsCompletedSuccessfully: true, Result: "token-1" }));
        await identity.AskedAsync(2, TestContext.Current.CancellationToken);
        gate.SetResult();
        await WaitForAsync(bearer, "token-2");
        Assert.Equal(2, identity.Asked.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Get_RenewalHangs_HoldsNobodyAndIsTriedAgain()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        var bearer = Bearer(identity, time);
        await bearer.GetAsync(TestContext.Current.CancellationToken);
        time.Advance(FakeIdentity.Lifetime - TimeSpan.FromMinutes(1));
        // Never let go, and the token to cancel is not heeded.
        _ = identity.Hold();
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        await identity.AskedAsync(2, TestContext.Current.CancellationToken);
        identity.LetGo();

        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        // Until it is given up on, nobody else is asked.
        time.Advance(AppIdentity.TokenTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, identity.Asked.Count);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await WaitForAsync(bearer, "token-3");
    }

    [Fact(Timeout = Limit)]
    public async Task Get_WithoutATokenAndTheIdentityHangs_EndsWithTheTimeout()
    {
        var time = new WatchedTime();
        var identity = new FakeIdentity(time);
        var bearer = Bearer(identity, time);
        _ = identity.Hold();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (leaves, stays) = (bearer.GetAsync(caller.Token).AsTask(), bearer.GetAsync(TestContext.Current.CancellationToken).AsTask());
        await time.WaitForTimerAsync(wait => wait == AppIdentity.TokenTimeout, TestContext.Current.CancellationToken);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(stays.IsCompleted);
        time.Advance(AppIdentity.TokenTimeout);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stays);
        identity.LetGo();
        Assert.Equal("token-2", await bearer.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = Limit)]
    public async Task Get_RenewalFails_KeepsTheOldTokenWhileItLastsAndSaysSo()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        var log = new FakeLogger();
        var bearer = new EntraBearer(identity, Scope, time, log);
        await bearer.GetAsync(TestContext.Current.CancellationToken);
        identity.Fails = true;

        time.Advance(FakeIdentity.Lifetime - TimeSpan.FromMinutes(1));
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        await foreach (var line in log.Collector.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal((213, LogLevel.Warning), (line.Id.Id, line.Level));
            Assert.Contains($"{Scope} could not be renewed: InvalidOperationException at", line.Message, StringComparison.Ordinal);
            break;
        }

        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await bearer.GetAsync(TestContext.Current.CancellationToken));
        identity.Fails = false;
        Assert.Equal("token-2", await bearer.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_ManyAtOnce_AskOnce()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        var gate = identity.Hold();
        var bearer = Bearer(identity, time);

        var turns = Enumerable.Range(0, 20).Select(_ => bearer.GetAsync(TestContext.Current.CancellationToken).AsTask()).ToList();
        gate.SetResult();

        Assert.Equal("token-1", Assert.Single((await Task.WhenAll(turns)).Distinct()));
        Assert.Single(identity.Asked);
    }

    private static EntraBearer Bearer(TokenCredential identity, TimeProvider time) => new(identity, Scope, time, NullLogger.Instance);

    // The renewal is beside, so its end can only be seen in what is handed out.
    private static async Task WaitForAsync(EntraBearer bearer, string token)
    {
        while (await bearer.GetAsync(TestContext.Current.CancellationToken) != token)
        {
            await Task.Yield();
        }
    }

    /// <summary>Does something, once, while somebody looks at the clock.</summary>
    private sealed class InterruptedTime : FakeTimeProvider
    {
        private Action? _interrupt;

        public Action Interrupt
        {
            set => _interrupt = value;
        }

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref _interrupt, null)?.Invoke();
            return base.GetUtcNow();
        }
    }
}
