using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchboard.Keys;
using Switchboard.Responders;
using Switchboard.Vault;

namespace Switchboard.Tests.Keys;

/// <summary>Keys from a vault, seen from outside: through LocalHost's app.</summary>
public sealed class VaultAccessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turn_VaultForbidsAndThenAllows_Answers503AndThen200()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        vault.Failure = ForbidAsync;
        await using var app = await VaultApp.StartAsync(vault);
        Assert.Equal(VaultRefresh.EarlyInterval, await app.WaitForPauseAsync());

        using var refused = await app.AskAsync("key-1-4f8b2d6a9c0e7315");

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(10, refused.Headers.RetryAfter?.Delta?.TotalSeconds);
        using var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("access_unavailable", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        var (status, report) = await app.ReadyAsync();
        Assert.Equal(503, status);
        Assert.Equal(
            """{"status":"unavailable","reasons":["access: the key vault answered 403 Forbidden: give this app\u0027s identity the role Key Vault Secrets User"]}""",
            report.GetRawText());

        vault.Failure = null;
        app.Time.Advance(VaultRefresh.EarlyInterval);
        await app.WaitForPauseAsync();

        Assert.Equal(200, await app.StatusAsync("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(401, await app.StatusAsync("key-2-4f8b2d6a9c0e7315"));
        Assert.Equal((200, """{"status":"ready"}"""), await RawReadyAsync(app));
    }

    [Fact]
    public async Task Start_VaultHangs_IsNotHeldUp()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Failure = HangAsync;

        await using var app = await VaultApp.StartAsync(vault);

        var (status, report) = await app.ReadyAsync();
        Assert.Equal(503, status);
        Assert.Equal("access: the keys are being loaded from the key vault", report.GetProperty("reasons")[0].GetString());
    }

    [Fact]
    public async Task Rotation_StepByStep_NeverRefusesAPlatformThatFollowsIt()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "old-key-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();
        Assert.Equal((200, 401), (await app.StatusAsync("old-key-4f8b2d6a9c0e7315"), await app.StatusAsync("some-other-key")));
        app.Time.Advance(VaultRefresh.EarlyInterval);

        // 1. A version is added: both keys work, the new one from its first request.
        vault.Put(Version("v1", "old-key-4f8b2d6a9c0e7315"), Version("v2", "new-key-4f8b2d6a9c0e7315"));
        Assert.Equal((200, 200), (await app.StatusAsync("new-key-4f8b2d6a9c0e7315"), await app.StatusAsync("old-key-4f8b2d6a9c0e7315")));

        // 2. The platforms were moved over; the old version is disabled.
        vault.Disable("v1");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.WaitForPauseAsync();
        Assert.Equal((200, 401), (await app.StatusAsync("new-key-4f8b2d6a9c0e7315"), await app.StatusAsync("old-key-4f8b2d6a9c0e7315")));

        // 3. The last one too: nobody is let in, and readiness says why.
        vault.Disable("v2");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.WaitForPauseAsync();
        Assert.Equal(401, await app.StatusAsync("new-key-4f8b2d6a9c0e7315"));
        var (status, report) = await app.ReadyAsync();
        Assert.Equal(503, status);
        Assert.StartsWith("access: the key vault holds no valid key", report.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_VaultHangsOnceLoaded_KnownKeyIsAnswered()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();
        var arrived = new TaskCompletionSource();
        vault.Failure = context =>
        {
            arrived.TrySetResult();
            return HangAsync(context);
        };
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await arrived.Task;

        // The clock stands still: a request that waited on the vault would never be answered.
        Assert.Equal(200, await app.StatusAsync("key-1-4f8b2d6a9c0e7315"));

        app.Time.Advance(VaultRefresh.Deadline);
        await app.WaitForPauseAsync();
        Assert.Equal((200, """{"status":"ready"}"""), await RawReadyAsync(app));
        var (status, report) = await app.ReadyAsync("key-1-4f8b2d6a9c0e7315");
        Assert.Equal((200, "ready"), (status, report.GetProperty("status").GetString()));
        Assert.Equal(
            "access: the keys are not current, last loaded 00:05:30 ago: neither the key vault nor this app's identity answered in time",
            report.GetProperty("warnings")[0].GetString());

        // It lasts too long: nobody is let in, and only who had a key learns why.
        app.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(503, await app.StatusAsync("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal((503, """{"status":"unavailable"}"""), await RawReadyAsync(app));
        Assert.Equal((503, """{"status":"unavailable"}"""), (await app.ReadyAsync("key-2-4f8b2d6a9c0e7315")) is var (other, text) ? (other, text.GetRawText()) : default);
        (status, report) = await app.ReadyAsync("key-1-4f8b2d6a9c0e7315");
        Assert.Equal(503, status);
        Assert.Contains("older than Access:KeyVault:LongestOutage", report.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_ThousandBadKeys_CauseOneRefresh()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();

        var statuses = new List<int>();
        foreach (var batch in Enumerable.Range(0, 1000).Chunk(50))
        {
            statuses.AddRange(await Task.WhenAll(batch.Select(number => app.StatusAsync($"bad-{number}"))));
        }

        Assert.All(statuses, status => Assert.Equal(401, status));
        Assert.Equal(2, vault.Lists);
    }

    [Fact]
    public async Task Start_WithAVault_NeverLogsAKeyOrWhatTheVaultSaid()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();
        await app.StatusAsync("key-1-4f8b2d6a9c0e7315");
        vault.Failure = ForbidAsync;
        await app.StatusAsync("bad-key");

        var log = string.Join('\n', app.Log.GetSnapshot().Select(record => $"{record.Message} {record.Exception}"));

        Assert.Contains("secret chat-completions-api-key", log, StringComparison.Ordinal);
        Assert.Contains(KeyDigest.Of("key-1-4f8b2d6a9c0e7315").Name, log, StringComparison.Ordinal);
        Assert.DoesNotContain("key-1-4f8b2d6a9c0e7315", log, StringComparison.Ordinal);
        Assert.DoesNotContain("bad-key", log, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", log, StringComparison.Ordinal);
        Assert.DoesNotContain(StandInVault.Token, log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:KeyVault:Uri", "http://stand-in.vault.azure.net/", "Access:KeyVault:Uri: expected an https URI")]
    [InlineData("Access:KeyVault:Uri", "https://stand-in.vault.azure.net/secrets/key", "Access:KeyVault:Uri: expected an https URI without a path")]
    [InlineData("Access:KeyVault:Uri", "stand-in", "Access:KeyVault:Uri: expected an https URI")]
    [InlineData("Access:KeyVault:SecretName", "not a name", "Access:KeyVault:SecretName: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Access:KeyVault:RefreshInterval", "00:00:01", "RefreshInterval")]
    [InlineData("Access:KeyVault:ClientId", "my-identity", "Access:KeyVault:ClientId: expected a client id, which is a GUID.")]
    [InlineData("Access:KeyVault:Url", "https://stand-in.vault.azure.net/", "Access:KeyVault:Url: no such setting")]
    public async Task Start_BadSetting_FailsWithItsName(string name, string value, string failure)
    {
        await using var vault = await StandInVault.StartAsync();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => VaultApp.StartAsync(vault, new Dictionary<string, string?> { [name] = value }));

        Assert.Contains(refused.Failures, text => text.Contains(failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_OtherSecretAndInterval_AreUsed()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), new StandInVersion("other-secret", "v2", "key-2-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Access:KeyVault:SecretName"] = "other-secret",
            ["Access:KeyVault:RefreshInterval"] = "00:00:42",
        });

        await app.Time.WaitForTimerAsync(wait => wait == TimeSpan.FromSeconds(42), Cancelled);

        Assert.Equal((401, 200), (await app.StatusAsync("key-1-4f8b2d6a9c0e7315"), await app.StatusAsync("key-2-4f8b2d6a9c0e7315")));
    }

    [Fact]
    public async Task Start_SecretNamedWhileModelsAreBuilt_ComesWithTheFirstLoad()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), new StandInVersion(VaultRig.UpstreamSecret, "v1", "upstream"));
        VaultSecret? secret = null;
        await using var app = await VaultApp.StartAsync(
            vault,
            new Dictionary<string, string?> { ["Models:0:Responder"] = "mine" },
            services => services.AddResponder("mine", provider =>
            {
                secret = provider.GetRequiredService<VaultLoads>().Track(VaultRig.UpstreamSecret);
                return new SimulatedChatClient(new SimulatedOptions(), TimeProvider.System);
            }));

        await app.WaitForPauseAsync();

        Assert.Equal("upstream", secret?.Value);
    }

    private static async Task<(int Status, string Report)> RawReadyAsync(VaultApp app)
    {
        var (status, report) = await app.ReadyAsync();
        return (status, report.GetRawText());
    }

    private static async Task<bool> ForbidAsync(HttpContext context)
    {
        await StandInVault.ErrorAsync(context, 403, "Forbidden", "ForbiddenByRbac");
        return true;
    }

    private static async Task<bool> HangAsync(HttpContext context)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        return true;
    }

    private static StandInVersion Version(string id, string value) => new(VaultRig.Secret, id, value);
}
