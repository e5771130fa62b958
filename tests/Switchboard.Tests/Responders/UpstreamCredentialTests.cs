using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Responders;
using Switchboard.Tests.Upstreams;

namespace Switchboard.Tests.Responders;

public sealed class UpstreamCredentialTests
{
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

        Assert.Equal((UpstreamFailure.Credential, true), (heard.Failure!.Failure, heard.Failure.MayAskAnother));
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("sk-one\nX-Evil: 1")]
    [InlineData("sk-ключ")]
    public async Task Stream_KeyThatNoHeaderCarries_IsNeitherSentNorQuoted(string key)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory();

        var heard = await Heard.ListenAsync(clients.Create(upstream.BaseUrl, options => options.ApiKey = key), TestContext.Current.CancellationToken);

        Assert.Equal(UpstreamFailure.Credential, heard.Failure!.Failure);
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
    public async Task Get_TokenIsDue_RenewsIt()
    {
        var time = new FakeTimeProvider();
        using var bearer = new EntraBearer(new FakeIdentity(time), Scope, time);

        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        time.Advance(FakeIdentity.Lifetime - TimeSpan.FromMinutes(6));
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("token-2", await bearer.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_RenewalFails_KeepsTheOldTokenWhileItLasts()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        using var bearer = new EntraBearer(identity, Scope, time);
        await bearer.GetAsync(TestContext.Current.CancellationToken);
        identity.Fails = true;

        time.Advance(FakeIdentity.Lifetime - TimeSpan.FromMinutes(1));
        Assert.Equal("token-1", await bearer.GetAsync(TestContext.Current.CancellationToken));
        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await bearer.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_ManyAtOnce_AskOnce()
    {
        var time = new FakeTimeProvider();
        var identity = new FakeIdentity(time);
        using var bearer = new EntraBearer(identity, Scope, time);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bearer.GetAsync(TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal("token-1", Assert.Single(tokens.Distinct()));
        Assert.Single(identity.Asked);
    }
}
