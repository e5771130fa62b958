using Microsoft.Extensions.Logging;

namespace Switchboard.Tests.Keys;

/// <summary>Operators' keys from the key vault.</summary>
public sealed class OperatorSecretTests(SharedAzurite azurite)
{
    private const string Secret = "operator-api-key";

    [Fact]
    public async Task Secret_IsThere_OpensTheTranscriptsAlone()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "operator-key-4f8b2d6a9c0e7315"));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 401), (await app.StatusAsync("platform-key-4f8b2d6a9c0e7315"), await app.StatusAsync("operator-key-4f8b2d6a9c0e7315")));
        Assert.Equal((401, 200), (await app.GetStatusAsync("/calls", "platform-key-4f8b2d6a9c0e7315"), await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315")));
    }

    [Fact]
    public async Task Secret_HoldsThePlatformsKeyToo_DoesNotOpenTheTranscriptsToIt()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "platform-key-4f8b2d6a9c0e7315\noperator-key-4f8b2d6a9c0e7315"));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 401), (await app.StatusAsync("platform-key-4f8b2d6a9c0e7315"), await app.GetStatusAsync("/calls", "platform-key-4f8b2d6a9c0e7315")));
        Assert.Equal(200, await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315"));
    }

    [Fact]
    public async Task Secret_IsMissing_StopsNothing()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"));
        await using var app = await StartAsync(vault);

        Assert.Equal((200, "ready"), (await app.ReadyAsync()) is var (status, report) ? (status, report.GetProperty("status").GetString()) : default);
        Assert.Equal((200, 401), (await app.StatusAsync("platform-key-4f8b2d6a9c0e7315"), await app.GetStatusAsync("/calls", "any-key")));
        // But for the one of the refusal.
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Level >= LogLevel.Warning && record.Id.Id != 320);
    }

    [Fact]
    public async Task Secret_MayNotBeRead_LeavesThePlatformAlone()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "operator-key-4f8b2d6a9c0e7315"));
        vault.Failure = async context =>
        {
            var isOperators = context.Request.Path.Value!.Contains(Secret, StringComparison.Ordinal);
            if (isOperators)
            {
                await StandInVault.ErrorAsync(context, 403, "Forbidden");
            }

            return isOperators;
        };
        await using var app = await StartAsync(vault);

        Assert.Equal((200, 200), ((await app.ReadyAsync()).Status, await app.StatusAsync("platform-key-4f8b2d6a9c0e7315")));
        Assert.Equal(503, await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315"));
        Assert.Contains(app.Log.GetSnapshot(), record => record.Id.Id == 307 && record.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secret_Rotated_IsFollowed()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "operator-key-4f8b2d6a9c0e7315"));
        await using var app = await StartAsync(vault);
        Assert.Equal(200, await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315"));

        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "operator-key-4f8b2d6a9c0e7315") { Enabled = false }, new(Secret, "v2", "operator-key-2-4f8b2d6a9c0e7315"));
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.WaitForPauseAsync();

        Assert.Equal((401, 200), (await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315"), await app.GetStatusAsync("/calls", "operator-key-2-4f8b2d6a9c0e7315")));
    }

    [Fact]
    public async Task Secret_NoTranscriptsKept_IsNotRead()
    {
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new(VaultRig.Secret, "v1", "platform-key-4f8b2d6a9c0e7315"), new(Secret, "v1", "operator-key-4f8b2d6a9c0e7315"));
        await using var app = await VaultApp.StartAsync(vault);
        await app.WaitForPauseAsync();

        Assert.Equal(404, await app.GetStatusAsync("/calls", "operator-key-4f8b2d6a9c0e7315"));
        Assert.DoesNotContain(vault.Requests, request => request.Contains(Secret, StringComparison.Ordinal));
    }

    private async Task<VaultApp> StartAsync(StandInVault vault)
    {
        var app = await VaultApp.StartAsync(vault, new Dictionary<string, string?>
        {
            ["Transcripts:ConnectionString"] = (await azurite.GetAsync()).ConnectionString,
            ["Transcripts:TablePrefix"] = SharedAzurite.NewPrefix(),
        });
        await app.WaitForPauseAsync();
        return app;
    }
}
