using Switchboard.Access;

namespace Switchboard.Tests.Access;

public sealed class VaultKeysTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Load_VersionsOfEveryKind_AcceptsEnabledActiveUnexpiredOnly()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            Version("v1", "key-1"),
            Version("v2", "key-2"),
            Version("v3", "key-disabled") with { Enabled = false },
            Version("v4", "key-expired") with { Expires = now.AddSeconds(-1) },
            Version("v5", "key-later") with { NotBefore = now.AddMinutes(1) });

        Assert.Equal(Interval, await rig.StartAsync());

        Assert.Equal(KeyCheck.Accepted, rig.Says("key-1"));
        Assert.Equal(KeyCheck.Accepted, rig.Says("key-2"));
        Assert.Equal(KeyCheck.Rejected, rig.Says("key-disabled"));
        Assert.Equal(KeyCheck.Rejected, rig.Says("key-expired"));
        Assert.Equal(KeyCheck.Rejected, rig.Says("key-later"));
        Assert.Equal(3, rig.Vault.Reads);
    }

    [Fact]
    public async Task Load_ListOfSeveralPages_ReadsThemAll()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.PageSize = 2;
        rig.Vault.Put([.. Enumerable.Range(1, 5).Select(number => Version($"v{number}", $"key-{number}"))]);

        await rig.StartAsync();

        Assert.All(Enumerable.Range(1, 5), number => Assert.Equal(KeyCheck.Accepted, rig.Says($"key-{number}")));
        Assert.Equal(2, rig.Vault.Requests.Count(request => request.Contains("skip=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("key-1\nkey-2")]
    [InlineData("key-1\r\nkey-2\r\n")]
    [InlineData("\n  key-1\t\r\n\r\n key-2  ")]
    public async Task Load_SeveralKeysInOneValue_AcceptsEach(string value)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", value));

        await rig.StartAsync();

        Assert.Equal(KeyCheck.Accepted, rig.Says("key-1"));
        Assert.Equal(KeyCheck.Accepted, rig.Says("key-2"));
        Assert.Equal(KeyCheck.Rejected, rig.Says(""));
        Assert.Equal(KeyCheck.Rejected, rig.Says(value));
    }

    [Fact]
    public async Task Load_LineThatCannotBeAKey_DoesNotCountAndIsReportedWithoutItsText()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "# the old one\nkey-1\nschlüssel"));

        await rig.StartAsync();

        Assert.Equal(KeyCheck.Accepted, rig.Says("key-1"));
        Assert.Equal(KeyCheck.Rejected, rig.Says("# the old one"));
        Assert.Equal(KeyCheck.Rejected, rig.Says("schlüssel"));
        Assert.Contains("version v1: 2 lines are not keys", rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("old one", rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NothingChanged_ReadsNoValueAgain()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1"), Version("v2", "key-2"));
        await rig.StartAsync();

        await rig.NextAsync(Interval);

        Assert.Equal(2, rig.Vault.Lists);
        Assert.Equal(2, rig.Vault.Reads);
    }

    [Fact]
    public async Task Refresh_KeyAddedAndKeyDisabled_ChangesTheRingAndLogsDigestsOnly()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1"));
        await rig.StartAsync();

        rig.Vault.Put(Version("v1", "key-1") with { Enabled = false }, Version("v2", "key-2"));
        await rig.NextAsync(Interval);

        Assert.Equal(KeyCheck.Rejected, rig.Says("key-1"));
        Assert.Equal(KeyCheck.Accepted, rig.Says("key-2"));
        Assert.Contains($"API key {KeyDigest.Of("key-1").Name} is no longer accepted", rig.LogText, StringComparison.Ordinal);
        Assert.Contains($"API key {KeyDigest.Of("key-2").Name} is accepted from now on", rig.LogText, StringComparison.Ordinal);
        Assert.Equal(8, KeyDigest.Of("key-2").Name.Length);
        Assert.DoesNotContain("key-1", rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("key-2", rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BetweenRefreshes_HonoursNotBeforeAndExpiry()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            Version("v1", "key-ending") with { Expires = now.AddMinutes(1) },
            Version("v2", "key-coming") with { NotBefore = now.AddMinutes(1) });
        await rig.StartAsync();
        Assert.Equal((KeyCheck.Accepted, KeyCheck.Rejected), (rig.Says("key-ending"), rig.Says("key-coming")));

        rig.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((KeyCheck.Rejected, KeyCheck.Accepted), (rig.Says("key-ending"), rig.Says("key-coming")));
        Assert.Equal(1, rig.Vault.Lists);
    }

    [Fact]
    public async Task Load_OneVersionDenied_StillBringsTheOthers()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1"), Version("v2", "key-2"));
        rig.Vault.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/v1", StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 403, "Forbidden");
                return true;
            }

            return false;
        };

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.StartAsync());

        Assert.Equal(KeyCheck.Accepted, rig.Says("key-2"));
        Assert.Null(rig.Health.Reason());
        Assert.Contains("never loaded in full: the key vault answered 403", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NewValueCannotBeRead_StillTakesTheDisabledKeyOut()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1"), Version("v2", "key-2"));
        await rig.StartAsync();

        rig.Vault.Put(Version("v1", "key-1") with { Enabled = false }, Version("v2", "key-2"), Version("v3", "key-3"));
        rig.Vault.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/v3", StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 500, "InternalError");
                return true;
            }

            return false;
        };
        await rig.NextAsync(Interval);

        Assert.Equal(KeyCheck.Rejected, rig.Says("key-1"));
        Assert.Equal(KeyCheck.Accepted, rig.Says("key-2"));
    }

    [Theory]
    [InlineData("no versions")]
    [InlineData("all disabled")]
    [InlineData("no such secret")]
    [InlineData("a blank value")]
    public async Task Load_NoKeyThatCounts_LetsNobodyInAndSaysSo(string row)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(row switch
        {
            "all disabled" => [Version("v1", "key-1") with { Enabled = false }],
            "a blank value" => [Version("v1", " \r\n")],
            _ => [],
        });
        rig.Vault.Fault = row == "no such secret" ? NotFoundAsync : null;

        Assert.Equal(Interval, await rig.StartAsync());

        // The vault has spoken: the key is wrong, not unknown.
        Assert.Equal(KeyCheck.Rejected, rig.Says("key-1"));
        Assert.Contains("holds no key that counts", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Contains("holds no key that counts", rig.LogText, StringComparison.Ordinal);

        static async Task<bool> NotFoundAsync(Microsoft.AspNetCore.Http.HttpContext context)
        {
            await StandInVault.ErrorAsync(context, 404, "SecretNotFound");
            return true;
        }
    }

    [Fact]
    public async Task Check_KeysInConfigurationAndInTheVault_BothCount()
    {
        await using var rig = await VaultRig.CreateAsync("configured-key");
        rig.Vault.Put(Version("v1", "vault-key"));
        Assert.Equal((KeyCheck.Accepted, KeyCheck.Unavailable), (rig.Says("configured-key"), rig.Says("vault-key")));

        await rig.StartAsync();

        Assert.Equal((KeyCheck.Accepted, KeyCheck.Accepted), (rig.Says("configured-key"), rig.Says("vault-key")));
    }

    private static StandInVersion Version(string id, string value) => new(VaultRig.Secret, id, value);
}
