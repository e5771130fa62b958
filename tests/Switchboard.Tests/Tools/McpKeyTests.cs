using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Tools;

namespace Switchboard.Tests.Tools;

/// <summary>The key of an MCP server from Key Vault.</summary>
public sealed class McpKeyTests
{
    private const string Secret = "mcp-key";

    private static readonly TimeSpan VaultRefreshInterval = TimeSpan.FromSeconds(10);

    // The sample model calls no tools.
    private const int IdleSetting = 620;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Join_KeyInTheVault_IsSentAndFollowsItsRotation()
    {
        await using var server = await SdkMcpServer.StartAsync("weather");
        server.Key = "first-key";
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(Secret, "v1", "first-key\n"), new StandInVersion(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Access:KeyVault:RefreshInterval"] = "00:00:10",
            ["Models:0:Tools:Mcp:0:Url"] = server.Url.AbsoluteUri,
            ["Models:0:Tools:Mcp:0:ApiKeySecret"] = Secret,
        }, Verbose);
        Assert.Equal(VaultRefreshInterval, await app.Time.WaitForTimerAsync(wait => wait == VaultRefreshInterval, Cancelled));
        // The first try may come before the vault's first load, and that is no news.
        if ((await LogAsync(app, 410, 412)).Id.Id == 412)
        {
            app.Time.Advance(McpConnection.FirstRetry);
            await LogAsync(app, 410);
        }

        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Level >= LogLevel.Warning && record.Id.Id != IdleSetting);
        Assert.All(server.Keys, key => Assert.Equal("Bearer first-key", key));
        Assert.NotEmpty(server.Keys);

        server.Key = null;
        vault.Put(new StandInVersion(Secret, "v2", "second-key"), new StandInVersion(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"));
        app.Time.Advance(VaultRefreshInterval);
        await app.Time.WaitForTimerAsync(wait => wait == VaultRefreshInterval, Cancelled);
        server.Key = "second-key";
        await app.Time.WaitForTimerAsync(wait => wait == McpConnection.RefreshInterval, Cancelled);
        app.Time.Advance(McpConnection.RefreshInterval);
        await LogAsync(app, 410, times: 2);

        Assert.Equal("Bearer second-key", server.Keys.Last());
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Message.Contains("first-key", StringComparison.Ordinal) || record.Message.Contains("second-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Join_KeyIsNotInTheVault_WarnsAtTheSecondTry()
    {
        await using var server = await SdkMcpServer.StartAsync("weather");
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Models:0:Tools:Mcp:0:Url"] = server.Url.AbsoluteUri,
            ["Models:0:Tools:Mcp:0:ApiKeySecret"] = Secret,
        }, Verbose);
        await LogAsync(app, 412);

        app.Time.Advance(McpConnection.FirstRetry);

        var warning = await LogAsync(app, 411);
        Assert.Contains("McpKeyException (the key of the server could not be read)", warning.Message, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Empty(server.Keys);
    }

    // The first try's failure is told at Debug.
    private static void Verbose(IServiceCollection services) => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug));

    private static async Task<FakeLogRecord> LogAsync(VaultApp app, int id, int other = 0, int times = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (var record in app.Log.GetLogsAsync(limit.Token))
        {
            if ((record.Id.Id == id || record.Id.Id == other) && --times == 0)
            {
                return record;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }
}
