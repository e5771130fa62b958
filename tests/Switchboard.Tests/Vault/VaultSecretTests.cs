using Switchboard.Keys;
using Switchboard.Vault;

namespace Switchboard.Tests.Vault;

public sealed class VaultSecretTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Load_SeveralVersions_GivesTheNewestThatCounts()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            Version("v1", "oldest") with { Created = now.AddDays(-9) },
            Version("v4", "disabled") with { Created = now.AddDays(-1), Enabled = false },
            Version("v5", "not yet active") with { Created = now, NotBefore = now.AddMinutes(5) },
            Version("v3", "expired") with { Created = now.AddDays(-2), Expires = now },
            Version("v2", "newest\n") with { Created = now.AddDays(-3) });
        var secret = rig.Loads.Track(VaultRig.UpstreamSecret);
        Assert.Null(secret.Value);

        await rig.StartAsync();

        Assert.Equal("newest", secret.Value);

        await rig.NextAsync(Interval);

        Assert.Equal("not yet active", secret.Value);
    }

    [Fact]
    public async Task Refresh_NothingChanged_ReadsTheValueOnce()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "upstream"));
        rig.Loads.Track(VaultRig.UpstreamSecret);
        await rig.StartAsync();

        await rig.NextAsync(Interval);

        Assert.Equal(1, rig.Vault.Reads);
    }

    [Fact]
    public void Track_SameNameTwice_IsOneSecret()
    {
        var secrets = new VaultLoads(TimeProvider.System);

        // Names of secrets are not case-sensitive in a key vault.
        Assert.Same(secrets.Track("upstream-key"), secrets.Track("Upstream-Key"));
        Assert.Single(secrets.Secrets);

        // Two have asked for it.
        secrets.Remove("UPSTREAM-KEY");
        Assert.Single(secrets.Secrets);
        secrets.Remove("upstream-key");
        Assert.Empty(secrets.Secrets);
    }

    [Fact]
    public async Task Refresh_SecretFails_KeepsItsLastValueAndLeavesTheKeysAlone()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "upstream"), new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));
        var secret = rig.Loads.Track(VaultRig.UpstreamSecret);
        await rig.StartAsync();
        rig.Vault.Put(Version("v2", "newer"), new StandInVersion(VaultRig.Secret, "v2", "key-2-4f8b2d6a9c0e7315"));
        rig.Vault.Failure = async context =>
        {
            if (context.Request.Path.Value!.Contains(VaultRig.UpstreamSecret, StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 403, "Forbidden", "ForbiddenByRbac");
                return true;
            }

            return false;
        };

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.NextAsync(Interval));

        Assert.Equal("upstream", secret.Value);
        Assert.Equal((KeyCheck.Rejected, KeyCheck.Accepted), (rig.CheckOf("key-1-4f8b2d6a9c0e7315"), rig.CheckOf("key-2-4f8b2d6a9c0e7315")));
        Assert.Null(rig.Health.Reason());
        var warning = Assert.Single(rig.Health.Warnings());
        Assert.StartsWith("access: the key for an upstream or MCP server is not current, last loaded 00:05:00 ago: the key vault answered 403", warning, StringComparison.Ordinal);

        rig.Vault.Failure = null;
        await rig.NextAsync(VaultRefresh.EarlyInterval);
        Assert.Equal("newer", secret.Value);
    }

    [Theory]
    [InlineData("{\n  \"key\": \"sk-8Q2v7LxTfW3s\"\n}")]
    [InlineData("schlüssel")]
    public async Task Refresh_ValueThatNoHeaderCarries_KeepsTheLastOneAndWarns(string value)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "sk-short"), new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));
        var secret = rig.Loads.Track(VaultRig.UpstreamSecret);
        await rig.StartAsync();
        rig.Vault.Put(
            Version("v1", "sk-short"),
            Version("v2", value) with { Created = rig.Time.GetUtcNow().AddDays(1) },
            new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));

        await rig.NextAsync(Interval);

        Assert.Equal("sk-short", secret.Value);
        Assert.Contains("cannot be sent as a key: it has line breaks", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
        Assert.DoesNotContain("8Q2v7LxTfW3s", rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NoVersionLeft_HasNoValueAndWarns()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "upstream"), new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));
        var secret = rig.Loads.Track(VaultRig.UpstreamSecret);
        await rig.StartAsync();
        rig.Vault.Put(Version("v1", "upstream") with { Enabled = false }, new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));

        await rig.NextAsync(Interval);

        Assert.Null(secret.Value);
        Assert.Contains("no enabled, active, unexpired version of the key for an upstream or MCP server", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
        Assert.DoesNotContain("upstream\n", rig.LogText, StringComparison.Ordinal);
    }

    private static StandInVersion Version(string id, string value) => new(VaultRig.UpstreamSecret, id, value);
}
