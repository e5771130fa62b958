using System.Net.Http.Headers;

namespace Switchboard.Tests.Keys;

/// <summary>Tokens of callbacks from the key vault.</summary>
public sealed class CallbackSecretTests
{
    private const string Secret = "ims-callback-token";
    private const string PlatformKey = "platform-key-4f8b2d6a9c0e7315";
    private const string Token = "callback-token-4f8b2d6a9c0e7315";
    private const string NextToken = "callback-token-2-4f8b2d6a9c0e7315";

    [Fact]
    public async Task Secret_IsThere_OpensTheCallbacksAlone()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", Token));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 401), (await app.StatusAsync(PlatformKey), await app.StatusAsync(Token)));
        Assert.Equal(401, await TellAsync(app, null));
        Assert.Equal((401, 200), (await TellAsync(app, PlatformKey), await TellAsync(app, Token)));
    }

    [Fact]
    public async Task Secret_NoCallbackCame_IsNotRead()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", Token));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 401), (await app.StatusAsync(PlatformKey), await TellAsync(app, null)));
        Assert.DoesNotContain(vault.Requests, request => request.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secret_HoldsThePlatformsKeyToo_IsNotOpenedByIt()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", $"{PlatformKey}\n{Token}"));
        await using var app = await StartAsync(vault);

        Assert.Equal((401, 200), (await TellAsync(app, PlatformKey), await TellAsync(app, Token)));
    }

    [Fact]
    public async Task Secret_IsMissing_StopsNothing()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(VaultRig.Secret, "v1", PlatformKey));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 401), (await app.StatusAsync(PlatformKey), await TellAsync(app, Token)));
        Assert.Equal("ready", (await app.ReadyAsync(PlatformKey)).Report.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Secret_Rotated_IsFollowedAndNeverLogged()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", Token));
        await using var app = await StartAsync(vault);
        Assert.Equal(200, await TellAsync(app, Token));

        // Both, as long as the console of IMS still has the old one.
        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", Token), new(Secret, "v2", NextToken));
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.WaitForPauseAsync();
        Assert.Equal((200, 200), (await TellAsync(app, Token), await TellAsync(app, NextToken)));

        vault.Put(new(VaultRig.Secret, "v1", PlatformKey), new(Secret, "v1", Token) { Enabled = false }, new(Secret, "v2", NextToken));
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.WaitForPauseAsync();
        Assert.Equal((401, 200), (await TellAsync(app, Token), await TellAsync(app, NextToken)));
        Assert.DoesNotContain(app.Log.GetSnapshot(), line => line.Message.Contains("callback-token-", StringComparison.Ordinal));
    }

    private static async Task<int> TellAsync(VaultApp app, string? token)
    {
        using var response = await app.SendAsync(
            HttpMethod.Post, "/ims/events", token is null ? null : AuthenticationHeaderValue.Parse(token), Json.Content("""{"event":"agent_stop","instanceId":"call-1"}"""));
        return (int)response.StatusCode;
    }

    private static async Task<VaultApp> StartAsync(StandInVault vault)
    {
        var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();
        return app;
    }
}
